import { getSystemErrorMap } from 'node:util';
import { ExplainedError } from '../yaml/explainedError.js';
import { ConnectionError } from '../database/connectionError.js';
import { describeDatabaseError, isDatabaseError } from '../database/databaseError.js';

/** One explanation for a person who ran `command`; a stack only where the program itself is at fault. */
export function explainError(error: unknown, command = ''): string {
  if (error instanceof ConnectionError || isDatabaseError(error))
    return `database: ${describeDatabaseError(error, command)}`;
  if (error instanceof ExplainedError || isSystemError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The operating system's refusal of a file, a socket or a program: its message names what and why. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'errno' in error && getSystemErrorMap().has(Number(error.errno));
}
