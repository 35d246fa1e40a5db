import { THRESHOLD_CATALOGUE } from '../../../exporter/src/config/thresholdCatalogue.js';
import type { ThresholdName } from '../../../exporter/src/config/thresholdCatalogue.js';
import { threshold } from './promQuery.js';

/** A threshold in the unit that people read, as PromQL. */
export interface Limit {
  /** Percent, hours, dollars or a plain number. */
  readonly value: string;
  /** One series whose label `label` is the limit in words: `target ≥ 20%`. */
  readonly text: string;
}

/** What turns base units into the unit that people read, and how that is written around the number ($1 of a regular expression). */
const WRITTEN = {
  ratio: { factor: '100 * ', written: '$1%' },
  seconds: { factor: '1 / 3600 * ', written: '$1 h' },
  dollars: { factor: '', written: '$$$1' },
  count: { factor: '', written: '$1' },
  score: { factor: '', written: '$1' },
} as const;

/**
 * @param words what stands before the number: `target ≥`
 */
export function limitOf(name: ThresholdName, words: string): Limit {
  const { unit } = THRESHOLD_CATALOGUE[name];
  const { factor, written } = WRITTEN[unit];
  const value = `${factor}${threshold(name)}`;
  const text = inWords(value, `${words} ${written}`);
  return { value, text: unit === 'dollars' ? withThousands(text, words) : text };
}

/** `$50,000`, as thresholds.yaml writes it; no limit in dollars reaches a million. */
function withThousands(text: string, words: string): string {
  return `label_replace(${text}, "label", "${words} $$$1,$2", "number", "([0-9]+)([0-9]{3}([.][0-9]+)?)")`;
}

/** A number as the label of a series: PromQL has no other way to put a number into a panel's text. */
export function inWords(value: string, written: string): string {
  return `label_replace(count_values("number", round(${value}, 0.1)), "label", "${written}", "number", "(.*)")`;
}

/**
 * Two counts as the label of one series: `1 of 8 ventures has not reported`; no series where the part has none.
 * @param words what follows the numbers, for a part of one and of several
 */
export function partInWords(part: string, whole: string, words: readonly [one: string, several: string]): string {
  const both = `count_values("part", ${part}) * on () group_left (whole) count_values("whole", ${whole})`;
  const numbers = `label_join(${both}, "label", " of ", "part", "whole")`;
  const several = `label_replace(${numbers}, "label", "$1 ${words[1]}", "label", "(([2-9]|[0-9]{2,}) of .*)")`;
  return `label_replace(${several}, "label", "$1 ${words[0]}", "label", "(1 of [0-9]+)")`;
}

/** What a number says that does not follow the chooser above its page. */
export const WHOLE_PORTFOLIO = 'whole portfolio';

/** A text that says so first: `whole portfolio, target ≥ 20%`. */
export const scoped = (text: string, scope: string = WHOLE_PORTFOLIO): string =>
  `label_replace(${text}, "label", "${scope}, $1", "label", "(.*)")`;

/**
 * A duration in seconds as text, in days from two of them on: `3.2 d`, `24 h`, `5 min`.
 * @param before,after what stands around it
 */
export function durationInWords(seconds: string, before: string, after = ''): string {
  const written = (part: string, perUnit: number, unit: string): string =>
    inWords(`(${seconds} ${part}) / ${String(perUnit)}`, `${before} $1 ${unit}${after}`);
  return [written('< 3600', 60, 'min'), written('>= 3600 < 172800', 3600, 'h'), written('>= 172800', 86_400, 'd')].join(
    ' or ',
  );
}
