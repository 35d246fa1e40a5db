import type { Logger } from 'pino';
import { createFileReloader, type FileReloader } from '../config/fileReloader.js';
import { databaseSettings } from '../config/databaseSettings.js';
import type { Environment } from '../config/environment.js';
import { readSecretFile } from '../config/passwordSource.js';
import { describeDatabaseError } from '../database/databaseError.js';
import { type DatabaseState, startDatabaseMonitor } from '../database/databaseMonitor.js';
import { jobEngineProblem, readJobEngine } from '../database/jobEngine.js';
import { createDatabase } from '../database/pool.js';
import { listSchemaFiles, SCHEMA } from '../database/schemaPlan.js';
import { schemaProblem } from '../database/schemaVersion.js';
import { listen } from '../server/listen.js';
import { formatListenAddress, type ListenAddress } from '../server/listenAddress.js';
import { createActionsApp } from './actionsApp.js';
import type { ActionsConfiguration } from './actionsConfiguration.js';
import type { ActionsContext } from './actionsContext.js';
import { type ActionsPaths, loadActionsConfiguration } from './loadActionsConfiguration.js';
import { hearAllocations } from './jobs/hearAllocations.js';
import { runJobs } from './jobs/runJobs.js';
import { TASKS } from './jobs/tasks.js';
import { createActionsMetrics } from './metrics/actionsMetrics.js';
import { readQueue } from './metrics/readQueue.js';
import { actionsPages } from './pages/actionsPages.js';
import { storeNotification } from './webhook/storeNotification.js';
import { webhookRoute } from './webhook/webhookRoute.js';

export interface StartActionsOptions {
  readonly paths: ActionsPaths;
  readonly environment: Environment;
  readonly listenAddress: ListenAddress;
  readonly version: string;
  /** How long a killed process keeps what it has locked; left out: two minutes. */
  readonly leaseMs?: number;
  readonly now: () => Date;
  readonly log: Logger;
}

export interface RunningActions {
  readonly url: string;
  /** Reads the files again; the former configuration stays in force where anything is wrong. */
  reload(): Promise<void>;
  /** Ends the requests and jobs under way, and every connection. */
  stop(): Promise<void>;
}

/** How long the stop waits for requests and jobs under way: less than a supervisor's patience. */
const STOP_GRACE_MS = 5_000;

/**
 * Starts the process that acts on alerts. Throws ConfigError for a bad file and ListenError where the address cannot be listened
 * on; a database that does not answer, or has another version's tables, is waited for.
 */
export async function startActions(options: StartActionsOptions): Promise<RunningActions> {
  const { log } = options;
  const reloader = await createFileReloader({
    files: Object.values(options.paths),
    load: (watch) => loadActionsConfiguration(options.paths, watch),
    atStart: ({ actions: { database, workers } }) => ({ database, workers }),
    log,
  });
  try {
    return await startActing(reloader, options);
  } catch (error) {
    reloader.stop();
    throw error;
  }
}

