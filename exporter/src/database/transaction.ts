import type { ClientBase } from 'pg';
import { clientTimeout } from './clientTimeout.js';

/** How long one statement of ours may take on the server where nothing else is said; less than the pool's clients wait. */
export const STATEMENT_TIMEOUT_MS = 10_000;
/** How long it may wait for somebody else's lock. */
const LOCK_TIMEOUT_MS = 5_000;
/** A session whose client went away between two statements gives up its locks after this time. */
const IDLE_TIMEOUT_MS = 30_000;
/** A server under Linux looks this often, in the middle of a statement, whether its client is still there. */
const CONNECTION_CHECK_MS = 2_000;

/** A connection whose last query got no answer gives none to the end of its transaction either. */
const ROLLBACK_TIMEOUT_MS = 1_000;

export interface TransactionOptions {
  readonly access: 'READ ONLY' | 'READ WRITE';
  /** Whatever the server's default is: READ COMMITTED where nothing is said. */
  readonly isolation?: 'READ COMMITTED' | 'REPEATABLE READ';
  /** The longest that one statement may take, in ms. */
  readonly timeoutMs?: number;
  /** The longest that one statement may wait for a lock, in ms. */
  readonly lockTimeoutMs?: number;
  /** Whether the session is put back after the commit to what it was made: for statements that others wrote. */
  readonly resetsSession?: boolean;
}

/**
 * Runs `work` in one transaction whose limits the server itself enforces, so that a session that its client has given up
 * does not stay: no statement and no lock outlasts the client's patience. SET LOCAL, because behind a pooler in transaction
 * mode the next statement outside the transaction may be another session's, and start-up parameters are refused there.
 * Inside another one it is part of that, under its limits. Throws what `work` throws, after the rollback.
 */
export async function inTransaction<T>(
  client: ClientBase,
  options: TransactionOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (inside.has(client)) return work();
  inside.add(client);
  try {
    await client.query(begin(options));
    const result = await work();
    await client.query(options.resetsSession === true ? COMMIT_AND_RESET : 'COMMIT');
    return result;
  } catch (error) {
    // The error that led here says what is wrong, and the pool drops the client.
    await client.query(clientTimeout({ text: 'ROLLBACK' }, ROLLBACK_TIMEOUT_MS)).catch(() => undefined);
    throw error;
  } finally {
    inside.delete(client);
  }
}

/**
 * In one message, which a pooler in transaction mode gives to one session as a whole; DISCARD ALL, which does more, would need
 * one of its own.
 */
const COMMIT_AND_RESET = `COMMIT; RESET ALL; RESET ROLE; SELECT pg_catalog.pg_advisory_unlock_all(); CLOSE ALL`;

const inside = new WeakSet<ClientBase>();

/** One message to the server. */
function begin({ access, isolation = 'READ COMMITTED', timeoutMs, lockTimeoutMs }: TransactionOptions): string {
  const statement = Math.round(timeoutMs ?? STATEMENT_TIMEOUT_MS);
  return [
    `BEGIN TRANSACTION ISOLATION LEVEL ${isolation} ${access}`,
    `SET LOCAL statement_timeout = ${statement}`,
    `SET LOCAL lock_timeout = ${Math.round(lockTimeoutMs ?? Math.min(LOCK_TIMEOUT_MS, statement))}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`,
    // An administrator may have set it off for old programs; SQL of ours and of KPI files has backslashes in its patterns.
    'SET LOCAL standard_conforming_strings = on',
    // Elsewhere than under Linux some versions know the setting and refuse it.
    `SELECT set_config('client_connection_check_interval', '${CONNECTION_CHECK_MS}', true)
      WHERE version() LIKE '%linux%' AND current_setting('client_connection_check_interval', true) IS NOT NULL`,
  ].join('; ');
}
