import type { ConfigChange } from '../../database/configStore.js';
import type { MetricUnit, ShownAs } from '../../format/metricUnit.js';
import type { DailyValue } from '../../kpi/history/dailyValues.js';

/** Everything the status page shows, as of `now`. Values are in base units; all text may come from rows and is not trusted. */
export interface StatusModel {
  readonly version: string;
  /** Which part of the KPIs this exporter computes, how many, and the names of the others; null: all. */
  readonly share: { readonly name: string; readonly kpis: number; readonly leftOut: readonly string[] } | null;
  readonly now: Date;
  readonly startedAt: Date;
  /** IANA name; every time on the page is told in it. */
  readonly timeZone: string;
  readonly database: DatabaseStatus;
  readonly config: ConfigStatus;
  /** Since when and why `on_change` does not work; null: it does, is not wanted, or cannot because the database is down. */
  readonly changesNotHeard: { readonly since: Date; readonly reason: string } | null;
  /** In the order of the page. */
  readonly kpis: readonly KpiStatus[];
  /** Grouped by category in the order of first appearance. */
  readonly thresholds: readonly ThresholdStatus[];
  readonly thresholdChanges: Remembered<readonly ConfigChange[]>;
  /** null: no Grafana is configured, the dashboards cannot be linked. */
  readonly grafanaUrl: string | null;
  /** Where docs/runbook.md is published; null: nobody said. */
  readonly runbookUrl: string | null;
}

/** What was read last, when, and why it is not newer (`problem`); never read: both null. */
export interface Remembered<T> {
  readonly value: T | null;
  readonly readAt: Date | null;
  readonly problem: string | null;
}

/** What kpi_history has of a KPI's metrics, the oldest day first; `today` as the database told it. */
export interface KpiPast {
  readonly today: string;
  readonly days: ReadonlyMap<string, readonly DailyValue[]>;
}

export interface DatabaseStatus {
  /** null: not tried yet. */
  readonly up: boolean | null;
  /** Why it is down, without secrets. */
  readonly reason: string | null;
  /** When it came up or went down. */
  readonly since: Date | null;
  /** What is wrong with its schema, and the cure; null: nothing. */
  readonly schemaProblem: string | null;
  /** Reads go on, but nothing can be recorded. */
  readonly standby: boolean;
}

export interface ConfigStatus {
  readonly lastReloadSuccessful: boolean;
  /** The last attempt, the load at start included. */
  readonly lastReloadAt: Date | null;
  /** One line each, as a refused reload reports them; empty after a successful one. */
  readonly problems: readonly string[];
  /** Why the numbers in force are not in portfolio_coordination_config, and since when; null: they are. */
  readonly notRecorded: { readonly since: Date; readonly reason: string } | null;
}

export interface KpiStatus {
  /** The unit's file stem. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly owner: string;
  /** As a person reads it: `every 30 s`, `5 * * * *`, `... and on change of value_capture_log`. */
  readonly schedule: string;
  readonly acceptableLagSeconds: number;
  readonly alertWhenLate: boolean;
  readonly lastSuccess: Date | null;
  readonly lastAttempt: Date | null;
  /** How fresh the rows themselves are; the end of the day for a daily table, so it may lie ahead of now. null: no such clock. */
  readonly dataTimestamp: Date | null;
  /** What the last success could not tell of itself, each a sentence; from rows and tables' names. */
  readonly warnings: readonly string[];
  /** The newest failed run, kept after a later success. */
  readonly lastError: KpiError | null;
  /** Days (`YYYY-MM-DD`) whose record waits for kpi_history to take it. */
  readonly notRecorded: { readonly since: Date; readonly days: readonly string[]; readonly reason: string } | null;
  readonly running: boolean;
  readonly nextRun: Date | null;
  readonly seriesCount: number;
  readonly metrics: readonly MetricStatus[];
  readonly past: Remembered<KpiPast>;
  /** The newest runs, the latest first. */
  readonly runs: readonly RunStatus[];
  /** How the age of the rows is told: `the newest day of venture_metrics`; null: it is not. */
  readonly freshness: string | null;
  readonly sql: { readonly file: string; readonly text: string };
  /** What the SQL is given, in the order of its use; thresholds stand in `thresholds`. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** Names of the thresholds that the SQL or a target reads. */
  readonly thresholds: readonly string[];
}

export interface RunStatus {
  readonly at: Date;
  readonly seconds: number;
  readonly waitSeconds: number;
  readonly attempts: number;
  readonly result: string;
  readonly message: string | null;
}

export interface KpiError {
  readonly at: Date;
  /** The outcome as counted in portfolio_kpi_runs_total. */
  readonly result: string;
  readonly message: string;
}

export interface MetricStatus {
  readonly name: string;
  readonly help: string;
  readonly unit: MetricUnit;
  readonly shownAs: ShownAs | null;
  /** Whether each day's last value is kept. */
  readonly history: boolean;
  /** Label names in the order of exposition. */
  readonly labels: readonly string[];
  readonly target: MetricTargetStatus | null;
  /** Empty: no sample, which is not 0. */
  readonly samples: readonly SampleStatus[];
}

export interface MetricTargetStatus {
  readonly value: number;
  readonly direction: 'at_least' | 'at_most';
  readonly thresholdName: string;
}

export interface SampleStatus {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ThresholdStatus {
  readonly name: string;
  readonly value: number;
  /** As people write it (`20%`); without it the value is formatted by its unit. */
  readonly formatted?: string;
  readonly unit: MetricUnit;
  readonly category: string;
  readonly description: string;
  readonly isDefault: boolean;
}

/** Whether a value reaches its target; the limit itself does. */
export function isTargetMet(value: number, target: MetricTargetStatus): boolean {
  return target.direction === 'at_least' ? value >= target.value : value <= target.value;
}
