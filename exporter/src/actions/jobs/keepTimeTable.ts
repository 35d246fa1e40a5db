import type { Logger } from 'pino';
import { describeDatabaseError } from '../../database/databaseError.js';
import type { Database } from '../../database/pool.js';

export interface TimeTableOptions {
  readonly database: Database;
  /** Identifiers of the time table; each is the key of its job. */
  readonly identifiers: readonly string[];
  readonly intervalMs: number;
  /** Called where this process's clock was set back: the engine would wait until it has caught up. */
  readonly onSetBack: () => void;
  readonly log: Logger;
}

export interface KeptTimeTable {
  /** Never rejects. */
  correct(): Promise<void>;
  stop(): Promise<void>;
}

/** Less is what clocks of machines differ by. */
const SET_BACK_MS = 30_000;

/**
 * The engine adds what its time table says by this process's clock, and runs it by the database's. Where the process is ahead, or once
 * was, the job lies in the future and what has been asked already seems to be asked for days: nothing would be due. By the database's
 * clock nothing of the time table lies ahead.
 */
export function keepTimeTable({ database, identifiers, intervalMs, onSetBack, log }: TimeTableOptions): KeptTimeTable {
  const offset = (): number => Date.now() - performance.now();
  let before = offset();
  let last: Promise<void> = Promise.resolve();
  const correctNow = async (): Promise<void> => {
    const now = offset();
    if (now < before - SET_BACK_MS) onSetBack();
    before = now;
    try {
      await database.withClient(async (client) => {
        await client.query(
          `UPDATE graphile_worker._private_known_crontabs SET last_execution = now() - interval '1 minute'
            WHERE identifier = ANY ($1) AND last_execution > now() + interval '1 minute'`,
          [identifiers],
        );
        await client.query(
          `UPDATE graphile_worker._private_jobs SET run_at = now()
            WHERE key = ANY ($1) AND run_at > now() AND locked_at IS NULL AND attempts = 0`,
          [identifiers],
        );
      });
    } catch (error) {
      log.debug({ reason: describeDatabaseError(error) }, 'the time table cannot be kept');
    }
  };
  const correct = (): Promise<void> => (last = last.then(correctNow));
  const timer = setInterval(() => void correct(), intervalMs);
  return {
    correct,
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}
