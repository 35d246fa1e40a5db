import { formatAge } from './formatAge.js';
import { formatBrief } from './formatBrief.js';
import { formatValue } from './formatValue.js';
import type { MetricUnit, ShownAs } from './metricUnit.js';

/** How a metric's numbers are written. */
export interface Shown {
  readonly unit: MetricUnit;
  readonly shownAs: ShownAs | null;
}

/** A value as it stands in a table: `31.25%`, `$1,250,000`, `6 d 8 h`, `140 h` of work, `yes`. As precise as formatValue. */
export function formatMetric(value: number, { unit, shownAs }: Shown, comparedWith?: number): string {
  if (shownAs === 'yes_no' && (value === 0 || value === 1)) return value === 1 ? 'yes' : 'no';
  return isElapsed({ unit, shownAs }) && Number.isFinite(value)
    ? elapsed(value, comparedWith)
    : formatValue(value, unit, comparedWith);
}

/** The same as it stands in a line: `31.3%`, `$1.3M`. */
export function formatMetricBrief(value: number, shown: Shown, comparedWith?: number): string {
  const { unit, shownAs } = shown;
  if (unit === 'timestamp_seconds' || shownAs === 'yes_no' || isElapsed(shown))
    return formatMetric(value, shown, comparedWith);
  return formatBrief(value, unit, comparedWith ?? null);
}

/** How a value has moved: `+0.4 pp` (points of a percentage), `−$40K`, `+3 h 20 min`, `no change`. */
export function formatMove(from: number, to: number, shown: Shown): string {
  const size = Math.abs(to - from);
  // What is less is the noise of floating point.
  if (size <= 1e-9 * Math.max(Math.abs(from), Math.abs(to))) return 'no change';
  const text = shown.unit === 'ratio' ? `${formatBrief(size * 100, 'count')} pp` : formatMetricBrief(size, shown);
  return `${to > from ? '+' : '−'}${text}`;
}

function isElapsed({ unit, shownAs }: Shown): boolean {
  return unit === 'seconds' && shownAs !== 'working_time';
}

function elapsed(seconds: number, comparedWith?: number): string {
  const text = span(seconds);
  const isSame = comparedWith !== undefined && comparedWith !== seconds && span(comparedWith) === text;
  return isSame ? formatValue(seconds, 'seconds', comparedWith) : text;
}

function span(seconds: number): string {
  const size = Math.abs(seconds);
  return size < 60 ? formatBrief(seconds, 'seconds') : `${seconds < 0 ? '−' : ''}${formatAge(size)}`;
}
