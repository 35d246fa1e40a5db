import { DatabaseError } from 'pg';
import { ExplainedError } from '../yaml/explainedError.js';
import type { ConnectionKey } from '../config/connectionOptions.js';
import type { ConnectionAttempt } from '../config/connectionSettings.js';

/** There is no session with the database: none could be made, or the one that was in use is lost. */
export class ConnectionError extends ExplainedError {
  override readonly name = 'ConnectionError';
}

/**
 * One line on why an attempt to connect failed, with the settings that are probably wrong. Nothing depends on it but the
 * words: whatever fails before there is a session is the same to the rest of the program.
 */
export function explainAttempt(error: unknown, attempt: ConnectionAttempt): string {
  // The file of a password or a certificate: the message names the file and the setting.
  if (error instanceof ExplainedError) return error.message;
  const suspects = suspectsOf(error, attempt).flatMap((key) => attempt.nameOf?.(key) ?? []);
  return suspects.length === 0 ? reasonOf(error) : `${reasonOf(error)}; check ${suspects.join(' and ')}`;
}

/** Whether the server never answered: no address, no route, nobody listening, or no word within the time. */
export function isUnreached(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isUnreached);
  return isTimeout(error) || ['connect', 'getaddrinfo'].includes(systemCallOf(error));
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join(', ');
  if (error instanceof DatabaseError) return `${error.message} (SQLSTATE ${error.code ?? 'unknown'})`;
  if (isTimeout(error)) return 'no answer within the connect timeout';
  // Newer versions of Node.js add how to start Node.js otherwise, which is no cure for who runs this program.
  return error instanceof Error ? error.message.replace(/; if the root CA is installed locally.*/s, '') : String(error);
}

function suspectsOf(error: unknown, attempt: ConnectionAttempt): ConnectionKey[] {
  if (error instanceof DatabaseError) {
    if (error.code === '28P01') return ['user', 'password'];
    if (error.code === '28000') return ['user', 'sslmode'];
    return error.code === '3D000' ? ['dbname'] : [];
  }
  if (isUnreached(error)) return systemCallOf(error) === 'getaddrinfo' ? ['host'] : ['host', 'port'];
  if (!attempt.isEncrypted) return [];
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return ['host'];
  // What OpenSSL says about a certificate has a code without this beginning, such as CERT_HAS_EXPIRED.
  return code === '' || code.startsWith('ERR_') || systemCallOf(error) !== '' ? ['sslmode'] : ['sslrootcert'];
}

/** The driver's and the pool's own timers have no code. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && !(error instanceof DatabaseError) && /timeout/i.test(error.message);
}

function systemCallOf(error: unknown): string {
  return error instanceof Error && 'syscall' in error ? String(error.syscall) : '';
}
