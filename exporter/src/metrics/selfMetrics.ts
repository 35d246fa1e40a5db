import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Thresholds } from '../config/thresholdCatalogue.js';
import type { ReplayLag } from '../database/readDatabase.js';
import type { RunResult } from '../kpi/run/runKpi.js';
import type { Shard } from '../kpi/unit/kpiShare.js';
import type { KpiUnit } from '../kpi/unit/unit.js';
import { createProcessMetrics } from './processMetrics.js';

export type CountedResult = RunResult | 'skipped';

const RESULTS: readonly CountedResult[] = [
  'success',
  'timeout',
  'invalid_result',
  'database_unavailable',
  'error',
  'skipped',
];

/** The exporter about itself (names: docs/kpis.md, "The exporter about itself"). All times are Unix seconds. */
export interface SelfMetrics {
  /** What changes when something happens. */
  readonly registry: Registry;
  /** The text of the registry as it stands; made once for all who ask before it changes. */
  text(): Promise<string>;
  /** Calls back at each change of what text() says. */
  onChange(callback: () => void): void;
  /** The process and Node.js at this moment, in the same format. */
  processText(): string;
  readonly lastSuccess: Gauge<'kpi'>;
  readonly lastAttempt: Gauge<'kpi'>;
  readonly dataTimestamp: Gauge<'kpi'>;
  readonly duration: Histogram<'kpi'>;
  readonly queueDuration: Histogram<'kpi'>;
  readonly runs: Counter<'kpi' | 'result'>;
  readonly series: Gauge<'kpi'>;
  readonly historyWrites: Counter<'kpi' | 'result'>;
  readonly historyPending: Gauge<'kpi'>;
  readonly historyLastSuccess: Gauge<'kpi'>;
  /** Whether what is in force is what portfolio_coordination_config says. */
  setConfigRecorded(recorded: boolean): void;
  /** Whether the server that answers is a standby, which takes no writes. */
  setDatabaseStandby(standby: boolean): void;
  /** Which kind of server the last run read, and how far it was behind; only where reads have servers of their own. */
  setReplayLag(lag: ReplayLag): void;
  /** 1 up, 0 down; no sample before the first answer. */
  setDatabaseUp(up: boolean): void;
  /** Whether the last load was taken over, and when the newest was that was. */
  setReload(successful: boolean, takenOverAt: Date): void;
  setThresholds(thresholds: Thresholds): void;
  /** What is configured for each KPI, and which KPIs are left to other exporters; KPIs that are gone lose all their series. */
  setUnits(units: readonly KpiUnit[], leftOut?: readonly string[]): void;
}

export interface BuildInfo {
  readonly version: string;
  readonly nodeVersion: string;
  /** null: the KPIs are not shared out by number. */
  readonly shard?: Shard | null;
}

