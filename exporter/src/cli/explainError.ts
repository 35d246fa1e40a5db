import { ConfigError, formatProblem } from '../config/problem.js';
import { describeDatabaseError, isDatabaseError } from '../database/databaseError.js';
import { CommandError } from './io.js';

/** One explanation for a person; a stack only where the program itself is at fault. */
export function explainError(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.map(formatProblem).join('\n');
  if (isDatabaseError(error)) return `database: ${describeDatabaseError(error)}`;
  if (error instanceof CommandError || (error instanceof Error && EXPLAINED.has(error.name))) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Errors whose message says what to do. */
const EXPLAINED: ReadonlySet<string> = new Set([
  'AsOfError',
  'BackfillError',
  'DatabaseSettingsError',
  'ListenError',
  'MigrationError',
  'PortfolioNotEmptyError',
]);
