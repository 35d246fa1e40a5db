import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../database/transaction.js';
import { formatBrief } from '../format/formatBrief.js';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import { analysisRows, numeric, numericOrNull } from './analysisRows.js';
import type { Recommendation } from './unpursuedOpportunities.js';

const ventureRow = z.object({
  id: z.string(),
  name: z.string(),
  is_silent: z.boolean(),
  hours: numericOrNull,
  hours_before: numericOrNull,
  available_hours: numericOrNull,
});
const monthRow = z.object({ id: z.string(), month: z.string(), hours: numeric });
const recordedRow = z.object({ month: z.string(), ratio: numeric });

/** Coordination of one venture; hours of the trailing 30 days unless said otherwise. */
export interface VentureOverhead {
  readonly id: string;
  /** From a row: hostile until it is escaped for where it goes. */
  readonly name: string;
  /** Active, and it reports no usage of any type: what it spends is not known. */
  readonly isSilent: boolean;
  readonly hours: number | null;
  /** In the 30 days before them. */
  readonly hoursBefore: number | null;
  /** null where one of the two is not known. */
  readonly change: number | null;
  /** Per 30 days, by active allocations; null: it has none in hours. */
  readonly availableHours: number | null;
  /** hours / availableHours; null where one is not known or 0. */
  readonly ratio: number | null;
  /** Of all coordination hours; null where there are none. */
  readonly share: number | null;
  /** Hours to give up for the portfolio to be at its target: its part of the whole by what it spends beyond the target itself. */
  readonly cutHours: number;
  /** In the order of OverheadByVenture.months; null: no row of coordination in that month. */
  readonly monthHours: readonly (number | null)[];
}

/** Where coordination time is spent: for alert CoordinationOverheadExceedsThreshold. */
export interface OverheadByVenture {
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly hours: number | null;
  readonly hoursBefore: number | null;
  readonly availableHours: number | null;
  /** portfolio_coordination_overhead_ratio; null without hours or availability. */
  readonly ratio: number | null;
  readonly target: number;
  /** Hours per 30 days over the target; 0 at or under it, null where the ratio is not known. */
  readonly hoursOverTarget: number | null;
  /** Or as many more hours available per 30 days, with the same coordination; 0 at or under the target, null where it is 0 or the ratio not known. */
  readonly availableHoursMissing: number | null;
  /** The five months before the running one, and that up to asOf; `YYYY-MM`. ratio: as last recorded in kpi_history, null: not recorded. */
  readonly months: readonly { readonly month: string; readonly hours: number | null; readonly ratio: number | null }[];
  /** The most hours first. */
  readonly ventures: readonly VentureOverhead[];
  readonly recommendations: readonly Recommendation[];
}

/** Coordination hours by venture and month against what is available, and what it would take to be back at the target. Throws pg errors. */
export async function overheadByVenture(client: ClientBase, input: KpiInput): Promise<OverheadByVenture> {
  return inTransaction(client, { access: 'READ ONLY', isolation: 'REPEATABLE READ' }, async () => {
    const ventures = await analysisRows(client, 'overhead_by_venture', ventureRow, input);
    const monthHours = await analysisRows(client, 'overhead_by_month', monthRow, input);
    const recorded = await analysisRows(client, 'overhead_recorded', recordedRow, input);
    return analyse(input, ventures, monthHours, recorded);
  });
}

