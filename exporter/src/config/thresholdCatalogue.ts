import type { DurationUnit, QuantityUnit } from './quantity.js';
import { formatQuantity, parseQuantity } from './quantity.js';
import { THRESHOLD_READERS } from './thresholdReaders.js';

/** The groups of thresholds.yaml, in the order of the file. */
export const THRESHOLD_CATEGORIES = ['targets', 'alerts', 'venture_assessment', 'gates', 'recursion'] as const;
export type ThresholdCategory = (typeof THRESHOLD_CATEGORIES)[number];

/** One number that a query, rule, panel, gate or action compares with. Numbers are in base units. */
export interface ThresholdEntry {
  readonly unit: QuantityUnit;
  readonly category: ThresholdCategory;
  readonly default: number;
  /** Inclusive; 0 where the domain only asks that the number is not negative. */
  readonly min: number;
  /** Inclusive; null where the domain names no upper limit. */
  readonly max: number | null;
  readonly integer: boolean;
  /** The default as the file writes it. */
  readonly defaultText: string;
  /** The range as people read it. */
  readonly rangeText: string;
  readonly description: string;
  /** Which alerts, KPIs and panels read it, as people call them: `dashboard Synergy value ("Value per pair")`. */
  readonly readBy: readonly string[];
}

type Range = readonly [min: string, max: string] | null;
type Row = readonly [unit: QuantityUnit, default_: string, range: Range, description: string];

// unit, default, range, description. One line an entry: a table is checked by reading down its columns.
// prettier-ignore
const TARGETS = {
  portfolio_revenue_improvement_target: ['ratio', '20%', ['5%', '100%'], 'Least revenue growth over the baseline day'],
  user_growth_target: ['ratio', '15%', null, 'Least growth of average users over the baseline day'],
  profit_improvement_target: ['ratio', '25%', null, 'Least profit growth over the baseline day, where the baseline was profitable'],
  synergy_value_per_venture_pair_target: ['dollars', '$50,000', ['$0', '$500,000'], 'Least captured value per venture pair and year'],
  value_capture_events_target: ['count', '10', ['0', '1000'], 'Least value capture events a month, once enough initiatives are active'],
  value_capture_events_min_initiatives: ['count', '3', null, 'Active initiatives from which value_capture_events_target applies'],
  synergy_roi_target: ['ratio', '300%', null, 'Least captured value over implementation cost'],
  resource_efficiency_improvement_target: ['ratio', '30%', ['10%', '70%'], 'Least reduction of duplicate effort against the baseline'],
  resource_utilization_target: ['ratio', '85%', ['50%', '100%'], 'Least share of the available hours that is used'],
  conflict_resolution_rate_target: ['ratio', '80%', ['50%', '100%'], 'Least share of detected conflicts that is resolved'],
  synergy_capture_rate_target: ['ratio', '30%', ['0%', '100%'], 'Least share of opportunities that is launched'],
  coordination_overhead_target: ['ratio', '10%', ['0%', '100%'], 'Greatest share of the available hours spent on coordination'],
  conflict_resolution_time_target: ['seconds', '48h', ['1h', '720h'], 'Longest average time from detection to resolution of a conflict'],
  initiative_success_rate_target: ['ratio', '70%', ['0%', '100%'], 'Least share of completed initiatives that reached their target value'],
} as const satisfies Record<string, Row>;

