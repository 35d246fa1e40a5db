import type { MetricExplanation } from '../explain/explanation.js';

/**
 * One line a part, by RFC 4180, numbers in base units as they are. Text that a spreadsheet would take for a formula begins with an
 * apostrophe: names come from rows.
 */
export function explanationCsv({ metric, asOf, against, series }: MetricExplanation): string {
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))];
  const header = [
    'metric',
    'as_of',
    'against',
    ...names,
    'part_id',
    'part',
    'component',
    'group',
    'numerator',
    'denominator',
    'numerator_then',
    'denominator_then',
    'amount',
    'share',
  ];
  const rows = series.flatMap(({ labels, contributions }) =>
    contributions.map(({ id, name, component, group, now, then, amount, share }) => [
      metric,
      asOf,
      against,
      ...names.map((label) => labels[label] ?? null),
      id,
      name,
      component,
      group,
      now?.numerator ?? null,
      now?.denominator ?? null,
      then?.numerator ?? null,
      then?.denominator ?? null,
      amount,
      share,
    ]),
  );
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
