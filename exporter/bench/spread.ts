import { percentile } from './percentile.js';

/** Lowest, median and highest of the rounds, such as `1.21 (1.10 to 1.93)`, the median first. */
export function spread(values: readonly number[], write: (value: number) => string): string {
  const ends = `${write(Math.min(...values))} to ${write(Math.max(...values))}`;
  return `${write(percentile(values, 0.5))} (${ends})`;
}

/** How many times more the first took than the second, round by round. */
export function ratios(first: readonly number[], second: readonly number[]): number[] {
  return first.map((value, round) => value / (second[round] ?? Number.NaN));
}

export function times(value: number): string {
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
