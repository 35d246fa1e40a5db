import type { ClientBase } from 'pg';
import { z } from 'zod';
import { formatBrief } from '../format/formatBrief.js';
import { plural } from '../format/plural.js';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import { analysisRows, numericOrNull } from './analysisRows.js';

const REASONS = [
  'rejected',
  'venture_not_active',
  'not_scored',
  'score_below_limit',
  'plan_not_approved',
  'plan_approved_not_launched',
  'planned_without_a_plan',
  'no_plan',
] as const;
/** The first of these that the rows say of an opportunity that was not launched. */
export type UnpursuedReason = (typeof REASONS)[number];

const AGES = ['0-30 days', '31-60 days', '61-89 days'] as const;

const rowSchema = z
  .object({
    id: z.string(),
    venture_1: z.string(),
    venture_2: z.string(),
    type: z.string(),
    status: z.string(),
    net_score: numericOrNull,
    age_days: z.int(),
    are_active: z.boolean(),
    plan_status: z.string().nullable(),
  })
  .transform(({ venture_1: one, venture_2: other, net_score: score, age_days: ageDays, ...row }) => ({
    ...row,
    ventures: [one, other] as const,
    score,
    ageDays,
  }));

type Row = z.output<typeof rowSchema>;

/** An opportunity that was not launched. Names come from rows: hostile until they are escaped for where they go. */
export interface UnpursuedOpportunity {
  readonly id: string;
  readonly ventures: readonly [string, string];
  /** TECHNOLOGY, CUSTOMER, TEAM, OPERATIONAL. */
  readonly type: string;
  /** IDENTIFIED, PLANNED, REJECTED. */
  readonly status: string;
  /** Value x importance / effort, 0.2 to 25; null: not scored. */
  readonly score: number | null;
  readonly ageDays: number;
  readonly reason: UnpursuedReason;
}

/** How many opportunities there are of a kind, and how many of them were launched. */
export interface OpportunityCount {
  readonly name: string;
  readonly opportunities: number;
  readonly launched: number;
}

/** What another score limit would have meant. */
export interface ScoreLimit {
  readonly score: number;
  /** Opportunities with at least this score, and the launched ones of them. */
  readonly opportunities: number;
  readonly launched: number;
  /** Those that could still be launched: identified or planned. */
  readonly open: number;
  /** The capture rate if every open one of them were launched too; null: there are no opportunities. */
  readonly rateIfLaunched: number | null;
}

/** Something to do, by a rule that is stated with it. */
export interface Recommendation {
  /** `launch_best`, ...: docs/explain.md has each rule. */
  readonly rule: string;
  /** One sentence for people; it may hold names from rows. */
  readonly text: string;
  /** The opportunities or ventures that it is about. */
  readonly ids: readonly string[];
}

/** Why opportunities were not pursued: for alert SynergyCaptureRateBelowTarget. */
export interface UnpursuedOpportunities {
  /** `YYYY-MM-DD`; the opportunities are those created in the 90 days that end with it. */
  readonly asOf: string;
  readonly opportunities: number;
  readonly launched: number;
  /** portfolio_synergy_capture_ratio; null without opportunities. */
  readonly rate: number | null;
  readonly target: number;
  /** How many more had to be launched to be at the target; 0 at or above it. */
  readonly missing: number;
  readonly byType: readonly OpportunityCount[];
  /** By the score limits of PORTFOLIO-001, and those without a score. */
  readonly byScore: readonly OpportunityCount[];
  readonly byAge: readonly OpportunityCount[];
  readonly byStatus: readonly OpportunityCount[];
  readonly byReason: readonly { readonly reason: UnpursuedReason; readonly opportunities: number }[];
  /** Every one that could still be launched, the highest score first, unscored ones last. */
  readonly best: readonly UnpursuedOpportunity[];
  readonly limits: readonly ScoreLimit[];
  readonly recommendations: readonly Recommendation[];
}

/** Reads what KPI 4 counts and says why the rest was not launched, only from what rows say. Throws pg errors. */
export async function unpursuedOpportunities(client: ClientBase, input: KpiInput): Promise<UnpursuedOpportunities> {
  return analyseOpportunities(await analysisRows(client, 'opportunities', rowSchema, input), input);
}

