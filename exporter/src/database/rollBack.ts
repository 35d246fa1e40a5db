import type { ClientBase } from 'pg';
import { clientTimeout } from './clientTimeout.js';

/** A connection whose last query got no answer gives none to this one either. */
const ROLLBACK_TIMEOUT_MS = 1_000;

/** Ends a transaction that failed. Never rejects: the error that led here says what is wrong, and the pool drops the client. */
export async function rollBack(client: ClientBase): Promise<void> {
  await client.query(clientTimeout({ text: 'ROLLBACK' }, ROLLBACK_TIMEOUT_MS)).catch(() => undefined);
}
