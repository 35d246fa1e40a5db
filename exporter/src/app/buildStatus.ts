import cronstrue from 'cronstrue';
import { formatThreshold, THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../config/thresholdCatalogue.js';
import type { Thresholds } from '../config/thresholdCatalogue.js';
import type { ChangeListener } from '../database/changeListener.js';
import type { DatabaseMonitor } from '../database/databaseMonitor.js';
import type { KpiStatus, MetricStatus, StatusModel } from '../http/page/statusModel.js';
import type { KpiScheduler } from '../kpi/schedule/kpiScheduler.js';
import { describeShare } from '../kpi/unit/kpiShare.js';
import type { KpiShare } from '../kpi/unit/kpiShare.js';
import type { Configuration } from './loadConfiguration.js';
import type { Freshness, KpiUnit, MetricTarget, Sample } from '../kpi/unit/unit.js';
import type { Collector } from '../metrics/collector.js';
import type { HistoryKeeper } from '../metrics/historyKeeper.js';
import type { ConfigMirror } from './configMirror.js';
import type { ConfigReloader } from './configReloader.js';
import type { PastReader } from './pastReader.js';

export interface StatusSources {
  readonly version: string;
  readonly share: KpiShare;
  readonly startedAt: Date;
  readonly now: Date;
  readonly configuration: Configuration;
  readonly monitor: Pick<DatabaseMonitor, 'state'>;
  readonly reloader: Pick<ConfigReloader, 'state'>;
  readonly collector: Pick<Collector, 'state'>;
  readonly listener: Pick<ChangeListener, 'trouble'> | null;
  readonly mirror: Pick<ConfigMirror, 'trouble'>;
  readonly history: Pick<HistoryKeeper, 'trouble'>;
  readonly past: Pick<PastReader, 'kpi' | 'thresholdChanges'>;
  readonly scheduler: Pick<KpiScheduler, 'isRunning' | 'nextTick'>;
}

/** Gathers what the status page shows; touches neither the database nor a file that changes. */
export function buildStatus(sources: StatusSources): StatusModel {
  const { exporter, settings, units, leftOut } = sources.configuration;
  const part = describeShare(sources.share);
  return {
    version: sources.version,
    share: part === null ? null : { name: part, kpis: units.length, leftOut },
    now: sources.now,
    startedAt: sources.startedAt,
    timeZone: exporter.timeZone,
    database: sources.monitor.state(),
    config: { ...sources.reloader.state(), notRecorded: sources.mirror.trouble() },
    changesNotHeard: sources.monitor.state().up === true ? (sources.listener?.trouble() ?? null) : null,
    kpis: inPageOrder(units).map((unit) => kpiStatus(unit, sources)),
    thresholds: THRESHOLD_NAMES.map((name) => {
      const entry = THRESHOLD_CATALOGUE[name];
      const value = settings.thresholds[name];
      const { unit, category, description } = entry;
      return {
        name,
        value,
        formatted: formatThreshold(name, value),
        unit,
        category,
        description,
        isDefault: value === entry.default,
      };
    }),
    thresholdChanges: sources.past.thresholdChanges(),
    grafanaUrl: exporter.grafanaUrl,
    runbookUrl: exporter.runbookUrl,
  };
}

/** By position, then by name. */
function inPageOrder(units: readonly KpiUnit[]): KpiUnit[] {
  return units.toSorted((a, b) => (a.position ?? Infinity) - (b.position ?? Infinity) || (a.name < b.name ? -1 : 1));
}

function kpiStatus(unit: KpiUnit, sources: StatusSources): KpiStatus {
  const state = sources.collector.state(unit.name);
  const { thresholds } = sources.configuration.settings;
  return {
    name: unit.name,
    title: unit.title,
    description: unit.description,
    owner: unit.owner,
    schedule: describeSchedule(unit),
    acceptableLagSeconds: unit.acceptableLagSeconds,
    alertWhenLate: unit.alertWhenLate,
    lastSuccess: state.lastSuccess,
    lastAttempt: state.lastAttempt,
    dataTimestamp: state.dataTimestampSeconds === null ? null : new Date(state.dataTimestampSeconds * 1000),
    warnings: state.warnings,
    lastError: state.lastError,
    notRecorded: sources.history.trouble(unit.name),
    running: sources.scheduler.isRunning(unit.name),
    nextRun: sources.scheduler.nextTick(unit.name),
    seriesCount: state.samples.length,
    metrics: unit.metrics.map((metric) => metricStatus(metric, state.samples, thresholds)),
    past: sources.past.kpi(unit.name),
    runs: state.runs,
    freshness: describeFreshness(unit.freshness),
    sql: { file: unit.sqlFile, text: unit.sqlText },
    parameters: parameters(unit, sources.configuration),
    thresholds: thresholdsOf(unit),
  };
}

function describeFreshness(freshness: Freshness | null): string | null {
  if (freshness === null) return null;
  return freshness.kind === 'day'
    ? `the end of the newest day in ${freshness.table}${freshness.venture === undefined ? '' : ', longer for ventures that report by week or month'}`
    : `the oldest heartbeat of ${freshness.sources.join(', ')}`;
}

/** With words where the value is another with every run. */
function parameters(unit: KpiUnit, { settings }: Configuration): KpiStatus['parameters'] {
  const values = new Map([
    ['as_of', 'the day of the run'],
    ['now', 'the moment of the run, by the clock of the database'],
    ['time_zone', settings.timeZone],
    ['carry_forward_days', String(settings.carryForwardDays)],
  ]);
  return unit.parameters.flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [{ name, value }];
  });
}

function thresholdsOf(unit: KpiUnit): string[] {
  const read = [
    ...unit.parameters,
    ...unit.metrics.flatMap(({ target }) => [target?.threshold, target?.onlyWhen?.atLeast]),
  ];
  return THRESHOLD_NAMES.filter((name) => read.includes(name));
}

function metricStatus(
  metric: KpiUnit['metrics'][number],
  samples: readonly Sample[],
  thresholds: Thresholds,
): MetricStatus {
  return {
    name: metric.name,
    help: metric.help,
    unit: metric.unit,
    shownAs: metric.shownAs,
    history: metric.history,
    labels: metric.labels,
    target: targetStatus(metric.target, samples, thresholds),
    samples: samples.filter((sample) => sample.metric === metric.name),
  };
}

/** null also while the condition of the target does not hold, or is not known to hold. */
function targetStatus(
  target: MetricTarget | null,
  samples: readonly Sample[],
  thresholds: Thresholds,
): MetricStatus['target'] {
  if (target === null) return null;
  const { threshold, direction, onlyWhen } = target;
  if (onlyWhen !== null) {
    const current = samples.find((sample) => sample.metric === onlyWhen.metric);
    if (current === undefined || current.value < thresholds[onlyWhen.atLeast]) return null;
  }
  return { value: thresholds[threshold], direction, thresholdName: threshold };
}

/** As a person reads it: `Every 30 s and on change of value_capture_log`. */
function describeSchedule({ schedule, onChange }: KpiUnit): string {
  const regular =
    schedule.kind === 'cron' ? describeCron(schedule.expression) : `Every ${schedule.intervalMs / 1000} s`;
  return onChange.length === 0 ? regular : `${regular} and on change of ${onChange.join(', ')}`;
}

function describeCron(expression: string): string {
  try {
    return cronstrue.toString(expression, { use24HourTimeFormat: true });
  } catch {
    // node-cron knows forms that this library cannot put into words; they stand as they are.
    return `cron ${expression}`;
  }
}
