import { type ClientBase, DatabaseError } from 'pg';
import { describeServerError, MigrationError } from './migrationError.js';
import { lineOfCharacter, type SqlFile, type SqlStatement } from './sqlFiles.js';

/**
 * Runs the statements of a file in the transaction that is open.
 *
 * @throws MigrationError with file and line
 */
export async function applyStatements(
  client: ClientBase,
  file: SqlFile,
  statements: readonly SqlStatement[],
): Promise<void> {
  for (const statement of statements) {
    await client.query(statement.sql).catch((error: unknown) => {
      const place = { file: file.path, line: lineOf(error, statement) };
      throw new MigrationError(describeServerError(error), place, { cause: error });
    });
  }
}

function lineOf(error: unknown, statement: SqlStatement): number {
  if (!(error instanceof DatabaseError) || error.position === undefined) return statement.line;
  return statement.line + lineOfCharacter(statement.sql, Number(error.position) - 1) - 1;
}
