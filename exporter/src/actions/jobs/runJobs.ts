import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Logger as EngineLogger,
  parseCronItems,
  run,
  type Runner,
  type TaskList,
  type Worker,
  type WorkerEvents,
  type WorkerPool,
} from 'graphile-worker';
import type { Logger } from 'pino';
import type { ServerSettings } from '../../config/connectionSettings.js';
import type { Database } from '../../database/pool.js';
import { describeDatabaseError } from '../../database/databaseError.js';
import { SessionPool } from '../../database/sessionPool.js';
import { retryDelay } from '../../database/retryDelay.js';
import { keepTimeTable } from './keepTimeTable.js';
import type { TaskName } from './taskPayloads.js';
import { LEASE_MS, startWorkerLease } from './workerLease.js';

export interface JobsOptions {
  readonly settings: ServerSettings;
  /** Where its workers say that they are alive. */
  readonly database: Database;
  readonly leaseMs?: number;
  readonly connectTimeoutMs: number;
  readonly tasks: TaskList;
  /** How many jobs run at once. */
  readonly workers: number;
  /** Whether the database answers and has this version's tables: before, nothing is started. */
  readonly isReady: () => boolean;
  readonly log: Logger;
}

export interface RunningJobs {
  /** Why no job is run; null: jobs are run. */
  trouble(): string | null;
  /** Waits for the jobs under way, at most so long; what has not ended then is tried again later. */
  stop(graceMs: number): Promise<void>;
}

/** Beside its workers the engine needs connections to listen, to keep its time table, and to give back what was locked. */
const OTHER_CONNECTIONS = 3;
/** Jobs are announced by NOTIFY; this finds those whose time has come, and all where nothing is heard. */
const POLL_MS = 2_000;
const LOOK_MS = 250;
/** So often each worker asks in vain while the database answers, until the engine is started again. */
const LOOKS = 2;
const RETRY = { initialDelayMs: 500, maxDelayMs: 10_000 };
const HOUR_MS = 3_600_000;

/**
 * What is asked each minute and each hour. One job of a name waits at most, and they run one after the other; an hour that passed
 * while nothing ran is made up for at the start.
 */
const TIME_TABLE = [
  { task: 'each_minute', match: '* * * * *', backfillPeriod: 0 },
  { task: 'each_hour', match: '0 * * * *', backfillPeriod: 2 * HOUR_MS },
] as const satisfies readonly { readonly task: TaskName; readonly match: string; readonly backfillPeriod: number }[];

