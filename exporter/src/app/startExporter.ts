import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { databaseSettings, readSettings } from '../config/databaseSettings.js';
import type { Environment } from '../config/environment.js';
import { THRESHOLD_NAMES } from '../config/thresholdCatalogue.js';
import { startChangeListener } from '../database/changeListener.js';
import type { ChangeListener } from '../database/changeListener.js';
import { describeDatabaseError } from '../database/databaseError.js';
import { moved } from '../database/clockStep.js';
import { startDatabaseMonitor } from '../database/databaseMonitor.js';
import { listSchemaFiles, SCHEMA } from '../database/schemaPlan.js';
import { createDatabase } from '../database/pool.js';
import { createReadDatabase } from '../database/readDatabase.js';
import { schemaProblem } from '../database/schemaVersion.js';
import type { KpiUnit } from '../kpi/unit/unit.js';
import type { KpiSettings } from '../kpi/unit/kpiInput.js';
import { ALL_KPIS, describeShare } from '../kpi/unit/kpiShare.js';
import type { KpiShare } from '../kpi/unit/kpiShare.js';
import { createKpiScheduler } from '../kpi/schedule/kpiScheduler.js';
import type { Configuration, ConfigPaths } from './loadConfiguration.js';
import { runKpi } from '../kpi/run/runKpi.js';
import { watchClock } from '../kpi/schedule/watchClock.js';
import { createCollector } from '../metrics/collector.js';
import { createHistoryKeeper } from '../metrics/historyKeeper.js';
import { createSelfMetrics } from '../metrics/selfMetrics.js';
import { formatAge } from '../format/formatAge.js';
import { listen } from '../server/listen.js';
import type { ListenAddress } from '../server/listenAddress.js';
import { createApp } from '../http/server.js';
import { createConfigMirror } from './configMirror.js';
import type { ChangeNote } from './configMirror.js';
import { createConfigReloader } from './configReloader.js';
import { createPastReader } from './pastReader.js';
import type { ConfigReloader } from './configReloader.js';
import { CHANGES_NOT_HEARD, readiness } from './readiness.js';
import { buildStatus } from './buildStatus.js';
import { readVersion } from './version.js';

export interface StartExporterOptions {
  readonly paths: ConfigPaths;
  readonly environment: Environment;
  readonly listenAddress: ListenAddress;
  readonly note: ChangeNote;
  /** Which KPIs this exporter computes; all where it is left out. */
  readonly share?: KpiShare;
  readonly log: Logger;
}

export interface RunningExporter {
  readonly url: string;
  reload(): Promise<void>;
  /** Ends the runs under way, the requests in flight and every connection. */
  stop(): Promise<void>;
}

const clock = (): Date => new Date();

/** How long the stop waits for runs under way: enough for a record in kpi_history, less than a supervisor's patience. */
const STOP_GRACE_MS = 2_000;

/**
 * Starts the whole exporter. The configuration is checked before anything else; then comes HTTP, so that its own metrics can
 * be scraped while the database is down, then the collection. Throws ConfigError for a bad file and ListenError where the
 * address cannot be listened on; a database that does not answer is waited for.
 */
export async function startExporter(options: StartExporterOptions): Promise<RunningExporter> {
  const { paths, share = ALL_KPIS, log } = options;
  const reloader = await createConfigReloader({ paths, share, clock, log });
  try {
    return await startCollecting(reloader, options);
  } catch (error) {
    reloader.stop();
    throw error;
  }
}

