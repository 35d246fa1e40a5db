import type { ClientBase } from 'pg';
import { ExplainedError } from '../yaml/explainedError.js';

/** Nothing can be written: the server replays another one's changes. Reads go on. */
export class StandbyError extends ExplainedError {
  override readonly name = 'StandbyError';
  constructor(consequence = '') {
    super(`the database is a read-only standby${consequence}`);
  }
}

/** Whether the server replays another one's changes. Throws pg errors. */
export async function isStandby(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  return rows[0]?.standby === true;
}

/** Throws {@link StandbyError} on a standby, so that it is told as what it is and not as one of the errors a write gets there. */
export async function refuseStandby(client: ClientBase, consequence?: string): Promise<void> {
  if (await isStandby(client)) throw new StandbyError(consequence);
}