function analyseOpportunities(rows: readonly Row[], { asOf, thresholds }: KpiInput): UnpursuedOpportunities {
  const {
    synergy_capture_rate_target: target,
    synergy_min_score_to_trigger: low,
    high_priority_synergy_score: high,
  } = thresholds;
  const launched = rows.filter(isLaunched).length;
  const open = rows.filter(isOpen);
  const missing = Math.max(0, Math.ceil(target * rows.length - launched - 1e-9));
  const reasoned = rows
    .filter((row) => !isLaunched(row))
    .map(({ id, ventures, type, status, score, ageDays, ...rest }): UnpursuedOpportunity => {
      return { id, ventures, type, status, score, ageDays, reason: reasonOf({ status, score, ...rest }, low) };
    });
  const best = reasoned
    .filter(({ status }) => status !== 'REJECTED')
    .toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1) || b.ageDays - a.ageDays || (a.id < b.id ? -1 : 1));
  const bands = [`under ${low}`, `${low} to under ${high}`, `${high} and more`, 'not scored'] as const;
  const band = ({ score }: Row) => bands[score === null ? 3 : score >= high ? 2 : score >= low ? 1 : 0];
  const limits = [...new Set([1, 2, 3, 4, 5, 6, 8, 10, low, high])]
    .toSorted((a, b) => a - b)
    .map((score): ScoreLimit => {
      const reach = (row: Row): boolean => row.score !== null && row.score >= score;
      const openThen = open.filter(reach).length;
      return {
        score,
        opportunities: rows.filter(reach).length,
        launched: rows.filter((row) => reach(row) && isLaunched(row)).length,
        open: openThen,
        rateIfLaunched: rows.length === 0 ? null : (launched + openThen) / rows.length,
      };
    });
  const analysis = {
    asOf,
    opportunities: rows.length,
    launched,
    rate: rows.length === 0 ? null : launched / rows.length,
    target,
    missing,
    byType: count(rows, ({ type }) => type, [...new Set(rows.map(({ type }) => type))].sort()),
    byScore: count(rows, band, bands),
    byAge: count(rows, ({ ageDays }) => AGES[ageDays <= 30 ? 0 : ageDays <= 60 ? 1 : 2], AGES),
    byStatus: count(rows, ({ status }) => status, [...new Set(rows.map(({ status }) => status))].sort()),
    byReason: REASONS.map((reason) => ({
      reason,
      opportunities: reasoned.filter((one) => one.reason === reason).length,
    })).filter(({ opportunities }) => opportunities > 0),
    best,
    limits,
  };
  return { ...analysis, recommendations: recommend(analysis, low) };
}

function isLaunched({ status }: Pick<Row, 'status'>): boolean {
  return status === 'LAUNCHED';
}

function isOpen({ status }: Pick<Row, 'status'>): boolean {
  return status === 'IDENTIFIED' || status === 'PLANNED';
}

function reasonOf(
  {
    status,
    score,
    are_active: areActive,
    plan_status: plan,
  }: Pick<Row, 'status' | 'score' | 'are_active' | 'plan_status'>,
  low: number,
): UnpursuedReason {
  if (status === 'REJECTED') return 'rejected';
  if (!areActive) return 'venture_not_active';
  if (score === null) return 'not_scored';
  if (score < low) return 'score_below_limit';
  if (plan === 'APPROVED' || plan === 'OPERATIONAL') return 'plan_approved_not_launched';
  if (plan === 'DRAFT') return 'plan_not_approved';
  return status === 'PLANNED' ? 'planned_without_a_plan' : 'no_plan';
}

function count(rows: readonly Row[], nameOf: (row: Row) => string, names: readonly string[]): OpportunityCount[] {
  return names.map((name) => {
    const members = rows.filter((row) => nameOf(row) === name);
    return { name, opportunities: members.length, launched: members.filter(isLaunched).length };
  });
}

function recommend(
  { opportunities, launched, rate, target, missing, best }: Omit<UnpursuedOpportunities, 'recommendations'>,
  low: number,
): Recommendation[] {
  const say = (rule: string, members: readonly UnpursuedOpportunity[], text: string): Recommendation[] =>
    members.length === 0 ? [] : [{ rule, text, ids: members.map(({ id }) => id) }];
  const of = (reason: UnpursuedReason) => best.filter((one) => one.reason === reason);
  const able = best.filter(({ score, reason }) => reason !== 'venture_not_active' && score !== null && score >= low);
  const first = able.slice(0, missing);
  const after = opportunities === 0 ? 0 : (launched + first.length) / opportunities;
  const reached = formatBrief(after, 'ratio', rate);
  const enough =
    first.length === missing
      ? `that brings the rate to ${reached}, target ${formatBrief(target, 'ratio')}`
      : `${missing} are missing to the target of ${formatBrief(target, 'ratio')}, and this brings the rate to ${reached}`;
  const each = (reason: UnpursuedReason, rule: string, what: string): Recommendation[] =>
    say(rule, of(reason), `${plural(of(reason).length, 'open opportunity', 'open opportunities')} ${what}.`);
  return [
    ...say(
      'launch_best',
      first,
      `Launch the best ${plural(first.length, 'open opportunity', 'open opportunities')} with a score of ${low} or more: ${enough}.`,
    ),
    ...each('plan_approved_not_launched', 'launch_approved', 'with an approved plan: set the start'),
    ...each('plan_not_approved', 'approve_plans', 'with a drafted plan: decide on it'),
    ...each('not_scored', 'score', 'without a score: score, or nobody can rank'),
    ...each('score_below_limit', 'reject_low', `with a score under ${low}: score again or reject`),
    ...each(
      'venture_not_active',
      'close_inactive',
      'for a venture that is not active: reject, or name another venture',
    ),
  ];
}
