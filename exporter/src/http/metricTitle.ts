import type { MetricUnit } from '../kpi/unit.js';

const SUFFIX: Readonly<Record<MetricUnit, string>> = {
  ratio: '_ratio',
  seconds: '_seconds',
  dollars: '_dollars',
  timestamp_seconds: '_timestamp_seconds',
  count: '',
  score: '_score',
};

/** A metric's name as a heading, without prefix and unit: `portfolio_user_growth_ratio` reads `User growth`. */
export function metricTitle(name: string, unit: MetricUnit): string {
  const suffix = SUFFIX[unit];
  const bare = name.replace(/^portfolio_/, '');
  const words = (suffix !== '' && bare.endsWith(suffix) ? bare.slice(0, -suffix.length) : bare).replaceAll('_', ' ');
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\b(roi|kpi)\b/gi, (short) => short.toUpperCase());
}
