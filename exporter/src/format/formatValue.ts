import type { MetricUnit } from './metricUnit.js';

const MAX_DIGITS = 12;

/**
 * A value in base units as people read it: `31.25%`, `$1,250,000`, `140 h`, `3.75`, `1,204`. At most two decimals, except
 * where two would lie: a value that is not 0 never reads 0, and one that differs from `comparedWith` never reads the same.
 */
export function formatValue(value: number, unit: MetricUnit, comparedWith?: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '+∞' : '−∞';
  if (unit === 'timestamp_seconds') return timestamp(value);
  for (let digits = 2; digits < MAX_DIGITS; digits += 1) {
    const text = withDigits(value, unit, digits);
    if (value !== 0 && !/[1-9]/.test(text)) continue;
    if (comparedWith !== undefined && comparedWith !== value && text === withDigits(comparedWith, unit, digits))
      continue;
    return text;
  }
  // Apart from 0 or from the target only by the noise of floating point.
  const plain = withDigits(value, unit, 2);
  return value !== 0 && !/[1-9]/.test(plain) ? `${value.toString()} ${unit}` : plain;
}

function withDigits(value: number, unit: Exclude<MetricUnit, 'timestamp_seconds'>, digits: number): string {
  switch (unit) {
    case 'ratio':
      return `${number(value * 100, digits)}%`;
    case 'dollars': {
      // Cents are two digits or none: $12.50, never $12.5.
      const minimum = Number.isInteger(value) ? 0 : 2;
      return `${value < 0 ? '−' : ''}$${number(Math.abs(value), digits, minimum)}`;
    }
    case 'seconds':
      return duration(value, digits);
    case 'count':
    case 'score':
      return number(value, digits);
  }
}

/** Hours are the portfolio's unit of effort and of waiting; only what is shorter is told in minutes or seconds. */
function duration(seconds: number, digits: number): string {
  const size = Math.abs(seconds);
  if (seconds === 0) return '0 h';
  if (size < 60) return `${number(seconds, digits)} s`;
  if (size < 3600) return `${number(seconds / 60, digits)} min`;
  return `${number(seconds / 3600, digits)} h`;
}

function number(value: number, digits: number, minimum = 0): string {
  const text = value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: minimum });
  return text === '-0' ? '0' : text.replace('-', '−');
}

function timestamp(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime())
    ? `${seconds.toString()} s`
    : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
