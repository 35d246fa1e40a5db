import { DatabaseError } from 'pg';

/** What went wrong between the exporter and PostgreSQL, as far as its handling differs. */
export type DatabaseFault = 'unavailable' | 'timeout' | 'retryable' | 'refused' | 'query';

/** Node.js and pg errors of a connection that could not be made or was lost. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

const CONNECTION_MESSAGES =
  /connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|not queryable|server closed/i;

/**
 * Sorts an error of pg or the network. SQLSTATE classes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 * - unavailable: no connection, or the server is starting, stopping, out of connections (08, 53300, 57P0x), or ended the
 *   session with any other code (severity FATAL): retried
 * - retryable: serialization failure or deadlock (40), a lock that somebody else holds (55P03): retried
 * - timeout: the server cancelled the statement (57014, statement_timeout)
 * - refused: wrong password, unknown role or database, no privilege (28, 3D000): retrying does not help at once
 * - query: anything else the server or this program says
 */
export function classifyDatabaseError(error: unknown): DatabaseFault {
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    if (code === '57014') return 'timeout';
    if (code.startsWith('08') || code.startsWith('57P') || code === '53300') return 'unavailable';
    if (code.startsWith('40') || code === '55P03') return 'retryable';
    if (code.startsWith('28') || code === '3D000') return 'refused';
    // A database that is closed to connections (55000) says so by a code that queries have too, but ends the session.
    if (error.severity === 'FATAL') return 'unavailable';
    return 'query';
  }
  if (error instanceof AggregateError) {
    return error.errors.every((inner) => classifyDatabaseError(inner) === 'unavailable') ? 'unavailable' : 'query';
  }
  if (error instanceof Error) {
    if ('code' in error && typeof error.code === 'string' && CONNECTION_CODES.has(error.code)) return 'unavailable';
    if (CONNECTION_MESSAGES.test(error.message)) return 'unavailable';
  }
  return 'query';
}

const HINTS: ReadonlyMap<string, string> = new Map([
  ['42P01', 'the schema is missing or older than this program: run `portfolio-exporter migrate`'],
  ['42703', 'a column was renamed or dropped: run `portfolio-exporter check` to compare every KPI with the database'],
  ['42501', 'the role lacks a right: `portfolio-exporter check` prints the GRANT that is needed'],
  ['55P03', 'another session holds a lock that this needs: pg_locks and pg_stat_activity show which'],
  ['28P01', 'wrong password: see the database section of docs/configuration.md'],
  ['28000', 'the server refuses this role or host: see pg_hba.conf'],
  ['3D000', 'the database does not exist: create it, then run `portfolio-exporter migrate`'],
]);

/**
 * One sentence for a log line, the status page and /readyz: PostgreSQL's own message with its SQLSTATE and, where known,
 * the fix. Never its DETAIL, which may quote a row, nor anything of the connection string; what the message of a data
 * error (class 22: `invalid input syntax for type numeric: "..."`) quotes comes from a row as well.
 */
export function describeDatabaseError(error: unknown): string {
  if (error instanceof DatabaseError) {
    const hint = HINTS.get(error.code ?? '');
    const isAboutData = error.code?.startsWith('22') === true;
    const message = isAboutData ? error.message.replace(/["„“»«].*["“”«»]/s, '"..."') : error.message;
    return `${message} (SQLSTATE ${error.code ?? 'unknown'})${hint === undefined ? '' : `; ${hint}`}`;
  }
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map((inner) => describeDatabaseError(inner)).join(', ');
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error came from PostgreSQL, pg or the way there. */
export function isDatabaseError(error: unknown): boolean {
  return error instanceof DatabaseError || classifyDatabaseError(error) === 'unavailable';
}
