import type { ClientBase } from 'pg';
import type { TaskName, TaskPayload } from './taskPayloads.js';

export interface JobOptions {
  /** A job of this key that waits is replaced by this one. */
  readonly key?: string;
  /** Jobs of one queue run one after the other. */
  readonly queue?: string;
  /** Not before. */
  readonly runAt?: Date;
  /** A failed job is tried again after e, e², ... e¹⁰ seconds (6 h); 25 times are 4 days. */
  readonly attempts?: number;
}

/** Adds a job in the caller's transaction: it runs when that is committed. */
export async function addJob<N extends TaskName>(
  client: ClientBase,
  task: N,
  payload: TaskPayload<N>,
  { key, queue, runAt, attempts }: JobOptions = {},
): Promise<void> {
  await client.query(
    `SELECT FROM graphile_worker.add_job($1, $2::json, queue_name => $3, run_at => $4, max_attempts => $5, job_key => $6)`,
    [task, JSON.stringify(payload), queue ?? null, runAt ?? null, attempts ?? null, key ?? null],
  );
}
