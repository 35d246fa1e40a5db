import { DatabaseError } from 'pg';
import { ExplainedError } from '../yaml/explainedError.js';

/**
 * A migration cannot be applied, or the database does not fit the files. The message starts with `file:line:` where they
 * are known and ends with the fix; `file` and `line` (from 1) repeat them.
 */
export class MigrationError extends ExplainedError {
  override readonly name = 'MigrationError';
  readonly file: string | null;
  readonly line: number | null;

  constructor(message: string, place: { file?: string; line?: number } = {}, options?: ErrorOptions) {
    const prefix =
      place.file === undefined ? '' : place.line === undefined ? place.file : `${place.file}:${place.line}`;
    super(prefix === '' ? message : `${prefix}: ${message}`, options);
    this.file = place.file ?? null;
    this.line = place.line ?? null;
  }
}

/** PostgreSQL's message with its DETAIL and HINT: a migration's rows are the schema's, not anybody's data. */
export function describeServerError(error: unknown): string {
  if (!(error instanceof DatabaseError)) return error instanceof Error ? error.message : String(error);
  const parts = [error.message];
  if (error.detail !== undefined) parts.push(error.detail);
  if (error.hint !== undefined) parts.push(`fix: ${error.hint}`);
  return parts.join('; ');
}
