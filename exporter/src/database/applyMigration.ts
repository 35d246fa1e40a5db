import { dirname } from 'node:path';
import { type MigrationBuilder, runner } from 'node-pg-migrate';
import { type ClientBase, DatabaseError } from 'pg';
import { describeServerError, MigrationError } from './migrationError.js';
import { lineOfCharacter, type MigrationFile, type MigrationStatement } from './migrationFiles.js';
import { CHECKSUMS_TABLE, MIGRATIONS_TABLE } from './migrationState.js';

/**
 * Applies one file, with its record and its checksum, in the transaction that is open.
 *
 * @throws MigrationError with file and line
 */
export async function applyMigration(
  client: ClientBase,
  schema: string,
  file: MigrationFile,
  statements: readonly MigrationStatement[],
): Promise<void> {
  let failure: MigrationError | undefined;
  const up = async (builder: MigrationBuilder): Promise<void> => {
    // The library would end the transaction that holds all of them.
    builder.noTransaction();
    for (const statement of statements) {
      try {
        await builder.db.query(statement.sql);
      } catch (error) {
        failure = new MigrationError(
          describeServerError(error),
          { file: file.path, line: lineOf(error, statement) },
          { cause: error },
        );
        throw failure;
      }
    }
    const table = `${client.escapeIdentifier(schema)}.${CHECKSUMS_TABLE}`;
    await builder.db.query(`INSERT INTO ${table} (name, checksum) VALUES ($1, $2)`, [file.name, file.checksum]);
  };
  const silent = (): void => undefined;
  try {
    await runner({
      dbClient: client,
      dir: dirname(file.path),
      ignorePattern: `(?!${file.name}\\.sql$).*`,
      migrationLoaderStrategies: [
        {
          extensions: ['.sql'],
          loader: (paths) =>
            Promise.resolve(paths.map((path) => ({ id: path, filePaths: [path], actions: { up, down: false } }))),
        },
      ],
      direction: 'up',
      migrationsTable: MIGRATIONS_TABLE,
      migrationsSchema: schema,
      singleTransaction: false,
      // The order was checked before, by number and not by clock.
      checkOrder: false,
      noLock: true,
      logger: { info: silent, warn: silent, error: silent },
    });
  } catch (error) {
    throw failure ?? new MigrationError(describeServerError(error), { file: file.path }, { cause: error });
  }
}

function lineOf(error: unknown, statement: MigrationStatement): number {
  if (!(error instanceof DatabaseError) || error.position === undefined) return statement.line;
  return statement.line + lineOfCharacter(statement.sql, Number(error.position) - 1) - 1;
}