/** Runs jobs for as long as it is not stopped: the engine ends with its database, and is started again when that is back. */
export function runJobs(options: JobsOptions): RunningJobs {
  const { log } = options;
  const stopping = new AbortController();
  let trouble: string | null = 'not started yet';
  let pool: WorkerPool | null = null;
  let runner: Runner | null = null;
  const events: WorkerEvents = new EventEmitter();
  /** Those that live, also of a pool that is still ending. */
  const living = new Set<Worker>();
  let isPoolEnding = false;
  /** The process ends before its jobs: each is cut off, which is told once, and goes on after the next start. */
  let areCutOff = false;
  /** Why no worker has got an answer to its question for a job since one had, and how often. */
  let unread: { readonly reason: string; times: number } | null = null;
  const lease = startWorkerLease({
    database: options.database,
    leaseMs: options.leaseMs ?? LEASE_MS,
    onFreed: (workers) => log.warn({ workers }, 'jobs of workers that have ended are free again'),
    onError: (error) =>
      log.debug({ reason: describeDatabaseError(error) }, 'the workers cannot say that they are alive'),
  });
  const timeTable = keepTimeTable({
    database: options.database,
    identifiers: TIME_TABLE.map(({ task }) => task),
    intervalMs: (options.leaseMs ?? LEASE_MS) / 8,
    onSetBack: () => {
      log.warn('the clock was set back: the time table begins anew');
      void stopRunner();
    },
    log,
  });
  const holdLiving = (): void => lease.hold([...living].map(({ workerId }) => workerId));
  const livingNow = (): number => [...living].filter(({ workerPool }) => workerPool === pool).length;
  const stopRunner = (): Promise<void> | undefined => runner?.stop().catch(() => undefined);
  events.on('pool:create', ({ workerPool }) => {
    pool = workerPool;
    isPoolEnding = false;
    trouble ??= 'starting';
  });
  events.on('pool:gracefulShutdown', ({ workerPool }) => {
    if (workerPool === pool) isPoolEnding = true;
  });
  events.on('worker:create', ({ worker }) => {
    living.add(worker);
    holdLiving();
  });
  // The engine writes a stack to stderr for a worker that ends with an error: one that is released before has none.
  events.on('worker:fatalError', ({ worker, error }) => {
    if (!areCutOff)
      log.error({ reason: describeDatabaseError(error) }, 'the end of a job cannot be recorded: its worker has ended');
    void worker.release(true);
  });
  events.on('worker:getJob:error', ({ worker, error }) => {
    if (isPoolEnding || worker.workerPool !== pool) {
      void worker.release(true);
      return;
    }
    unread = { reason: describeDatabaseError(error), times: (unread?.times ?? 0) + 1 };
    // Where its first look at the database fails, the engine keeps that answer for as long as it runs.
    if (unread.times >= LOOKS * options.workers && options.isReady()) {
      unread.times = 0;
      void stopRunner();
    }
  });
  const wasRead = (): void => {
    unread = null;
  };
  events.on('worker:getJob:empty', wasRead);
  events.on('job:start', wasRead);
  events.on('worker:stop', ({ worker }) => {
    living.delete(worker);
    holdLiving();
    // The engine goes on with fewer workers, at last with none.
    if (worker.workerPool === pool && !isPoolEnding) void stopRunner();
  });
  events.on('job:error', ({ job, error }) => {
    const fields = { task: job.task_identifier, job: job.id, attempt: job.attempts, of: job.max_attempts };
    if (areCutOff) {
      log.debug({ ...fields, reason: describeDatabaseError(error) }, 'job ended with its connection');
      return;
    }
    const text = job.attempts >= job.max_attempts ? 'job has failed for good' : 'job failed, it is tried again';
    log.error({ ...fields, reason: describeDatabaseError(error) }, text);
  });
  const connections = new SessionPool({
    settings: options.settings,
    applicationName: 'portfolio-exporter jobs',
    maxConnections: options.workers + OTHER_CONNECTIONS,
    connectTimeoutMs: options.connectTimeoutMs,
    onIdleError: (error) => log.warn({ reason: describeDatabaseError(error) }, 'idle database connection lost'),
  });

  let lostTimeTables = 0;
  // The engine asks over `query` for its time table alone, and leaves a rejection unhandled there: Node.js would end the process with
  // the database. Started again, the engine makes up for what it missed.
  const query = async (text: string, values?: unknown[]): Promise<{ rows: readonly unknown[] }> => {
    try {
      return await connections.query(text, values);
    } catch (error) {
      log.debug({ reason: describeDatabaseError(error) }, 'the time table cannot be kept');
      lostTimeTables += 1;
      void stopRunner();
      return { rows: [] };
    }
  };
  const engineConnections = new Proxy(connections, {
    get(pool, key) {
      if (key === 'query') return query;
      const value: unknown = Reflect.get(pool, key, pool);
      return typeof value === 'function' ? (value.bind(pool) as unknown) : value;
    },
  });

  const runOnce = async (): Promise<void> => {
    await timeTable.correct();
    const lostBefore = lostTimeTables;
    runner = await run({
      pgPool: engineConnections,
      taskList: options.tasks,
      parsedCronItems: parseCronItems(
        TIME_TABLE.map(({ task, match, backfillPeriod }) => ({
          ...{ task, match, identifier: task },
          options: { backfillPeriod, jobKey: task, jobKeyMode: 'replace', queueName: task },
        })),
      ),
      concurrency: options.workers,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      events,
      logger: quiet(log),
    });
    if (lostTimeTables > lostBefore) await stopRunner();
    await lease.beat();
    trouble = null;
    log.info({ workers: options.workers }, 'jobs are run');
    await runner.promise;
  };

  const isStopping = (): boolean => stopping.signal.aborted;
  const forever = async (): Promise<void> => {
    let failures = 0;
    while (!isStopping()) {
      if (!options.isReady()) {
        await delay(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        continue;
      }
      const startedAt = performance.now();
      try {
        await runOnce();
      } catch (error) {
        const reason = describeDatabaseError(error);
        if (!isStopping() && reason !== trouble) log.error({ reason }, 'jobs are not run; trying again');
        trouble = reason;
      }
      runner = null;
      failures = performance.now() - startedAt > RETRY.maxDelayMs ? 1 : failures + 1;
      await delay(retryDelay(failures, RETRY), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const done = forever();

  return {
    trouble() {
      const count = livingNow();
      if (trouble !== null) return trouble;
      if (unread !== null) return `no job can be read: ${unread.reason}`;
      if (count === options.workers) return null;
      return `${count} of ${options.workers} workers run; all are started again`;
    },
    async stop(graceMs) {
      stopping.abort();
      const ended = Promise.all([stopRunner(), done]);
      const patience = new AbortController();
      const late = delay(graceMs, 'late' as const, { signal: patience.signal }).catch(() => undefined);
      if ((await Promise.race([ended, late])) === 'late') {
        areCutOff = true;
        const jobs = [...living].flatMap((worker) => {
          const job = worker.getActiveJob();
          return job === null ? [] : [`${job.task_identifier} ${job.id}`];
        });
        log.info({ jobs, graceMs }, 'these jobs did not end in time: they go on after the next start');
        // Gives back what is locked, so that it is tried again soon.
        await Promise.race([
          pool?.forcefulShutdown('the process stops').catch(() => undefined),
          delay(1_000, undefined, { ref: false }),
        ]);
      }
      patience.abort();
      await Promise.all([lease.stop(), timeTable.stop()]);
      const closed = connections.end();
      connections.disconnect();
      await closed;
    },
  };
}

/** The engine writes stacks and payloads; what matters of it is told by its events. */
function quiet(log: Logger): EngineLogger {
  return new EngineLogger(() => (level, message) => {
    if (/^warn/.test(level)) log.warn({ reason: message.split('\n')[0] }, 'job engine');
    else log.debug({ reason: message.split('\n')[0] }, 'job engine');
  });
}
