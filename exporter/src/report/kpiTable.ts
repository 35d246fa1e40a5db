import type { ThresholdName, Thresholds } from '../config/thresholdCatalogue.js';
import type { KpiDay } from './kpiDay.js';
import type { Figure, KpiLine, Target } from './report.js';

interface LineSource {
  readonly name: string;
  /** In a sentence, before its number. */
  readonly phrase: string;
  readonly current: string;
  readonly baseline?: string;
  readonly change?: string;
  readonly isReduction?: true;
  readonly targetOf?: 'change';
}

/** The lines, in the order of the report. A line whose KPI is disabled has no number. */
const LINES: readonly LineSource[] = [
  {
    name: 'Revenue a month',
    phrase: 'revenue growth',
    current: 'portfolio_revenue_dollars',
    baseline: 'portfolio_baseline_revenue_dollars',
    change: 'portfolio_revenue_improvement_ratio',
    targetOf: 'change',
  },
  {
    name: 'Burn a month',
    phrase: 'burn',
    current: 'portfolio_burn_dollars',
    baseline: 'portfolio_baseline_burn_dollars',
    change: 'portfolio_cost_reduction_ratio',
    isReduction: true,
  },
  {
    name: 'Profit a month',
    phrase: 'profit growth',
    current: 'portfolio_profit_dollars',
    baseline: 'portfolio_baseline_profit_dollars',
    change: 'portfolio_profit_improvement_ratio',
    targetOf: 'change',
  },
  {
    name: 'Users per venture',
    phrase: 'user growth',
    current: 'portfolio_users_average',
    change: 'portfolio_user_growth_ratio',
    targetOf: 'change',
  },
  {
    name: 'Duplicate effort, 30 days',
    phrase: 'the reduction of duplicate effort',
    current: 'portfolio_duplicate_effort_seconds',
    baseline: 'portfolio_duplicate_effort_baseline_seconds',
    change: 'portfolio_duplicate_effort_reduction_ratio',
    isReduction: true,
    targetOf: 'change',
  },
  {
    name: 'Duplicate budget, 30 days',
    phrase: 'the reduction of duplicate budget',
    current: 'portfolio_duplicate_budget_dollars',
    baseline: 'portfolio_duplicate_budget_baseline_dollars',
    change: 'portfolio_duplicate_budget_reduction_ratio',
    isReduction: true,
    targetOf: 'change',
  },
  {
    name: 'Synergy value per venture pair, a year',
    phrase: 'synergy value per venture pair',
    current: 'portfolio_synergy_value_per_venture_pair_dollars',
  },
  {
    name: 'Value capture events in the month',
    phrase: 'the number of value capture events',
    current: 'portfolio_synergy_capture_events_month',
  },
  {
    name: 'Synergy capture rate, 90 days',
    phrase: 'the synergy capture rate',
    current: 'portfolio_synergy_capture_ratio',
  },
  {
    name: 'Initiative success rate, 90 days',
    phrase: 'the initiative success rate',
    current: 'portfolio_initiative_success_ratio',
  },
  {
    name: 'Coordination overhead, 30 days',
    phrase: 'coordination overhead',
    current: 'portfolio_coordination_overhead_ratio',
  },
  {
    name: 'Resource utilisation, 30 days',
    phrase: 'resource utilisation',
    current: 'portfolio_resource_utilization_ratio',
  },
  {
    name: 'Conflict resolution rate, 30 days',
    phrase: 'the conflict resolution rate',
    current: 'portfolio_conflict_resolution_ratio',
  },
  {
    name: 'Conflict resolution time, 30 days',
    phrase: 'the mean time to resolution',
    current: 'portfolio_conflict_resolution_average_seconds',
  },
  { name: 'Active ventures', phrase: 'the number of active ventures', current: 'portfolio_active_ventures' },
];

/** The table of KPIs: baseline, the month before's end, current, change against the baseline, target. */
export function kpiTable(day: KpiDay, before: KpiDay, thresholds: Thresholds): KpiLine[] {
  return LINES.map(({ name, phrase, current, baseline, change, isReduction = false, targetOf }): KpiLine => ({
    name,
    phrase,
    baseline: figureOf(day, baseline),
    before: figureOf(before, current),
    current: figureOf(day, current),
    change: figureOf(day, change),
    isReduction,
    targetOf: targetOf ?? 'current',
    unit: unitOf(day, targetOf === 'change' ? change : current),
    target: targetOn(day, targetOf === 'change' ? change : current, thresholds),
  }));
}

function figureOf(day: KpiDay, metric: string | undefined): Figure | null {
  return metric === undefined ? null : day.figure(metric);
}

function unitOf(day: KpiDay, metric: string | undefined): Figure['unit'] | null {
  const unit = metric === undefined ? undefined : day.definition(metric)?.unit;
  return unit === undefined || unit === 'timestamp_seconds' ? null : unit;
}

/** null: the metric has no target, or it does not hold on the day. */
function targetOn(day: KpiDay, metric: string | undefined, thresholds: Thresholds): Target | null {
  const target = metric === undefined ? null : (day.definition(metric)?.target ?? null);
  if (metric === undefined || target === null || !holds(day, target.onlyWhen, thresholds)) return null;
  const value = thresholds[target.threshold];
  const is = day.figure(metric)?.value ?? null;
  const met = is === null ? null : target.direction === 'at_least' ? is >= value : is <= value;
  return { threshold: target.threshold, value, direction: target.direction, met };
}

function holds(
  day: KpiDay,
  onlyWhen: { readonly metric: string; readonly atLeast: ThresholdName } | null,
  thresholds: Thresholds,
): boolean {
  if (onlyWhen === null) return true;
  const is = day.figure(onlyWhen.metric)?.value ?? null;
  return is !== null && is >= thresholds[onlyWhen.atLeast];
}
