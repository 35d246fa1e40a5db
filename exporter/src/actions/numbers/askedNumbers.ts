/** A number that a venture is asked for. */
export interface AskedNumber {
  /** Its field of the form. */
  readonly key: string;
  readonly title: string;
  readonly unit: '$' | 'hours' | 'points' | 'count';
  /** In a sentence or two, for whoever has to find it. */
  readonly definition: string;
  readonly decimals: number;
  readonly most: number;
  /** Where it goes: the column of venture_metrics or venture_assessments, the type of venture_resource_usage. */
  readonly table: 'metrics' | 'usage' | 'assessments';
}

const MOST_DOLLARS = 999_999_999_999;
const MOST_HOURS = 100_000;

const duplicate = (what: string): AskedNumber => ({
  key: `duplicate_${what}`,
  title: `Duplicate ${what}`,
  unit: 'hours',
  definition: `Working time in the period on ${what} that another venture did as well. 0 where there was none.`,
  decimals: 2,
  most: MOST_HOURS,
  table: 'usage',
});

const score = (key: string, title: string, definition: string): AskedNumber => ({
  ...{ key, title, unit: 'points' as const, decimals: 2, most: 5, table: 'assessments' as const },
  definition: `${definition} 0 is worst, 5 is best.`,
});

/** In the order of the form. Source: sql/migrations/0001_baseline.sql, docs/data-flow.md. */
export const ASKED_NUMBERS: readonly AskedNumber[] = [
  {
    key: 'monthly_revenue',
    title: 'Revenue a month',
    unit: '$',
    definition: 'What the venture earned in a month, before any cost.',
    decimals: 2,
    most: MOST_DOLLARS,
    table: 'metrics',
  },
  {
    key: 'monthly_burn',
    title: 'Burn a month',
    unit: '$',
    definition:
      'Everything that the venture spent in a month, as a positive number: 58000 for $58,000 spent. Revenue is not taken off it.',
    decimals: 2,
    most: MOST_DOLLARS,
    table: 'metrics',
  },
  {
    key: 'user_count',
    title: 'Users',
    unit: 'count',
    definition: 'How many users the venture had on the last day of the period.',
    decimals: 0,
    most: 2_147_483_647,
    table: 'metrics',
  },
  {
    key: 'stage',
    title: 'Stage',
    unit: 'count',
    definition: 'Stage of the workflow on that day; coordination begins with 39.',
    decimals: 0,
    most: 1_000,
    table: 'metrics',
  },
  {
    key: 'coordination',
    title: 'Coordination',
    unit: 'hours',
    definition: 'Working time in the period on agreeing with other ventures: meetings, plans, reports.',
    decimals: 2,
    most: MOST_HOURS,
    table: 'usage',
  },
  duplicate('engineering'),
  duplicate('design'),
  duplicate('marketing'),
  score('strategic_fit', 'Strategic fit', 'How well the venture fits the portfolio.'),
  score('financial_health', 'Financial health', 'How sound its finances are.'),
  score('growth_potential', 'Growth potential', 'How far it can grow.'),
  score('resource_efficiency', 'Resource efficiency', 'What it makes of its resources.'),
];

/** By key; null: not known. As SQL writes them. */
export type Numbers = Readonly<Record<string, string | null>>;

/** As people read it: `$152,000`, `12.5 hours`. */
export function withUnit({ unit, decimals }: AskedNumber, value: string | number): string {
  // Cents are two digits or none.
  const minimumFractionDigits = unit === '$' && !Number.isInteger(Number(value)) ? 2 : 0;
  const number = Number(value).toLocaleString('en-US', { minimumFractionDigits, maximumFractionDigits: decimals });
  if (unit === '$') return `$${number}`;
  return unit === 'count' ? number : `${number} ${unit}`;
}

/** Between which a number is expected: half and one and a half of the last one; null where there is nothing to compare with. */
export function expectedRange(
  { most }: AskedNumber,
  last: string | null | undefined,
): { readonly least: number; readonly most: number } | null {
  const value = Number(last ?? 0);
  return value === 0 ? null : { least: value / 2, most: Math.min(value * 1.5, most) };
}
