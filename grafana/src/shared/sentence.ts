import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { relabel } from './firing.js';
import { durationInWords } from './limit.js';
import { patterns } from './mappings.js';
import { property } from './overrides.js';
import { GREY, staleAge } from './stale.js';

/** Signs with which a sentence begins, in words and colour: read without colour as well. */
export const SIGNS = { good: '✓', bad: '!', old: '◷', unknown: '–' } as const;

/** The colours of sentences by their sign. */
export const SIGN_COLORS: DynamicConfigValue = property(
  'mappings',
  patterns(
    [`^${SIGNS.good} .*`, { color: 'green' }],
    [`^${SIGNS.bad} .*`, { color: 'red' }],
    [`^(${SIGNS.old}|${SIGNS.unknown}) .*`, { color: GREY }],
  ),
);

/** A number as a series of 1 whose label `name` is that number, to `step`. PromQL has no other way to put one into a text. */
export const number = (name: string, value: string, step: number): string =>
  `count_values("${name}", round(${value}, ${step}))`;

/** Whole dollars as people write them: `1,234,567`. */
export function dollars(name: string, value: string): string {
  const thousands = relabel(number(name, value, 1), name, '$1,$2', name, '([0-9]+)([0-9]{3})');
  return relabel(thousands, name, '$1,$2', name, '([0-9]+)([0-9]{3},.*)');
}

/** A count with what it counts: `no milestone is late`, `1 milestone is late`, `2 milestones are late`. */
export function counted(name: string, value: string, one: string, several: string): string {
  const many = relabel(number(name, value, 1), name, `$1 ${several}`, name, '([0-9]+)');
  return relabel(relabel(many, name, `1 ${one}`, name, `1 ${several}`), name, `no ${one}`, name, `0 ${several}`);
}

/**
 * A text with numbers in it, as a series of 1 whose label `sentence` it is; nothing where a number is not known.
 * @param text `{share}` stands for the number of that name, `$$` for a dollar
 * @param numbers by name, each a series of 1 with a label of that name
 */
export function sentence(text: string, numbers: Readonly<Record<string, string>>): string {
  const all = Object.entries(numbers).reduce(
    (series, [name, one]) => (series === '' ? one : `${series} * on () group_left (${name}) ${one}`),
    '',
  );
  return written(all, text, Object.keys(numbers));
}

/** The same of series that have the labels already. */
export function written(series: string, text: string, labels: readonly string[]): string {
  const template = labels.reduce((all, label, index) => all.replaceAll(`{${label}}`, `$${String(index + 1)}`), text);
  const joined = `label_join(${series}, "parts", " | ", ${labels.map((label) => `"${label}"`).join(', ')})`;
  return relabel(joined, 'sentence', template, 'parts', labels.map(() => '(.*)').join(' [|] '));
}

/** A text without a number, where `when` has an answer. */
export const plainly = (text: string, when: string): string => relabel(when, 'sentence', text, '', '');

/** Sentences as they are while their KPIs are within their service levels; beyond it with the age in place of the sign, which makes them grey. */
export function withAge(sentences: string, kpis: string): string {
  const age = relabel(durationInWords(staleAge(kpis), '', ' old'), 'age', '$1', 'label', ' (.*)');
  const dated = `(${sentences}) * on () group_left (age) (${age} or on () vector(1))`;
  return relabel(
    `label_join(${dated}, "aged", " | ", "age", "sentence")`,
    'sentence',
    `${SIGNS.old} $1: $2`,
    'aged',
    '([0-9.]+ [a-z]+ old) [|] . (.*)',
  );
}
