import { DatabaseError } from 'pg';
import { ConnectionError } from './connectionError.js';

/** What went wrong between the exporter and PostgreSQL, as far as its handling differs. */
export type DatabaseFault = 'unavailable' | 'timeout' | 'retryable' | 'query';

/** What the driver says, without a code, of a session that ended under a query or gave no answer. */
const LOST_SESSION =
  /^(Connection terminated|Query read timeout|Client has encountered a connection error|Client was closed)/;

/**
 * Sorts an error of pg or the network. SQLSTATE classes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 * - unavailable: no session could be made, whatever the reason, or the one in use is lost: retried
 * - retryable: serialization failure or deadlock (40), a lock that somebody else holds (55P03): retried
 * - timeout: the server cancelled the statement (57014, statement_timeout)
 * - query: anything else the server or this program says
 */
export function classifyDatabaseError(error: unknown): DatabaseFault {
  if (error instanceof ConnectionError) return 'unavailable';
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    if (code === '57014') return 'timeout';
    if (code.startsWith('40') || code === '55P03') return 'retryable';
    // The server ended the session (FATAL, and PANIC for all of them), or is about to (57P0x).
    const isEnded = error.severity === 'FATAL' || error.severity === 'PANIC';
    return isEnded || code.startsWith('08') || code.startsWith('57P') ? 'unavailable' : 'query';
  }
  if (error instanceof Error) {
    // Reading or writing the socket failed under a query, with whatever errno.
    if ('syscall' in error && (error.syscall === 'read' || error.syscall === 'write')) return 'unavailable';
    if (LOST_SESSION.test(error.message)) return 'unavailable';
  }
  return 'query';
}

const HINTS: ReadonlyMap<string, string> = new Map([
  ['42P01', 'the schema is missing or older than this program: run `portfolio-exporter migrate`'],
  ['42703', 'a column was renamed or dropped: run `portfolio-exporter check` to compare every KPI with the database'],
  // The message names the object in the server's own language: whether it is one of the product's, only check can tell.
  [
    '42501',
    'the role lacks a right: `portfolio-exporter check` prints the GRANT where it should have it; where it prints none, run this as another role',
  ],
  ['55P03', 'another session holds a lock that this needs: pg_locks and pg_stat_activity show which'],
]);

/**
 * One sentence for a log line, the status page and /readyz: PostgreSQL's own message with its SQLSTATE and, where known,
 * the fix. Never its DETAIL, which may quote a row, nor anything of the connection string; what the message of a data
 * error (class 22: `invalid input syntax for type numeric: "..."`) quotes comes from a row as well. A fix that sends to
 * `command`, where the reader already is, is none.
 */
export function describeDatabaseError(error: unknown, command = ''): string {
  if (error instanceof DatabaseError) {
    const known = HINTS.get(error.code ?? '');
    const hint = known?.includes(`portfolio-exporter ${command}\``) === true ? undefined : known;
    const isAboutData = error.code?.startsWith('22') === true;
    const message = isAboutData ? error.message.replace(/["„“»«].*["“”«»]/s, '"..."') : error.message;
    return `${message} (SQLSTATE ${error.code ?? 'unknown'})${hint === undefined ? '' : `; ${hint}`}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error came from PostgreSQL, pg or the way there. */
export function isDatabaseError(error: unknown): boolean {
  return error instanceof DatabaseError || classifyDatabaseError(error) === 'unavailable';
}
