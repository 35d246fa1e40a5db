import type { MetricUnit } from './metricUnit.js';

type BriefUnit = Exclude<MetricUnit, 'timestamp_seconds'>;

const MAX_EXTRA_DIGITS = 10;

/**
 * A value in base units as it stands in a sentence: `$8.8M`, `$842K`, `105%`, `31.3%`, `140 h`, `4 min`, `3.75`. More digits
 * only where few would lie: what is not 0 never reads 0, and what differs from one of `comparedWith` never reads the same.
 */
export function formatBrief(value: number, unit: BriefUnit, ...comparedWith: readonly (number | null)[]): string {
  if (!Number.isFinite(value)) return 'not a number';
  const others = comparedWith.filter((other) => other !== null && other !== value);
  for (let extra = 0; extra <= MAX_EXTRA_DIGITS; extra += 1) {
    const text = withDigits(value, unit, extra);
    if (value !== 0 && !/[1-9]/.test(text)) continue;
    if (others.every((other) => other === null || withDigits(other, unit, extra) !== text)) return text;
  }
  // Apart only by the noise of floating point.
  return withDigits(value, unit, 0);
}

/** With its sign, for a change: `+31%`, `−$40K`, `±0%` reads `0%`. */
export function formatChange(value: number, unit: BriefUnit): string {
  return value > 0 ? `+${formatBrief(value, unit)}` : formatBrief(value, unit);
}

function withDigits(value: number, unit: BriefUnit, extra: number): string {
  switch (unit) {
    case 'ratio':
      return `${decimal(value * 100, extra)}%`;
    case 'dollars':
      return dollars(value, extra);
    case 'seconds':
      return hours(value, extra);
    case 'count':
      return decimal(value, extra);
    case 'score':
      return fixed(value, 2 + extra);
  }
}

function dollars(value: number, extra: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size < 9_999.5) {
    const digits = Number.isInteger(size) || (size >= 10 && extra === 0) ? 0 : 2 + extra;
    return `${sign}$${size.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
  }
  const text = size.toLocaleString('en-US', {
    notation: 'compact',
    maximumFractionDigits: 1 + extra,
    maximumSignificantDigits: 3 + extra,
    roundingPriority: 'lessPrecision',
  });
  return `${sign}$${text}`;
}

/** Hours are the portfolio's unit of effort and of waiting; only what is shorter is told in minutes or seconds, whole ones from 10 on. */
function hours(seconds: number, extra: number): string {
  const size = Math.abs(seconds);
  if (seconds === 0) return '0 h';
  if (size < 60) return `${fixed(seconds, (size < 9.95 ? 1 : 0) + extra)} s`;
  if (size < 3600) return `${fixed(seconds / 60, (size < 597 ? 1 : 0) + extra)} min`;
  return `${decimal(seconds / 3600, extra)} h`;
}

/** One decimal below 100, none from there on. */
function decimal(value: number, extra: number): string {
  return fixed(value, (Math.abs(value) < 99.95 ? 1 : 0) + extra);
}

function fixed(value: number, digits: number): string {
  const text = value.toLocaleString('en-US', { maximumFractionDigits: digits });
  return text === '-0' ? '0' : text.replace('-', '−');
}
