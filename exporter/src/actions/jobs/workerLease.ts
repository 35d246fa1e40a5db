import type { ClientBase } from 'pg';
import type { Database } from '../../database/pool.js';
import { inTransaction } from '../../database/transaction.js';

export interface WorkerLease {
  /** These workers live in this process from now on, instead of those before. */
  hold(workerIds: readonly string[]): void;
  /** Says that they are alive, and frees what others have locked that are not. Never rejects. */
  beat(): Promise<void>;
  stop(): Promise<void>;
}

export interface WorkerLeaseOptions {
  readonly database: Database;
  /** A worker that was not seen for so long is dead. */
  readonly leaseMs: number;
  readonly onFreed: (workerIds: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/** How long a worker may be silent before what it has locked is given to others. */
export const LEASE_MS = 120_000;
/** Beats in the time of a lease. */
const BEATS = 8;

/**
 * The engine itself gives back what a killed process has locked after four hours. Here each process says at short intervals, by the
 * database's clock, that its workers live; what a worker has locked that was not seen for a lease is free again. A process frees
 * nothing before it has beaten for a lease without a break: when a database comes back, everybody has time to be seen.
 */
export function startWorkerLease(options: WorkerLeaseOptions): WorkerLease {
  let ids: readonly string[] = [];
  let beatingSince: number | null = null;
  let last: Promise<void> = Promise.resolve();
  const beatNow = async (): Promise<void> => {
    if (ids.length === 0) {
      beatingSince = null;
      return;
    }
    try {
      const mayFree = beatingSince !== null && performance.now() - beatingSince >= options.leaseMs;
      const freed = await options.database.withClient((client) =>
        inTransaction(client, { access: 'READ WRITE' }, async () => {
          await sayAlive(client, ids);
          return mayFree ? freeDead(client, options.leaseMs) : [];
        }),
      );
      beatingSince ??= performance.now();
      if (freed.length > 0) options.onFreed(freed);
    } catch (error) {
      beatingSince = null;
      options.onError(error);
    }
  };
  const beat = (): Promise<void> => (last = last.then(beatNow));
  const timer = setInterval(() => void beat(), options.leaseMs / BEATS);
  return {
    hold(workerIds) {
      ids = workerIds;
    },
    beat,
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}

async function sayAlive(client: ClientBase, ids: readonly string[]): Promise<void> {
  await client.query(
    `INSERT INTO portfolio_actions.workers (id, seen_at) SELECT id, now() FROM unnest($1::text[]) AS id
     ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
    [ids],
  );
}

/** Also of workers that nobody knows. */
async function freeDead(client: ClientBase, leaseMs: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT DISTINCT locked_by AS id
       FROM graphile_worker._private_jobs j
      WHERE locked_by IS NOT NULL AND locked_at < now() - $1 * interval '1 ms'
        AND NOT EXISTS (SELECT FROM portfolio_actions.workers w
                         WHERE w.id = j.locked_by AND w.seen_at >= now() - $1 * interval '1 ms')`,
    [leaseMs],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) await client.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [ids]);
  await client.query(`DELETE FROM portfolio_actions.workers WHERE seen_at < now() - interval '1 day'`);
  return ids;
}