async function startActing(
  reloader: FileReloader<ActionsConfiguration>,
  options: StartActionsOptions,
): Promise<RunningActions> {
  const { log, now } = options;
  let configuration = reloader.initial;
  const config = configuration.actions;
  const settings = databaseSettings(options.environment, config.database);
  const { connectTimeoutMs, maxConnections, probeIntervalMs } = config.database;
  const onIdleError = (error: Error): void =>
    log.warn({ reason: describeDatabaseError(error) }, 'idle database connection lost');
  const applicationName = 'portfolio-exporter actions';
  const database = createDatabase({ settings, applicationName, maxConnections, connectTimeoutMs, onIdleError });
  const probe = createDatabase({
    settings,
    applicationName: `${applicationName} probe`,
    maxConnections: 1,
    connectTimeoutMs,
    queryTimeoutMs: connectTimeoutMs,
    onIdleError,
  });
  const schemaFiles = await listSchemaFiles(SCHEMA);
  const jobEngineFiles = await readJobEngine(schemaFiles);
  const notReady = (): string[] => reasons(monitor.state(), jobs.trouble(), queueTrouble);
  const metrics = createActionsMetrics({
    version: options.version,
    nodeVersion: process.version,
    isReady: () => notReady().length === 0,
  });
  const context: ActionsContext = {
    ...{ database, now, log },
    countAlerts: (outcome, count) => metrics.countAlerts(outcome, count),
    configuration: () => configuration,
  };

  // A scrape never asks the database: it would wait as long as that does not answer.
  let isReading = false;
  // Alerts on what waits see nothing while it cannot be read: one missing right would silence them all.
  let queueTrouble: string | null = null;
  const readFigures = async (isUp: boolean): Promise<void> => {
    if (!isUp) metrics.setQueue(null);
    if (!isUp || isReading) return;
    isReading = true;
    try {
      const figures = await readQueue(probe, now(), configuration.thresholds.chairman_response_timeout);
      metrics.setQueue({ figures, readAt: now() });
      queueTrouble = null;
    } catch (error) {
      metrics.setQueue(null);
      queueTrouble = describeDatabaseError(error);
    }
    isReading = false;
  };
  const monitor = startDatabaseMonitor({
    database: probe,
    probeIntervalMs,
    answerTimeoutMs: connectTimeoutMs,
    schemaProblem: async (client) =>
      (await schemaProblem(client, schemaFiles, connectTimeoutMs * 0.8)) ??
      (await jobEngineProblem(client, jobEngineFiles)),
    clock: now,
    log,
    onAnswer: ({ up }) => {
      metrics.setDatabaseUp(up === true);
      void readFigures(up === true);
    },
  });

  const app = createActionsApp({
    webhook: webhookRoute({
      token: () => readSecretFile(configuration.actions.webhook.tokenFile, 'webhook.token_file'),
      store: (notification) => storeNotification(database, notification, now()),
      count: (outcome) => metrics.countNotification(outcome),
      log,
    }),
    pages: actionsPages(context),
    renderMetrics: () => metrics.render(),
    notReady,
    log,
  });

  const jobs = runJobs({
    settings,
    database,
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
    connectTimeoutMs,
    tasks: Object.fromEntries(
      Object.entries(TASKS).map(([name, task]) => [name, (payload: unknown) => task(payload, context)]),
    ),
    workers: config.workers,
    isReady: () => databaseProblem(monitor.state()) === null,
    log,
  });
  const allocations = config.database.listen
    ? hearAllocations({
        ...{ settings, connectTimeoutMs, keepAliveMs: probeIntervalMs, retry: configuration.exporter.retry },
        ...{ database, log },
      })
    : null;
  const close = async (): Promise<void> => {
    await Promise.all([monitor.stop(), jobs.stop(STOP_GRACE_MS), allocations?.stop()]);
    await Promise.all([database.close(), probe.close()]);
  };
  const option = (address: ListenAddress): string => `--web.listen-address=${formatListenAddress(address)}`;
  const server = await listen(app, options.listenAddress, undefined, option).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  metrics.setReload(true);
  reloader.start({
    apply: (next) => {
      configuration = next;
    },
    onResult: (problems) => metrics.setReload(problems.length === 0),
  });
  log.info({ url: server.url }, 'actions are up');
  return {
    url: server.url,
    reload: async () => {
      await reloader.reload('SIGHUP');
    },
    async stop() {
      reloader.stop();
      await Promise.all([server.stop(STOP_GRACE_MS), close()]);
      log.info('actions have stopped');
    },
  };
}

function reasons(database: DatabaseState, jobs: string | null, queue: string | null): string[] {
  const problem = databaseProblem(database);
  if (problem !== null) return [problem];
  return [...(jobs === null ? [] : [`jobs: ${jobs}`]), ...(queue === null ? [] : [`queue: ${queue}`])];
}

function databaseProblem({ up, reason, schemaProblem: schema }: DatabaseState): string | null {
  if (up === null) return 'database: not asked yet';
  if (!up) return `database: ${reason ?? 'down'}`;
  return schema === null ? null : `schema: ${schema}`;
}
