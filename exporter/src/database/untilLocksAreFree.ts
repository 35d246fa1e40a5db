import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { describeServerError, MigrationError } from './migrationError.js';

export const STOPPED_BEFORE_THE_END = 'stopped before the end: nothing was changed';

const LOCK_PAUSE_MS = 500;
/** After this time in which a lock was never free, somebody has to look. */
const LOCK_PATIENCE_MS = 600_000;

/** The record of the migrations could not be locked: another migration runs. */
export class TurnError extends MigrationError {}

/** Lock not available, deadlock; and what a second creator of the same table, type or role meets when the first commits. */
const TAKEN = new Set(['55P03', '40P01', '40001']);
const CREATED_MEANWHILE = new Set(['23505', '42P07', '42710']);

/**
 * Does the work again until no lock that it needs is held by somebody else. Throws what the work throws otherwise, and
 * MigrationError when it was stopped or has waited too long.
 */
export async function untilLocksAreFree<T>(
  work: () => Promise<T>,
  warn: (message: string) => void,
  signal?: AbortSignal,
): Promise<T> {
  const until = performance.now() + LOCK_PATIENCE_MS;
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      const code = cause instanceof DatabaseError ? (cause.code ?? '') : '';
      const isTaken = TAKEN.has(code) || (error instanceof TurnError && CREATED_MEANWHILE.has(code));
      if (!isTaken) throw error;
      if (performance.now() > until) {
        throw new MigrationError(
          `another session held what this needs for ${LOCK_PATIENCE_MS / 60_000} minutes (${describeServerError(cause)}): ` +
            'SELECT * FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY xact_start shows it; nothing was changed',
          {},
          { cause },
        );
      }
      if (!isTold) {
        warn(
          error instanceof TurnError
            ? 'waiting for another migration of this database to end'
            : 'waiting for a lock that another session holds: pg_stat_activity shows the oldest transaction',
        );
      }
    }
    await delay(LOCK_PAUSE_MS, undefined, signal === undefined ? {} : { signal }).catch(() => {
      throw new MigrationError(STOPPED_BEFORE_THE_END);
    });
  }
}