function analyse(
  { asOf, thresholds: { coordination_overhead_target: target } }: KpiInput,
  rows: readonly z.output<typeof ventureRow>[],
  monthRows: readonly z.output<typeof monthRow>[],
  recorded: readonly z.output<typeof recordedRow>[],
): OverheadByVenture {
  const months = sixMonths(asOf);
  const hours = add(rows.map((row) => row.hours));
  const availableHours = add(rows.map((row) => row.available_hours));
  const ratio = divide(hours, availableHours);
  const over = ratio === null ? null : Math.max(0, (hours ?? 0) - target * (availableHours ?? 0));
  const excessOf = (row: (typeof rows)[number]) => Math.max(0, (row.hours ?? 0) - target * (row.available_hours ?? 0));
  const excess = rows.reduce((sum, row) => sum + excessOf(row), 0);
  const ventures = rows
    .map((row): VentureOverhead => ({
      id: row.id,
      name: row.name,
      isSilent: row.is_silent,
      hours: row.hours,
      hoursBefore: row.hours_before,
      change: row.hours === null || row.hours_before === null ? null : row.hours - row.hours_before,
      availableHours: row.available_hours,
      ratio: divide(row.hours, row.available_hours),
      share: divide(row.hours, hours),
      // What the portfolio is over is never more than what the ventures over the target are together.
      cutHours: over === null || excess === 0 ? 0 : (over * excessOf(row)) / excess,
      monthHours: months.map(
        (month) => monthRows.find((one) => one.id === row.id && one.month === month)?.hours ?? null,
      ),
    }))
    .toSorted((a, b) => (b.hours ?? -1) - (a.hours ?? -1) || (a.id < b.id ? -1 : 1));
  const analysis = {
    asOf,
    hours,
    hoursBefore: add(rows.map((row) => row.hours_before)),
    availableHours,
    ratio,
    target,
    hoursOverTarget: over,
    availableHoursMissing:
      over === 0 ? 0 : ratio === null || target === 0 ? null : (hours ?? 0) / target - (availableHours ?? 0),
    months: months.map((month) => ({
      month,
      hours: add(monthRows.filter((one) => one.month === month).map((one) => one.hours)),
      ratio: recorded.find((one) => one.month === month)?.ratio ?? null,
    })),
    ventures,
  };
  return { ...analysis, recommendations: recommend(analysis) };
}

function recommend({
  ventures,
  hoursOverTarget,
  target,
  ratio,
}: Omit<OverheadByVenture, 'recommendations'>): Recommendation[] {
  const say = (rule: string, members: readonly VentureOverhead[], text: () => string): Recommendation[] =>
    members.length === 0 ? [] : [{ rule, text: text(), ids: members.map(({ id }) => id) }];
  const hours = (number: number) => formatBrief(number * 3600, 'seconds');
  const isOver = (hoursOverTarget ?? 0) > 0;
  const cut = ventures.filter(({ cutHours }) => cutHours > 0).toSorted((a, b) => b.cutHours - a.cutHours);
  const rising = ventures
    .filter(({ change }) => isOver && (change ?? 0) > 0)
    .toSorted((a, b) => (b.change ?? 0) - (a.change ?? 0))
    .slice(0, 3);
  const unallocated = ventures.filter((one) => (one.hours ?? 0) > 0 && (one.availableHours ?? 0) === 0);
  const silent = ventures.filter(({ isSilent }) => isSilent);
  return [
    ...say(
      'cut_over_target',
      cut,
      () =>
        `Spend ${hours(hoursOverTarget ?? 0)} less on coordination in 30 days to be at ${formatBrief(target, 'ratio', ratio)}: ` +
        `${cut.map((one) => `${one.name} ${hours(one.cutHours)}`).join(', ')}.`,
    ),
    ...say(
      'look_at_rising',
      rising,
      () =>
        `Coordination grew most against the 30 days before: ${rising.map((one) => `${one.name} +${hours(one.change ?? 0)}`).join(', ')}.`,
    ),
    ...say(
      'allocate',
      unallocated,
      () =>
        `No hours are allocated to ${unallocated.map(({ name }) => name).join(', ')}, and they coordinate: record what is available to them.`,
    ),
    ...say(
      'ask_silent',
      silent,
      () =>
        `No usage is reported by ${silent.map(({ name }) => name).join(', ')}: what they spend is not in the number.`,
    ),
  ];
}

/** The month of a day and the five before it, the oldest first, `YYYY-MM`. */
function sixMonths(day: string): string[] {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return [5, 4, 3, 2, 1, 0].map((back) => new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7));
}

function add(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((sum, number) => (number === null ? sum : (sum ?? 0) + number), null);
}

function divide(number: number | null, over: number | null): number | null {
  return number === null || over === null || over === 0 ? null : number / over;
}
