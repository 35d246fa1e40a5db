import pRetry from 'p-retry';
import type { RetryConfig } from '../../config/exporterConfig.js';
import { classifyDatabaseError, describeDatabaseError } from '../../database/databaseError.js';
import type { Database, Turn } from '../../database/pool.js';
import type { KpiInput, KpiSettings } from '../unit/kpiInput.js';
import { KpiResultError } from '../unit/unit.js';
import { momentOf, presentMoment } from '../unit/moment.js';
import { readReplayLag } from '../../database/readDatabase.js';
import type { ReplayLag } from '../../database/readDatabase.js';
import { queryKpi } from './queryKpi.js';
import { isRealTime } from '../unit/unit.js';
import type { KpiResult, KpiUnit } from '../unit/unit.js';

/** How a run ended; the values of label `result` of portfolio_kpi_runs_total (which also counts `skipped` ticks). */
export type RunResult = 'success' | 'timeout' | 'invalid_result' | 'database_unavailable' | 'error';

export type RunOutcome = {
  readonly unit: KpiUnit;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** How long it ran, retries included and waiting for a connection left out. */
  readonly runSeconds: number;
  /** How long it waited for a connection to be free. */
  readonly waitSeconds: number;
  readonly attempts: number;
} & (
  | {
      readonly result: 'success';
      readonly kpi: KpiResult;
      readonly input: KpiInput;
      /** Left out where nobody asked. */
      readonly replayLag?: ReplayLag;
    }
  | {
      readonly result: Exclude<RunResult, 'success'>;
      readonly message: string;
      /** Whether the database answered one of the attempts, whatever became of it then. */
      readonly answered: boolean;
    }
);

export interface RunKpiDeps {
  readonly database: Database;
  readonly retry: RetryConfig;
  readonly clock: () => Date;
  readonly settings: () => KpiSettings;
  /** The server may be a standby: what it is behind is added to the age of the data. */
  readonly onStandby?: boolean;
  /** A day (`YYYY-MM-DD`) to compute instead of the present. */
  readonly asOf?: string;
  /** Ends the waiting between attempts. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a KPI and decides the outcome; the one place that does. Never throws: an outcome is a value.
 * A lost connection, a serialization failure and a server that is starting or stopping are tried again with growing,
 * randomised delays; a wrong query, a broken contract and a timeout are not, they would only fail again.
 */
export async function runKpi(unit: KpiUnit, deps: RunKpiDeps): Promise<RunOutcome> {
  const askedAt = performance.now();
  let startedAt: Date | null = null;
  let waitedMs = 0;
  let attempts = 0;
  let answered = false;
  const turn: Turn = {
    purpose: isRealTime(unit) ? 'real_time' : 'scheduled',
    onTurn: (ms) => {
      startedAt ??= deps.clock();
      waitedMs += ms;
    },
  };
  const attempt = async (): Promise<{ kpi: KpiResult; input: KpiInput; replayLag?: ReplayLag }> => {
    attempts += 1;
    const settings = deps.settings();
    return deps.database.withClient(async (client) => {
      // Asked anew for each attempt, so that a retry after midnight belongs to the new day.
      const moment =
        deps.asOf === undefined
          ? await presentMoment(client, settings.timeZone)
          : await momentOf(client, deps.asOf, settings.timeZone);
      answered = true;
      const input = { ...moment, ...settings };
      if (deps.onStandby !== true) return { kpi: await queryKpi(client, unit, input), input };
      const replayLag = await readReplayLag(client);
      const kpi = await queryKpi(client, unit, input);
      return { kpi: behind(kpi, replayLag, input), input, replayLag };
    }, turn);
  };
  const common = () => {
    const finishedAt = deps.clock();
    // By a clock that nobody sets: a run is never shorter than nothing.
    const runSeconds = Math.max(0, performance.now() - askedAt - waitedMs) / 1000;
    return { unit, startedAt: startedAt ?? finishedAt, finishedAt, runSeconds, waitSeconds: waitedMs / 1000, attempts };
  };
  try {
    const done = await pRetry(attempt, {
      retries: deps.retry.attempts - 1,
      minTimeout: deps.retry.initialDelayMs,
      maxTimeout: deps.retry.maxDelayMs,
      randomize: true,
      shouldRetry: ({ error }) => isTransient(error),
      ...(deps.signal === undefined ? {} : { signal: deps.signal }),
    });
    return { ...common(), result: 'success', ...done };
  } catch (error) {
    return { ...common(), ...failure(unit, error), answered };
  }
}

/** Without a freshness of its own a KPI on a standby is as old as what was replayed. */
function behind(kpi: KpiResult, { standby, seconds }: ReplayLag, { now }: KpiInput): KpiResult {
  if (!standby) return kpi;
  return { ...kpi, dataTimestampSeconds: (kpi.dataTimestampSeconds ?? now.getTime() / 1000) - seconds };
}

function isTransient(error: unknown): boolean {
  const fault = classifyDatabaseError(error);
  return fault === 'unavailable' || fault === 'retryable';
}

function failure(unit: KpiUnit, error: unknown): { result: Exclude<RunResult, 'success'>; message: string } {
  if (error instanceof KpiResultError) return { result: 'invalid_result', message: error.message };
  switch (classifyDatabaseError(error)) {
    case 'timeout':
      return {
        result: 'timeout',
        message: `the server cancelled the query after ${unit.timeoutMs / 1000} s (timeout of ${unit.name})`,
      };
    case 'unavailable':
      return { result: 'database_unavailable', message: describeDatabaseError(error) };
    default:
      return { result: 'error', message: describeDatabaseError(error) };
  }
}
