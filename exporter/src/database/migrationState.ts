import type { ClientBase } from 'pg';
import { MigrationError } from './migrationError.js';
import type { MigrationFile } from './migrationFiles.js';

/** The library's own table of what was applied, and beside it what the applied files contained. */
export const MIGRATIONS_TABLE = 'portfolio_schema_migrations';
export const CHECKSUMS_TABLE = 'portfolio_schema_checksums';

export interface AppliedMigration {
  readonly name: string;
  /** SHA-256 of the file as it was applied; null where none was recorded. */
  readonly checksum: string | null;
}

/** Their columns, by which they are told from somebody else's of the same name. */
const RECORDS: Readonly<Record<string, readonly string[]>> = {
  [MIGRATIONS_TABLE]: ['id', 'name', 'run_on'],
  [CHECKSUMS_TABLE]: ['name', 'checksum'],
};

/** The schema that unqualified names are created in. Throws {@link MigrationError} when there is none, or only the server's. */
export async function targetSchema(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ schema: string | null }>('SELECT current_schema() AS schema');
  const schema = rows[0]?.schema ?? null;
  if (schema === null) {
    throw new MigrationError(
      'the search_path names no schema that exists: create it, or set search_path for this role',
    );
  }
  if (/^pg_|^information_schema$/.test(schema)) {
    throw new MigrationError(
      `the search_path leads to ${schema.replace(/_\d+$/, '')}, which belongs to the server: set search_path for this role to a schema of yours`,
    );
  }
  return schema;
}

/** What was applied to this database, oldest first. Only reads; without the tables, nothing was. */
export async function readApplied(client: ClientBase, schema: string): Promise<AppliedMigration[]> {
  const absent = await absentRecords(client, schema);
  if (absent.includes(MIGRATIONS_TABLE)) return [];
  const from = `${client.escapeIdentifier(schema)}.${MIGRATIONS_TABLE} AS m`;
  const { rows } = await client.query<AppliedMigration>(
    absent.includes(CHECKSUMS_TABLE)
      ? `SELECT m.name, NULL AS checksum FROM ${from} ORDER BY m.id`
      : `SELECT m.name, c.checksum FROM ${from}
           LEFT JOIN ${client.escapeIdentifier(schema)}.${CHECKSUMS_TABLE} AS c USING (name) ORDER BY m.id`,
  );
  return rows;
}

/** The tables of the record that are not there; something else may stand under their names. */
export async function absentRecords(client: ClientBase, schema: string): Promise<string[]> {
  const absent: string[] = [];
  for (const [name, columns] of Object.entries(RECORDS)) {
    const { rowCount } = await client.query(
      `SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind = 'r'
          AND NOT EXISTS (SELECT FROM unnest($3::text[]) AS needed
                           WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = needed AND attnum > 0))`,
      [schema, name, columns],
    );
    if (rowCount === 0) absent.push(name);
  }
  return absent;
}

/**
 * The files still to apply.
 *
 * @throws MigrationError naming every applied file that was edited or deleted since, and every new file whose number
 *   comes before an applied one
 */
export function pendingFiles(files: readonly MigrationFile[], applied: readonly AppliedMigration[]): MigrationFile[] {
  const problems: string[] = [];
  const byName = new Map(files.map((file) => [file.name, file]));
  const next = String(Number((files.at(-1)?.name ?? '0').slice(0, 4)) + 1).padStart(4, '0');
  for (const { name, checksum } of applied) {
    const file = byName.get(name);
    if (file === undefined) {
      problems.push(`${name}.sql was applied to this database but is gone: restore it from version control`);
    } else if (checksum !== file.checksum) {
      const was = checksum === null ? 'no checksum was recorded' : `it was ${checksum.slice(0, 12)}`;
      problems.push(
        `${file.path} was changed after it was applied (${was}, the file is ${file.checksum.slice(0, 12)}): ` +
          `restore it, and put the change into a new migration ${next}_name.sql`,
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  const last = [...done].sort().at(-1);
  const pending = files.filter(({ name }) => !done.has(name));
  for (const file of pending) {
    if (last !== undefined && file.name < last) {
      problems.push(
        `${file.path} comes before ${last}.sql, which is already applied: give it the next free number, ${next}`,
      );
    }
  }
  if (problems.length > 0) throw new MigrationError(problems.join('\n'));
  return pending;
}