export function createSelfMetrics(build: BuildInfo): SelfMetrics {
  const registry = new Registry();
  const registers = [registry];
  const processMetrics = createProcessMetrics();
  let changes = 0;
  let rendered: { readonly at: number; readonly text: Promise<string> } | null = null;
  let tell = (): void => undefined;
  const changed = (): void => {
    changes += 1;
    tell();
  };
  const gauge = (name: string, help: string): Gauge<'kpi'> => new Gauge({ name, help, labelNames: ['kpi'], registers });

  const acceptableLag = gauge('portfolio_kpi_acceptable_lag_seconds', 'How old a KPI may be: the lag its SLA allows.');
  const lagAlert = gauge(
    'portfolio_kpi_lag_alert_enabled',
    '1 if exceeding the acceptable lag alerts, 0 if it is only recorded.',
  );
  const assigned = gauge(
    'portfolio_kpi_assigned',
    '1 if this exporter computes the KPI, 0 if it leaves it to another one (--shard, --kpi, --kpi.exclude).',
  );
  const lastSuccess = gauge(
    'portfolio_kpi_last_success_timestamp_seconds',
    'When the KPI was last computed successfully.',
  );
  const lastAttempt = gauge(
    'portfolio_kpi_last_attempt_timestamp_seconds',
    'When the KPI was last tried, with any result.',
  );
  const dataTimestamp = gauge(
    'portfolio_kpi_data_timestamp_seconds',
    "How fresh the rows behind the KPI are: the end of a daily table's newest day, or the oldest heartbeat of its writers.",
  );
  const series = gauge('portfolio_kpi_series', 'Samples that the KPI exposes now.');
  const duration = new Histogram({
    name: 'portfolio_kpi_run_duration_seconds',
    help: 'Duration of KPI runs, retries included, waiting for a free connection not.',
    labelNames: ['kpi'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const queueDuration = new Histogram({
    name: 'portfolio_kpi_queue_duration_seconds',
    help: 'How long KPI runs waited for a connection of the pool to be free.',
    labelNames: ['kpi'],
    buckets: [0.01, 0.1, 1, 10, 60, 600],
    registers,
  });
  const runs = new Counter({
    name: 'portfolio_kpi_runs_total',
    help: 'KPI runs by result; skipped are ticks that came while a run was under way.',
    labelNames: ['kpi', 'result'],
    registers,
  });
  const historyWrites = new Counter({
    name: 'portfolio_kpi_history_writes_total',
    help: 'Writes of kept metrics to kpi_history by result.',
    labelNames: ['kpi', 'result'],
    registers,
  });
  const historyPending = gauge(
    'portfolio_kpi_history_pending_records',
    'Records of a day that wait to be written to kpi_history; 0: it has all that the KPI said.',
  );
  const historyLastSuccess = gauge(
    'portfolio_kpi_history_last_success_timestamp_seconds',
    'When the newest run was made that kpi_history has, with all before it.',
  );
  const threshold = new Gauge({
    name: 'portfolio_threshold',
    help: 'Every number of thresholds.yaml in base units (ratio, seconds, dollars, count, score).',
    labelNames: ['name'],
    registers,
  });
  const reloadSuccessful = new Gauge({
    name: 'portfolio_config_last_reload_successful',
    help: '1 if the configuration files as they stand are in force, 0 if they were refused and older values are.',
    registers,
  });
  const reloadTimestamp = new Gauge({
    name: 'portfolio_config_last_reload_success_timestamp_seconds',
    help: 'When the configuration was last taken over.',
    registers,
  });
  const configRecorded = new Gauge({
    name: 'portfolio_config_recorded',
    help: '1 if the numbers in force are recorded in portfolio_coordination_config, 0 if that is outstanding.',
    registers,
  });
  const standby = new Gauge({
    name: 'portfolio_database_standby',
    help: '1 if PostgreSQL is a read-only standby: nothing can be recorded there.',
    registers,
  });
  const replayLag = new Gauge({
    name: 'portfolio_database_replay_lag_seconds',
    help: 'How far the server that the last run read (DATABASE_READ_URL) was behind; server is standby or primary.',
    labelNames: ['server'],
    registers,
  });
  // An untouched gauge without labels would say 0: refused, and never since 1970.
  for (const untouched of [reloadSuccessful, reloadTimestamp, configRecorded, standby]) untouched.remove();
  new Gauge({
    name: 'portfolio_build_info',
    help: 'Always 1; the version of the exporter and of Node.js.',
    labelNames: ['version', 'node_version'],
    registers,
  }).set({ version: build.version, node_version: build.nodeVersion }, 1);
  if (build.shard != null) {
    const { shard, shards } = build.shard;
    new Gauge({
      name: 'portfolio_shard_info',
      help: 'Always 1; which of how many shards the exporter is (--shard).',
      labelNames: ['shard', 'shards'],
      registers,
    }).set({ shard: String(shard), shards: String(shards) }, 1);
  }
  for (const metric of registry.getMetricsAsArray()) watch(metric, changed);

  let databaseUp: Gauge | null = null;
  let known: readonly string[] = [];

  const forget = (kpi: string): void => {
    for (const one of [acceptableLag, lagAlert, lastSuccess, lastAttempt, dataTimestamp, series]) one.remove({ kpi });
    for (const one of [duration, queueDuration, historyPending, historyLastSuccess]) one.remove({ kpi });
    for (const result of RESULTS) runs.remove({ kpi, result });
    for (const result of ['success', 'error']) historyWrites.remove({ kpi, result });
  };

  return {
    registry,
    text() {
      if (rendered?.at !== changes) rendered = { at: changes, text: registry.metrics() };
      return rendered.text;
    },
    onChange(callback) {
      tell = callback;
    },
    processText: () => processMetrics.text(),
    lastSuccess,
    lastAttempt,
    dataTimestamp,
    duration,
    queueDuration,
    runs,
    series,
    historyWrites,
    historyPending,
    historyLastSuccess,
    setConfigRecorded: (recorded) => configRecorded.set(recorded ? 1 : 0),
    setDatabaseStandby: (is) => standby.set(is ? 1 : 0),
    setReplayLag({ standby, seconds }) {
      replayLag.reset();
      replayLag.set({ server: standby ? 'standby' : 'primary' }, seconds);
    },
    setDatabaseUp(up) {
      // Registered with its first value: an untouched gauge would say 0, that is "down", before anybody asked.
      databaseUp ??= new Gauge({
        name: 'portfolio_database_up',
        help: '1 if PostgreSQL answered the last time it was asked, 0 if not.',
        registers,
      });
      watch(databaseUp, changed);
      databaseUp.set(up ? 1 : 0);
    },
    setReload(successful, takenOverAt) {
      reloadSuccessful.set(successful ? 1 : 0);
      reloadTimestamp.set(takenOverAt.getTime() / 1000);
    },
    setThresholds(thresholds) {
      threshold.reset();
      for (const [name, value] of Object.entries(thresholds)) threshold.set({ name }, value);
    },
    setUnits(units, leftOut = []) {
      assigned.reset();
      for (const kpi of leftOut) assigned.set({ kpi }, 0);
      for (const { name: kpi } of units) assigned.set({ kpi }, 1);
      const names = units.map((unit) => unit.name);
      for (const kpi of known) if (!names.includes(kpi)) forget(kpi);
      for (const unit of units) {
        const kpi = unit.name;
        acceptableLag.set({ kpi }, unit.acceptableLagSeconds);
        lagAlert.set({ kpi }, unit.alertWhenLate ? 1 : 0);
        // A counter starts at 0 so that its first increase is seen by rate(); that 0 is a true count.
        if (!known.includes(kpi)) for (const result of RESULTS) runs.inc({ kpi, result }, 0);
      }
      known = names;
    },
  };
}

const CHANGES = ['inc', 'dec', 'set', 'observe', 'remove', 'reset'];

/** Calls `changed` whenever a sample of the metric may be another one: prom-client itself tells nobody. */
function watch(metric: object, changed: () => void): void {
  for (const name of CHANGES) {
    const method: unknown = Reflect.get(metric, name);
    if (typeof method !== 'function') continue;
    Reflect.set(metric, name, (...args: unknown[]): unknown => {
      changed();
      const result: unknown = Reflect.apply(method, metric, args);
      return result;
    });
  }
}