async function startCollecting(reloader: ConfigReloader, options: StartExporterOptions): Promise<RunningExporter> {
  const { log, share = ALL_KPIS } = options;
  let startedAt = clock();
  const version = readVersion();
  let configuration = reloader.initial;
  const databaseConfig = configuration.exporter.database;
  const settings = databaseSettings(options.environment, databaseConfig);
  const { connectTimeoutMs } = databaseConfig;
  const onIdleError = (error: Error): void =>
    log.warn({ reason: describeDatabaseError(error) }, 'idle database connection lost');
  const { maxConnections } = databaseConfig;
  const database = createDatabase({ settings, maxConnections, connectTimeoutMs, onIdleError });
  const readFrom = readSettings(options.environment, databaseConfig);
  const standbys =
    readFrom && createReadDatabase({ settings: readFrom, maxConnections, connectTimeoutMs, onIdleError });
  let standbysAway = false;
  // A connection of its own: whether the database answers must not be learned behind a KPI that takes minutes.
  const probe = createDatabase({
    settings,
    applicationName: 'portfolio-exporter probe',
    maxConnections: 1,
    connectTimeoutMs,
    queryTimeoutMs: connectTimeoutMs,
    onIdleError,
  });
  const schemaFiles = await listSchemaFiles(SCHEMA);
  const self = createSelfMetrics({
    version,
    nodeVersion: process.version,
    shard: share.kind === 'shard' ? share : null,
  });
  const history = createHistoryKeeper({ self, database, clock, log });
  const collector = createCollector({ self, history, log, sampleLimit: configuration.exporter.sampleLimit });
  const past = createPastReader({
    database,
    configuration: () => ({ units: configuration.units, timeZone: configuration.settings.timeZone }),
    clock,
    log,
  });
  const mirror = createConfigMirror({ database, self, clock, log, note: options.note });

  const isUnavailable = ({ name }: KpiUnit): boolean => {
    const { failing, lastError } = collector.state(name);
    return failing && lastError?.result === 'database_unavailable';
  };
  const scheduler = createKpiScheduler({
    clock,
    random: Math.random,
    run: async (unit, signal) => {
      const outcome = await runKpi(unit, {
        database: standbys ?? database,
        onStandby: standbys !== null,
        retry: configuration.exporter.retry,
        clock,
        settings: () => configuration.settings,
        signal,
      });
      if (signal.aborted) return;
      if (outcome.result === 'database_unavailable') monitor.suspect();
      const wasAway = standbysAway;
      if (standbys !== null) standbysAway = outcome.result === 'database_unavailable';
      if (outcome.result === 'success' && outcome.replayLag !== undefined) self.setReplayLag(outcome.replayLag);
      await collector.record(outcome);
      // What failed while no standby answered need not wait for its next tick.
      if (wasAway && !standbysAway) scheduler.request(isUnavailable);
    },
    onSkip: (unit) => collector.recordSkip(unit),
  });

  const apply = (next: Configuration): void => {
    const before = configuration;
    configuration = next;
    collector.configure(next.units, next.settings.thresholds, next.leftOut);
    // What was started anew runs with the new numbers already.
    const started = new Set(scheduler.apply(next.units, next.policy));
    const changed = changedParameters(before.settings, next.settings);
    scheduler.request((unit) => !started.has(unit.name) && unit.parameters.some((name) => changed.has(name)));
    mirror.want(next);
    if (monitor.state().up === true) void mirror.sync();
  };

  const monitor = startDatabaseMonitor({
    database: probe,
    probeIntervalMs: databaseConfig.probeIntervalMs,
    answerTimeoutMs: connectTimeoutMs,
    schemaProblem: (client) => schemaProblem(client, schemaFiles, connectTimeoutMs * 0.8),
    clock,
    log,
    onAnswer: ({ up, standby }) => {
      self.setDatabaseUp(up === true);
      if (up !== true) return;
      self.setDatabaseStandby(standby);
      void mirror.sync();
    },
    // What failed while the database was away need not wait for its next tick.
    onUp: () => {
      scheduler.request(isUnavailable);
      history.retry();
      mirror.retry();
      void past.refresh();
    },
    // Nor need a daily KPI that failed before the migration wait for its hour.
    onSchemaMended: () => {
      scheduler.request((unit) => collector.state(unit.name).failing);
      history.retry();
      mirror.retry();
    },
  });

  const app = createApp({
    renderMetrics: () => collector.render(),
    readiness: () =>
      readiness(monitor.state(), configuration.units, (kpi) => collector.state(kpi), listener?.trouble() ?? null),
    status: () =>
      buildStatus({
        version,
        share,
        startedAt,
        now: clock(),
        configuration,
        monitor,
        reloader,
        collector,
        history,
        past,
        mirror,
        scheduler,
        listener,
      }),
    reload: () => reloader.reload('POST /-/reload'),
    run: (kpi) => {
      const names = configuration.units.map(({ name }) => name).filter((name) => kpi === null || name === kpi);
      scheduler.request(({ name }) => names.includes(name));
      return names;
    },
    grafanaUrl: () => configuration.exporter.grafanaUrl,
    log,
  });

  let listener: ChangeListener | null = null;
  collector.configure(configuration.units, configuration.settings.thresholds, configuration.leftOut);
  mirror.want(configuration);
  let server: Awaited<ReturnType<typeof listen>>;
  try {
    server = await listen(app, options.listenAddress);
  } catch (error) {
    const reading = past.stop();
    await monitor.stop();
    await Promise.all([database.close(), standbys?.close(), probe.close(), reading]);
    throw error;
  }
  scheduler.apply(configuration.units, configuration.policy);
  reloader.start({ self, apply });
  const stopWatchingClock = watchClock({
    clock,
    onStep: (byMs) => {
      log.warn(`the clock was set ${byMs < 0 ? 'back' : 'forward'} by ${formatAge(Math.round(Math.abs(byMs) / 1000))}`);
      const step = { byMs, now: clock() };
      startedAt = moved(startedAt, step);
      for (const one of [collector, history, past, reloader, monitor, mirror, listener]) one?.clockSet(step);
      scheduler.clockSet(byMs);
    },
  });
  listener = databaseConfig.listen
    ? startChangeListener({
        settings,
        connectTimeoutMs,
        keepAliveMs: databaseConfig.probeIntervalMs,
        retry: configuration.exporter.retry,
        onChange: (table) => scheduler.tableChanged(table),
        onListening: () => {
          log.info('listening for changes');
          scheduler.changesMissed();
        },
        onError: (error, isNew) => {
          if (isNew) log.warn({ reason: describeDatabaseError(error) }, `${CHANGES_NOT_HEARD}; trying again`);
        },
      })
    : null;
  const { units, leftOut } = configuration;
  const part = describeShare(share);
  if (units.length === 0 && leftOut.length > 0) log.warn(`${part ?? ''} has no KPI: fewer exporters would do`);
  log.info(
    {
      url: server.url,
      kpis: units.length,
      ...(part === null ? {} : { share: part, of: units.length + leftOut.length }),
    },
    'exporter is up',
  );

  return {
    url: server.url,
    reload: async () => {
      await reloader.reload('SIGHUP');
    },
    async stop() {
      stopWatchingClock();
      reloader.stop();
      const reading = past.stop();
      const work = Promise.all([monitor.stop(), scheduler.stop().then(() => history.stop()), mirror.stop()]);
      await Promise.all([server.stop(), listener?.stop(), atMost(STOP_GRACE_MS, work)]);
      // What still runs is a query whose result nobody waits for.
      await Promise.all([database.close(), standbys?.close(), probe.close()]);
      await Promise.all([work, reading]);
      log.info('exporter has stopped');
    },
  };
}

/** Names of SQL parameters whose values differ between two configurations. */
function changedParameters(before: KpiSettings, next: KpiSettings): Set<string> {
  const changed = new Set<string>(THRESHOLD_NAMES.filter((name) => before.thresholds[name] !== next.thresholds[name]));
  if (before.carryForwardDays !== next.carryForwardDays) changed.add('carry_forward_days');
  // Another time zone restarts every schedule, so that no KPI is left to be asked for.
  return changed;
}

/** Resolves with the promise, or after this time. */
async function atMost(ms: number, promise: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  await Promise.race([promise, delay(ms, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
}
