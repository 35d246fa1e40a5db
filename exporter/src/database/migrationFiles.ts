import { join } from 'node:path';
import { type CreatedObject, createdObject } from './createdObjects.js';
import { MigrationError } from './migrationError.js';
import { readSqlFiles, type SqlFile, splitStatements, type SqlStatement } from './sqlFiles.js';

const FILE_NAME = /^(\d{4})_[a-z0-9_]+$/;

/**
 * Every `migrations/NNNN_name.sql` of `directory`, in the order of their numbers.
 *
 * @throws MigrationError for a misnamed `.sql` file, a number used twice, or a directory without migrations
 */
export async function readMigrationFiles(directory: string): Promise<SqlFile[]> {
  const folder = join(directory, 'migrations');
  const files = await readSqlFiles(folder);
  if (files.length === 0) throw new MigrationError('no migrations (NNNN_name.sql) in this directory', { file: folder });
  const byNumber = new Map<string, string>();
  for (const { name, path } of files) {
    const number = FILE_NAME.exec(name)?.[1];
    if (number === undefined) {
      throw new MigrationError('not a name of a migration: call it NNNN_name.sql, four digits first', { file: path });
    }
    const twin = byNumber.get(number);
    if (twin !== undefined) throw new MigrationError(`number ${number} is already taken by ${twin}`, { file: path });
    byNumber.set(number, `${name}.sql`);
  }
  return files;
}

/** A migration that was not applied yet. */
export interface Migration {
  readonly file: SqlFile;
  readonly statements: readonly SqlStatement[];
  /** What it makes and must not find there. */
  readonly creates: readonly CreatedObject[];
}

/** Throws what {@link splitStatements} throws. */
export async function readMigration(file: SqlFile): Promise<Migration> {
  const statements = await splitStatements(file);
  return { file, statements, creates: statements.flatMap(({ tree }) => createdObject(tree) ?? []) };
}
