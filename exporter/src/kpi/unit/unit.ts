import type { Schedule } from '../../config/exporterConfig.js';
import type { ThresholdName } from '../../config/thresholdCatalogue.js';
import type { MetricUnit, ShownAs } from '../../format/metricUnit.js';
import { ExplainedError } from '../../yaml/explainedError.js';

export type AsOf = 'exact' | 'current_state';

export interface MetricTarget {
  readonly threshold: ThresholdName;
  /** at_least: higher is better; at_most: lower is better. */
  readonly direction: 'at_least' | 'at_most';
  /** The target holds only while another metric of the unit, without labels, is at least a threshold; null: always. */
  readonly onlyWhen: { readonly metric: string; readonly atLeast: ThresholdName } | null;
}

export interface MetricDefinition {
  /** Prometheus metric name, which is also the column's name in the SQL. */
  readonly name: string;
  readonly help: string;
  readonly unit: MetricUnit;
  /** Names of the label columns, in the order of exposition. */
  readonly labels: readonly string[];
  /** Whether each day's last value is kept in kpi_history. */
  readonly history: boolean;
  readonly target: MetricTarget | null;
  /** How people read it where its unit leaves that open: working hours rather than days and hours, yes or no rather than 1 or 0. */
  readonly shownAs: ShownAs | null;
  /** exact: a past day can be computed again; current_state: some of its rows keep no history, a past day is approximate. */
  readonly asOf: AsOf;
}

/** How fresh the rows behind a KPI are: the newest day of a daily table, or the heartbeats of event writers. */
export type Freshness =
  | {
      readonly kind: 'day';
      readonly table: string;
      readonly column: string;
      /** The column that names the row's venture, whose cadence says how long its newest day is fresh. */
      readonly venture?: string;
    }
  | { readonly kind: 'heartbeat'; readonly sources: readonly string[] };

/** A KPI as loaded from `<name>.yaml` and `<name>.sql`, with the overrides of exporter.yaml applied. */
export interface KpiUnit {
  /** The file stem. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly owner: string;
  readonly schedule: Schedule;
  readonly onChange: readonly string[];
  readonly timeoutMs: number;
  readonly acceptableLagSeconds: number;
  readonly alertWhenLate: boolean;
  readonly maxSeries: number;
  /** Place on the status page, the lowest first; null: after those that have one, by name. */
  readonly position: number | null;
  /** label_value_length_limit of exporter.yaml. */
  readonly maxLabelBytes: number;
  readonly freshness: Freshness | null;
  readonly metrics: readonly MetricDefinition[];
  readonly sqlFile: string;
  /** The text of that file. */
  readonly sqlText: string;
  /** The query with `:name` parameters replaced by numbered, typed ones ($1::date). */
  readonly sql: string;
  /** Parameter names in the order of $1, $2, ...: as_of, now, time_zone, carry_forward_days or a threshold's name. */
  readonly parameters: readonly string[];
}

/** One sample of one metric. */
export interface Sample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What one successful run of a KPI's SQL yields. */
export interface KpiResult {
  readonly samples: readonly Sample[];
  /** Unix seconds; null where the unit has no freshness source or the source has no row. */
  readonly dataTimestampSeconds: number | null;
  /** What the run could not tell of itself, each a sentence: a source without a row, an on_change that nobody hears of. */
  readonly warnings: readonly string[];
}

/** Longest interval of a KPI that counts as real time, in ms. */
const REAL_TIME_MS = 60_000;

/**
 * Whether a KPI is looked at in real time: at least once a minute, by queries that end within their interval. All others are
 * scheduled: they run on a change at most once a minute, and leave a connection to those that are real time.
 */
export function isRealTime({ schedule, timeoutMs }: Pick<KpiUnit, 'schedule' | 'timeoutMs'>): boolean {
  return schedule.kind === 'every' && schedule.intervalMs <= REAL_TIME_MS && timeoutMs <= schedule.intervalMs;
}

/**
 * The rows of a KPI break its contract: a missing, extra or non-numeric column, a value that is not finite, a duplicate
 * label set, too many rows. Messages name columns and row numbers, never what stands in a row: they go into logs.
 */
export class KpiResultError extends ExplainedError {
  override readonly name = 'KpiResultError';
}
