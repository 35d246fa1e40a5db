import type { Contribution, MetricExplanation, SeriesExplanation, Terms } from '../explain/explanation.js';
import { formatDay } from '../format/formatDay.js';
import { formatValue } from '../format/formatValue.js';
import { visibleText } from '../format/visibleText.js';
import { formatTable } from './formatTable.js';

const GROUP_WORDS = {
  stayed: 'on both sides',
  joined: 'joined',
  returned: 'reports again',
  left: 'left',
  silent: 'has not reported',
} as const;

/** One table a series under a line that says value and change, as a person reads it in a terminal. */
export function explanationTables(explanation: MetricExplanation): string {
  const { metric, asOf, series } = explanation;
  if (series.length === 0) return `${metric} has no sample on ${formatDay(asOf)}\n`;
  const write = writing(explanation);
  return series.map((one) => `${heading(explanation, one, write)}\n${tables(explanation, one, write)}`).join('\n');
}

/** How numbers of the metric are written, in the line and in its table alike. */
interface Writing {
  readonly value: (number: number) => string;
  /** With its sign; between two percentages lie points. */
  readonly change: (number: number) => string;
}

/** Where one amount has cents all have. */
function writing({ unit, series }: MetricExplanation): Writing {
  const numbers = series.flatMap(({ value, then, change, contributions }) => [
    ...[value, then, change],
    ...contributions.flatMap((one) => [one.amount, one.now?.numerator ?? null, one.then?.numerator ?? null]),
  ]);
  const hasCents = unit === 'dollars' && numbers.some((number) => number !== null && !Number.isInteger(number));
  const value = (number: number): string =>
    `${formatValue(number, unit)}${hasCents && Number.isInteger(number) ? '.00' : ''}`;
  return {
    value,
    change: (number) => {
      const text = `${number > 0 ? '+' : ''}${value(number)}`;
      return unit === 'ratio' ? text.replace('%', ' pp') : text;
    },
  };
}

function heading(
  { metric, unit, asOf, against }: MetricExplanation,
  { labels, value, then, change, relativeChange }: SeriesExplanation,
  write: Writing,
): string {
  const named = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
  const name = named.length === 0 ? metric : `${metric}{${visibleText(named.join(', '), 400)}}`;
  const say = (number: number | null) => (number === null ? 'no sample' : write.value(number));
  const now = `${say(value)} on ${formatDay(asOf)}`;
  if (against === null) return `${name}: ${now}\n`;
  const before = `${say(then)} on ${formatDay(against)}`;
  const percent = relativeChange === null || unit === 'ratio' ? null : formatValue(relativeChange, 'ratio');
  const relative = percent === null ? '' : `, ${(relativeChange ?? 0) > 0 ? '+' : ''}${percent}`;
  const difference = change === null ? 'nothing to compare' : `${write.change(change)}${relative}`;
  return `${name}: ${before}, ${now}: ${difference}\n`;
}

interface Column {
  readonly title: string;
  readonly of: (contribution: Contribution) => string;
}

function tables(
  explanation: MetricExplanation,
  { contributions, groups, value, then, change }: SeriesExplanation,
  write: Writing,
): string {
  const { part, against } = explanation;
  const say = against === null ? write.value : write.change;
  const amount = (number: number | null) => (number === null ? '' : say(number));
  const share = (number: number | null) =>
    number === null ? '' : formatValue(Math.round(number * 1000) / 1000, 'ratio');
  const adds = against === null ? 'adds' : 'changes it by';
  const ofWhole = against === null ? 'of the value' : 'of the change';
  const names = distinctNames(contributions);
  const columns: Column[] = [
    { title: part, of: ({ id }) => names.get(id) ?? id },
    ...(contributions.some(({ component }) => component !== null)
      ? [{ title: 'of it', of: (one: Contribution) => one.component ?? '' }]
      : []),
    ...(contributions.some(({ group }) => group !== 'stayed')
      ? [{ title: '', of: (one: Contribution) => GROUP_WORDS[one.group] }]
      : []),
    ...termColumns(explanation, write),
    { title: adds, of: (one) => amount(one.amount) },
    { title: ofWhole, of: (one) => share(one.share) },
  ];
  const total = (title: string, number: number | null) =>
    columns.map((_, index) => (index === 0 ? title : index === columns.length - 2 ? amount(number) : ''));
  const whole = against === null ? value : change;
  const rows = contributions.map((one) => columns.map(({ of }) => of(one)));
  const table = formatTable(
    columns.map(({ title }) => title),
    whole === null && then === null ? rows : [...rows, total('all', whole)],
  );
  if (groups.length < 2) return table;
  const grouped = formatTable(
    ['', `${part}s`, adds, ofWhole],
    groups.map((one) => [GROUP_WORDS[one.group], String(one.parts), amount(one.amount), share(one.share)]),
  );
  return `${table}\n${grouped}`;
}

/** Of a sum what the part was and is, in the metric's unit; of a ratio its two terms, headed by what they are. */
function termColumns({ terms, against }: MetricExplanation, write: Writing): Column[] {
  const sides = against === null ? [['now', ''] as const] : [['then', 'then '] as const, ['now', 'now '] as const];
  if (terms === null) {
    // Without a comparison it is what the part adds.
    if (against === null) return [];
    return sides.map(([side]) => ({
      title: side,
      of: (one) => termText(one[side], 'numerator', write.value),
    }));
  }
  return sides.flatMap(([side, before]) =>
    (['numerator', 'denominator'] as const).map((term) => ({
      title: `${before}${terms[term]}`,
      of: (one: Contribution) => termText(one[side], term, (number) => formatValue(number, 'count')),
    })),
  );
}

function termText(side: Terms | null, term: keyof Terms, say: (number: number) => string): string {
  const number = side?.[term] ?? null;
  return number === null ? '' : say(number);
}

/** Two ventures of one name are told apart by the beginning of their ids. */
function distinctNames(contributions: readonly Contribution[]): Map<string, string> {
  const ids = new Map<string, Set<string>>();
  for (const { id, name } of contributions) ids.set(name, (ids.get(name) ?? new Set()).add(id));
  return new Map(
    contributions.map(({ id, name }) => [
      id,
      (ids.get(name)?.size ?? 0) > 1 ? `${visibleText(name)} (${id.slice(0, 8)})` : visibleText(name),
    ]),
  );
}
