import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../database/transaction.js';
import type { Moment } from '../kpi/unit/moment.js';
import { analysisRows, numeric } from './analysisRows.js';
import { explainMetric } from './explainMetric.js';
import type { ExplainContext } from './explainMetric.js';
import type { Contribution, PartGroup } from './explanation.js';

/** A number on both days, in dollars a month; null: not known, or not there. */
export interface Compared {
  readonly then: number | null;
  readonly now: number | null;
  /** now - then, where a missing side counts as nothing. */
  readonly change: number;
  /** Of a venture: its change over the portfolio's; below 0 where it works against it. Of the portfolio: change / |then|. null over 0. */
  readonly ratio: number | null;
}

/** One venture's part of a change. Burn that grows is a positive change of burn and a negative one of profit. */
export interface VentureChange {
  readonly id: string;
  /** From a row: hostile until it is escaped for where it goes. */
  readonly name: string;
  readonly group: Exclude<PartGroup, 'silent'>;
  readonly revenue: Compared;
  readonly burn: Compared;
  readonly profit: Compared;
}

const changeSchema = z.object({
  kind: z.enum([
    'initiative_started',
    'initiative_completed',
    /** At its last update: no row says when. */
    'initiative_terminated',
    /** newValue: the allocation of the resource, 1 is all of it. */
    'conflict_detected',
    'conflict_resolved',
    /** Values in base units. */
    'threshold_changed',
  ]),
  at: z.date(),
  id: z.string(),
  name: z.string(),
  oldValue: z.string().nullable(),
  newValue: z.string().nullable(),
  /** Owner of the initiative, or who changed the threshold. */
  who: z.string().nullable(),
});

/** Something else that happened between the two days. */
export type OtherChange = z.output<typeof changeSchema>;

const rowSchema = z
  .object({
    kind: changeSchema.shape.kind,
    at_ms: numeric,
    id: z.string(),
    name: z.string(),
    old_value: z.string().nullable(),
    new_value: z.string().nullable(),
    who: z.string().nullable(),
  })
  .transform(({ at_ms: at, old_value: oldValue, new_value: newValue, ...row }): OtherChange => ({
    ...row,
    at: new Date(at),
    oldValue,
    newValue,
  }));

/** Why revenue or profit fell, or rose: for alert PortfolioPerformanceDegradation. */
export interface RootCause {
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly against: string;
  /**
   * Of the ventures that can be compared: who is active and silent now is on neither side. Against the previous month's end, `ratio`
   * is portfolio_revenue_month_change_ratio and portfolio_profit_month_change_ratio.
   */
  readonly revenue: Compared;
  readonly burn: Compared;
  readonly profit: Compared;
  /** The one that pulled profit down most comes first; their changes add up to those above. */
  readonly ventures: readonly VentureChange[];
  /** Active and without a number now, with what they had: nobody has seen it fall. */
  readonly silent: readonly {
    readonly id: string;
    readonly name: string;
    readonly revenue: number | null;
    readonly burn: number | null;
  }[];
  /** In the order of time. Allocations are not among them: their rows keep no dates. */
  readonly otherChanges: readonly OtherChange[];
}

/**
 * Which ventures explain how much of the change of revenue, burn and profit between two days, and what else changed between them.
 * One READ ONLY snapshot; inside `inTransaction` part of that. Throws as {@link explainMetric}.
 */
export async function rootCause(
  client: ClientBase,
  { asOf, against }: { readonly asOf: Moment; readonly against: Moment },
  context: ExplainContext,
): Promise<RootCause> {
  return inTransaction(client, { access: 'READ ONLY', isolation: 'REPEATABLE READ' }, async () => {
    const profit = await explainMetric(client, 'portfolio_profit_dollars', { asOf, against }, context);
    const otherChanges = await analysisRows(
      client,
      'changes_since',
      rowSchema,
      { ...asOf, ...context.settings },
      {
        since: { type: 'timestamptz', value: against.now.toISOString() },
      },
    );
    return { asOf: asOf.asOf, against: against.asOf, ...compare(profit.series[0]?.contributions ?? []), otherChanges };
  });
}

interface Venture {
  readonly id: string;
  readonly name: string;
  readonly group: PartGroup;
  readonly revenue: Sides;
  readonly burn: Sides;
}

interface Sides {
  readonly then: number | null;
  readonly now: number | null;
}

function compare(contributions: readonly Contribution[]): Omit<RootCause, 'asOf' | 'against' | 'otherChanges'> {
  const ventures = [...new Set(contributions.map(({ id }) => id))].map((id): Venture => {
    const own = contributions.filter((one) => one.id === id);
    const sides = (component: string, sign: 1 | -1): Sides => {
      const { now, then } = own.find((one) => one.component === component) ?? { now: null, then: null };
      const say = (number: number | null | undefined) =>
        number === null || number === undefined ? null : sign * number;
      return { now: say(now?.numerator), then: say(then?.numerator) };
    };
    // With one number of the two it has reported.
    const group = own.find((one) => one.group !== 'silent')?.group ?? 'silent';
    return { id, name: own[0]?.name ?? id, group, revenue: sides('revenue', 1), burn: sides('burn', -1) };
  });
  const compared = ventures.flatMap(({ group, ...venture }) => (group === 'silent' ? [] : [{ ...venture, group }]));
  const total = {
    revenue: addSides(compared.map(({ revenue }) => revenue)),
    burn: addSides(compared.map(({ burn }) => burn)),
    profit: addSides(compared.map(profitOf)),
  };
  return {
    revenue: withRatio(total.revenue, Math.abs(total.revenue.then ?? 0)),
    burn: withRatio(total.burn, Math.abs(total.burn.then ?? 0)),
    profit: withRatio(total.profit, Math.abs(total.profit.then ?? 0)),
    ventures: compared
      .map((venture): VentureChange => ({
        ...venture,
        revenue: withRatio(venture.revenue, changeOf(total.revenue)),
        burn: withRatio(venture.burn, changeOf(total.burn)),
        profit: withRatio(profitOf(venture), changeOf(total.profit)),
      }))
      .toSorted((a, b) => a.profit.change - b.profit.change || (a.id < b.id ? -1 : 1)),
    silent: ventures
      .filter(({ group, revenue, burn }) => group === 'silent' && (revenue.then !== null || burn.then !== null))
      .map(({ id, name, revenue, burn }) => ({ id, name, revenue: revenue.then, burn: burn.then })),
  };
}

function profitOf({ revenue, burn }: Pick<Venture, 'revenue' | 'burn'>): Sides {
  const less = (a: number | null, b: number | null) => (a === null && b === null ? null : (a ?? 0) - (b ?? 0));
  return { then: less(revenue.then, burn.then), now: less(revenue.now, burn.now) };
}

function addSides(all: readonly Sides[]): Sides {
  const add = (numbers: readonly (number | null)[]) =>
    numbers.reduce((sum, number) => (number === null ? sum : (sum ?? 0) + number), null);
  return { then: add(all.map(({ then }) => then)), now: add(all.map(({ now }) => now)) };
}

function changeOf({ now, then }: Sides): number {
  return (now ?? 0) - (then ?? 0);
}

function withRatio(sides: Sides, over: number): Compared {
  const change = changeOf(sides);
  return { ...sides, change, ratio: over === 0 ? null : change / over };
}
