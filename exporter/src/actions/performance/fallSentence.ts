import type { Compared, RootCause } from '../../explain/rootCause.js';
import { formatBrief } from '../../format/formatBrief.js';
import { formatDay } from '../../format/formatDay.js';
import { wordList } from '../../format/plural.js';
import { line } from '../mail/line.js';

export type Measure = 'revenue' | 'profit';

/** What happened, in one sentence: `Revenue fell by 12.4% since 31 Oct, from $961K to $842K a month; Harbour explains 71% of it`, without a full stop */
export function fallSentence(measure: Measure, cause: RootCause): string {
  const whole = cause[measure];
  const name = measure === 'revenue' ? 'Revenue' : 'Profit';
  const since = `since ${formatDay(cause.against, cause.asOf)}`;
  if (whole.then === null || whole.now === null)
    return `The fall of ${measure} cannot be explained: ${missing(measure, cause)}`;
  const from = `from ${formatBrief(whole.then, 'dollars', whole.now)} to ${formatBrief(whole.now, 'dollars', whole.then)} a month`;
  if (whole.change >= 0) return `${name} is not below ${formatDay(cause.against, cause.asOf)} any more: ${from}`;
  const first = mostOf(measure, cause)[0];
  const share = first?.[measure].ratio ?? null;
  const explains =
    first === undefined || share === null || share <= 0
      ? ''
      : `; ${line(first.name, 60)} explains ${formatBrief(share, 'ratio')} of it`;
  return `${name} fell by ${amount(whole)} ${since}, ${from}${explains}`;
}

/** Whether there is a number on both days, so that the fall can be explained. */
export function isExplained(measure: Measure, cause: RootCause): boolean {
  return cause[measure].then !== null && cause[measure].now !== null;
}

function missing(measure: Measure, cause: RootCause): string {
  const { then, now } = cause[measure];
  // Who had a number then and has none now is on neither side.
  const hadOne = now === null && cause.silent.some((one) => one.revenue !== null || one.burn !== null);
  const days = [...(then === null && !hadOne ? [cause.against] : []), ...(now === null ? [cause.asOf] : [])].map(
    (day) => formatDay(day, cause.asOf),
  );
  return `no venture that can be compared has a number for ${wordList(days)}`;
}

/** Ventures that moved the measure, what pulled it down most first. */
export function mostOf(measure: Measure, { ventures }: RootCause): RootCause['ventures'] {
  return ventures
    .filter((venture) => venture[measure].change !== 0)
    .toSorted((a, b) => a[measure].change - b[measure].change);
}

function amount({ change, ratio }: Compared): string {
  return ratio === null ? formatBrief(-change, 'dollars') : formatBrief(-ratio, 'ratio');
}
