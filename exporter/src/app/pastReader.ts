import type { Logger } from 'pino';
import { moved } from '../database/clockStep.js';
import type { ClockStep } from '../database/clockStep.js';
import { readConfigHistory } from '../database/configStore.js';
import type { ConfigChange } from '../database/configStore.js';
import { classifyDatabaseError, describeDatabaseError } from '../database/databaseError.js';
import type { Database } from '../database/pool.js';
import { PAST_DAYS } from '../http/page/past.js';
import type { KpiPast, Remembered } from '../http/page/statusModel.js';
import { readDailyValues } from '../kpi/history/dailyValues.js';
import { keptMetrics } from '../kpi/history/history.js';
import { daysBefore, presentMoment } from '../kpi/unit/moment.js';
import type { KpiUnit } from '../kpi/unit/unit.js';

export interface PastReaderDeps {
  readonly database: Database;
  /** What is configured now. */
  readonly configuration: () => { readonly units: readonly KpiUnit[]; readonly timeZone: string };
  readonly clock: () => Date;
  readonly log: Logger;
}

/** Keeps what the status page tells of the past, so that no reader of the page waits for the database. Nothing here rejects. */
export interface PastReader {
  kpi(name: string): Remembered<KpiPast>;
  /** The newest changes of each threshold, the latest first. */
  thresholdChanges(): Remembered<readonly ConfigChange[]>;
  /** Reads anew; resolves when that has ended. Called by itself once a minute. */
  refresh(): Promise<void>;
  /** What has happened keeps its age. */
  clockSet(step: ClockStep): void;
  /** Reads no more; resolves when what is under way has ended, which the end of the database's connections hastens. */
  stop(): Promise<void>;
}

const INTERVAL_MS = 60_000;
const CHANGES_OF_EACH = 10;
const MOST_CHANGES = 1_000;
const NEVER = { value: null, readAt: null, problem: null } as const;

export function createPastReader({ database, configuration, clock, log }: PastReaderDeps): PastReader {
  const kpis = new Map<string, Remembered<KpiPast>>();
  let changes: Remembered<readonly ConfigChange[]> = NEVER;
  let underWay: Promise<void> | null = null;

  /** What was read before stays, with its age, where it cannot be read now. */
  const attempt = async <T>(what: string, before: Remembered<T>, read: () => Promise<T>): Promise<Remembered<T>> => {
    try {
      return { value: await read(), readAt: clock(), problem: null };
    } catch (error) {
      if (classifyDatabaseError(error) === 'unavailable') throw error;
      const problem = describeDatabaseError(error);
      if (problem !== before.problem) log.warn({ reason: problem }, `${what} not read for the status page`);
      return { ...before, problem };
    }
  };

  const read = async (): Promise<void> => {
    const { units, timeZone } = configuration();
    const kept = units.filter((unit) => keptMetrics(unit).length > 0).map(({ name }) => name);
    for (const name of kpis.keys()) if (!kept.includes(name)) kpis.delete(name);
    for (const name of kept) if (!kpis.has(name)) kpis.set(name, NEVER);
    try {
      await database.withClient(
        async (client) => {
          const { asOf: today } = await presentMoment(client, timeZone);
          changes = await attempt('changes of thresholds', changes, () =>
            readConfigHistory(client, { limit: MOST_CHANGES, perName: CHANGES_OF_EACH }),
          );
          for (const name of kept) {
            const past = await attempt(`history of ${name}`, kpis.get(name) ?? NEVER, async () => ({
              today,
              days: await readDailyValues(client, name, daysBefore(today, PAST_DAYS - 1), today),
            }));
            kpis.set(name, past);
          }
        },
        { purpose: 'scheduled' },
      );
    } catch (error) {
      // The monitor logs that the database is down.
      const problem = describeDatabaseError(error);
      changes = { ...changes, problem };
      for (const [name, past] of kpis) kpis.set(name, { ...past, problem });
    }
  };

  const refresh = async (): Promise<void> => {
    underWay ??= read().finally(() => {
      underWay = null;
    });
    await underWay;
  };
  const timer = setInterval(() => void refresh(), INTERVAL_MS);

  const aged = <T>(one: Remembered<T>, step: ClockStep): Remembered<T> => ({
    ...one,
    readAt: one.readAt && moved(one.readAt, step),
  });
  return {
    kpi: (name) => kpis.get(name) ?? NEVER,
    thresholdChanges: () => changes,
    refresh,
    clockSet(step) {
      changes = aged(changes, step);
      for (const [name, past] of kpis) kpis.set(name, aged(past, step));
    },
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