// prettier-ignore
const ALERTS = {
  performance_drop_alert: ['ratio', '10%', ['1%', '50%'], 'Fall of revenue or profit against the previous month that alerts'],
  delayed_milestone_alert: ['seconds', '3d', ['1d', '14d'], 'Time past a milestone deadline after which it alerts'],
  initiative_response_deadline: ['seconds', '48h', ['12h', '168h'], 'Time the owner of a delayed initiative has to answer'],
  conflict_over_allocation_threshold: ['ratio', '100%', ['90%', '120%'], 'Allocation of one resource above which it is a conflict'],
  over_allocation_tolerance: ['ratio', '0%', ['0%', '10%'], 'Added to conflict_over_allocation_threshold'],
  conflict_resolution_timeout: ['seconds', '48h', ['12h', '168h'], 'Time an open conflict may last before it escalates'],
  urgent_conflict_threshold: ['count', '3', ['1', '5'], 'Open conflicts at once that page as urgent'],
  value_attribution_window: ['seconds', '90d', ['30d', '365d'], 'Time after its launch within which an initiative should be worth its cost'],
  chairman_response_timeout: ['seconds', '72h', ['24h', '168h'], 'Time an approval may stay unanswered before the reminder'],
  synergy_capture_rate_alert: ['ratio', '20%', ['0%', '100%'], 'Capture rate under which a month counts as a breach'],
  synergy_capture_rate_alert_months: ['count', '2', ['1', '12'], 'Consecutive months in breach that alert'],
  coordination_overhead_alert: ['ratio', '15%', ['0%', '100%'], 'Coordination overhead over which a month counts as a breach'],
  coordination_overhead_alert_months: ['count', '1', ['1', '12'], 'Consecutive months in breach that alert'],
  stalled_initiative_threshold: ['seconds', '14d', ['7d', '60d'], 'Time without an update after which an active initiative is stalled'],
  initiative_update_frequency: ['seconds', '7d', ['1d', '30d'], 'Time within which an active initiative should be updated'],
} as const satisfies Record<string, Row>;

// prettier-ignore
const VENTURE_ASSESSMENT = {
  strategic_fit_weight: ['ratio', '0.30', ['0', '1'], 'Weight of strategic fit; the four weights sum to 1'],
  financial_health_weight: ['ratio', '0.30', ['0', '1'], 'Weight of financial health; the four weights sum to 1'],
  growth_potential_weight: ['ratio', '0.25', ['0', '1'], 'Weight of growth potential; the four weights sum to 1'],
  resource_efficiency_weight: ['ratio', '0.15', ['0', '1'], 'Weight of resource efficiency; the four weights sum to 1'],
  min_viable_score: ['score', '2.5', ['1', '5'], 'Weighted score below which a venture is not viable'],
  high_priority_score: ['score', '4.0', ['3', '5'], 'Weighted score from which a venture has high priority'],
  excellent_score: ['score', '4.5', ['4', '5'], 'Weighted score from which a venture is excellent'],
  hourly_rate: ['dollars', '$75', ['$1', '$1,000'], 'Value of one saved hour; an assumption, the metrics document names no rate'],
} as const satisfies Record<string, Row>;

// prettier-ignore
const GATES = {
  min_active_ventures: ['count', '2', ['1', '100'], 'Least number of active ventures'],
  coordination_established_threshold: ['ratio', '80%', ['50%', '100%'], 'Least share of coordination plans that is operational'],
  synergies_captured_min_initiatives: ['count', '3', ['1', '10'], 'Least number of launched initiatives'],
  synergies_captured_min_value: ['dollars', '$10,000', ['$0', '$100,000'], 'Least captured value; this or synergies_captured_min_time_saved'],
  synergies_captured_min_time_saved: ['seconds', '100h', null, 'Least saved time; this or synergies_captured_min_value'],
  portfolio_optimized_min_improvement: ['ratio', '10%', ['0%', '50%'], 'Least revenue growth; this or portfolio_optimized_min_cost_reduction'],
  portfolio_optimized_min_cost_reduction: ['ratio', '10%', ['0%', '50%'], 'Least cost reduction; this or portfolio_optimized_min_improvement'],
  portfolio_optimized_min_duplicate_reduction: ['ratio', '20%', ['0%', '100%'], 'Least reduction of duplicate effort'],
} as const satisfies Record<string, Row>;

