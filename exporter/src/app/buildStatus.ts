import cronstrue from 'cronstrue';
import { formatThreshold, THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../config/thresholdCatalogue.js';
import type { Thresholds } from '../config/thresholdCatalogue.js';
import type { ChangeListener } from '../database/changeListener.js';
import type { DatabaseMonitor } from '../database/databaseMonitor.js';
import type { KpiStatus, MetricStatus, StatusModel } from '../http/page/statusModel.js';
import type { KpiScheduler } from '../kpi/schedule/kpiScheduler.js';
import type { Configuration } from './loadConfiguration.js';
import type { KpiUnit, MetricTarget, Sample } from '../kpi/unit/unit.js';
import type { Collector } from '../metrics/collector.js';
import type { HistoryKeeper } from '../metrics/historyKeeper.js';
import type { ConfigMirror } from './configMirror.js';
import type { ConfigReloader } from './configReloader.js';

export interface StatusSources {
  readonly version: string;
  readonly startedAt: Date;
  readonly now: Date;
  readonly configuration: Configuration;
  readonly monitor: Pick<DatabaseMonitor, 'state'>;
  readonly reloader: Pick<ConfigReloader, 'state'>;
  readonly collector: Pick<Collector, 'state'>;
  readonly listener: Pick<ChangeListener, 'trouble'> | null;
  readonly mirror: Pick<ConfigMirror, 'trouble'>;
  readonly history: Pick<HistoryKeeper, 'trouble'>;
  readonly scheduler: Pick<KpiScheduler, 'isRunning' | 'nextTick'>;
}

/** Gathers what the status page shows; touches neither the database nor a file that changes. */
export function buildStatus(sources: StatusSources): StatusModel {
  const { exporter, settings, units } = sources.configuration;
  return {
    version: sources.version,
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
    grafanaUrl: exporter.grafanaUrl,
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
  };
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
