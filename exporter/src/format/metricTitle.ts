import type { MetricUnit } from './metricUnit.js';

// A score is what is measured; the other units can be read off the value.
const SUFFIX: Readonly<Record<MetricUnit, string>> = {
  ratio: '_ratio',
  seconds: '_seconds',
  dollars: '_dollars',
  timestamp_seconds: '_timestamp_seconds',
  count: '',
  score: '',
};

/** A metric's name as a heading, without prefix and unit: `portfolio_user_growth_ratio` reads `User growth`. */
export function metricTitle(name: string, unit: MetricUnit): string {
  const suffix = SUFFIX[unit];
  const bare = name.replace(/^portfolio_/, '');
  return nameTitle(suffix !== '' && bare.endsWith(suffix) ? bare.slice(0, -suffix.length) : bare);
}

/** A label's or metric's name as people write it: `owner_email` reads `Owner email`. */
export function nameTitle(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/\b(roi|kpi|id)\b/gi, (short) => short.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