// prettier-ignore
const RECURSION = {
  synergy_min_score_to_trigger: ['score', '3.0', ['1', '25'], 'Net score (value x importance / effort) from which an opportunity is taken up'],
  high_priority_synergy_score: ['score', '4.0', ['1', '25'], 'Net score (value x importance / effort) from which the Chairman is told'],
  batch_planning_threshold: ['count', '5', ['3', '10'], 'Waiting opportunities that are planned together'],
  synergy_notification_cooldown: ['seconds', '7d', ['1d', '30d'], 'Least time between two triggers for one venture pair'],
  performance_report_delivery_day: ['count', '5', ['1', '28'], 'Day of the month of the monthly report and digest'],
  performance_review_cooldown: ['seconds', '28d', ['7d', '90d'], 'Least time between two performance reviews'],
  critical_dependencies_threshold: ['count', '2', ['1', '5'], 'Critical dependencies of a venture that trigger a review'],
  interdependency_notification_cooldown: ['seconds', '7d', ['1d', '30d'], 'Least time between two triggers for one venture'],
  recursion_accuracy_target: ['ratio', '90%', ['0%', '100%'], 'Least share of ended executions that were no false positives'],
  recursion_response_time_target: ['seconds', '24h', ['1h', '720h'], 'Longest average time until somebody acts on an execution'],
  recursion_resolution_rate_target: ['ratio', '70%', ['0%', '100%'], 'Least share of ended executions that were resolved'],
  recursion_override_rate_limit: ['ratio', '20%', ['0%', '100%'], 'Greatest share of executions in which a person decided otherwise'],
  recursion_false_positive_rate_limit: ['ratio', '10%', ['0%', '100%'], 'Greatest share of ended executions that were not actionable'],
} as const satisfies Record<string, Row>;

export type ThresholdName =
  | keyof typeof TARGETS
  | keyof typeof ALERTS
  | keyof typeof VENTURE_ASSESSMENT
  | keyof typeof GATES
  | keyof typeof RECURSION;

/** Every threshold in base units (ratio, seconds, dollars, count, score). */
export type Thresholds = Readonly<Record<ThresholdName, number>>;

function group<N extends string>(
  category: ThresholdCategory,
  rows: Readonly<Record<N, Row>>,
): Record<N, ThresholdEntry> {
  const entries = Object.entries<Row>(rows).map(
    ([name, row]) => [name, toEntry(name as ThresholdName, category, row)] as const,
  );
  return Object.fromEntries(entries) as Record<N, ThresholdEntry>;
}

function toEntry(
  name: ThresholdName,
  category: ThresholdCategory,
  [unit, defaultText, range, description]: Row,
): ThresholdEntry {
  return {
    unit,
    category,
    default: parseQuantity(defaultText, unit),
    min: range === null ? 0 : parseQuantity(range[0], unit),
    max: range === null ? null : parseQuantity(range[1], unit),
    integer: unit === 'count',
    defaultText,
    rangeText: range === null ? 'not negative' : `${range[0]} - ${range[1]}`,
    description,
    readBy: THRESHOLD_READERS[name],
  };
}

/** Every threshold that ops may edit, keyed by name, in the order of thresholds.yaml. */
export const THRESHOLD_CATALOGUE: Readonly<Record<ThresholdName, ThresholdEntry>> = {
  ...group('targets', TARGETS),
  ...group('alerts', ALERTS),
  ...group('venture_assessment', VENTURE_ASSESSMENT),
  ...group('gates', GATES),
  ...group('recursion', RECURSION),
};

/** The names in the order of thresholds.yaml. */
export const THRESHOLD_NAMES: readonly ThresholdName[] = Object.keys(THRESHOLD_CATALOGUE) as ThresholdName[];

/** Every default, in base units. */
export const DEFAULT_THRESHOLDS: Thresholds = Object.fromEntries(
  THRESHOLD_NAMES.map((name) => [name, THRESHOLD_CATALOGUE[name].default]),
) as Record<ThresholdName, number>;

/** A threshold's value as people write it, durations in the unit of the default: `48h` stays hours, `14d` days. */
export function formatThreshold(name: ThresholdName, value: number): string {
  const { unit, defaultText } = THRESHOLD_CATALOGUE[name];
  return formatQuantity(value, unit, unit === 'seconds' ? writtenUnit(defaultText) : undefined);
}

/** As thresholds.yaml writes it; what is no number, or of a name that this version does not know, as it is recorded. */
export function formatRecorded(name: string, value: string | null): string {
  const known = THRESHOLD_NAMES.find((each) => each === name);
  const number = Number(value);
  if (value === null || value.trim() === '' || known === undefined || !Number.isFinite(number))
    return value ?? '(none)';
  return formatThreshold(known, number);
}

function writtenUnit(duration: string): DurationUnit | undefined {
  return (['h', 'd'] as const).find((unit) => duration.endsWith(unit));
}
