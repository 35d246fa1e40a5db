import type { ClientBase } from 'pg';
import type { CreatedObject } from './createdObjects.js';
import { MigrationError } from './migrationError.js';
import type { SqlFile } from './sqlFiles.js';

/** What was applied to the database. */
export const RECORD_TABLE = 'portfolio_schema_migrations';

export interface Applied {
  readonly name: string;
  /** SHA-256 of the file as it was applied. */
  readonly checksum: string;
  /** Of a repeatable file what it made; null for a migration. */
  readonly kind: 'view' | 'function' | null;
  /** As DROP takes it: `portfolio_reporting.clock`, `portfolio_value_in_dollars(text,numeric,numeric)`; null for a migration. */
  readonly object: string | null;
  /** Whether the object is still there; true for a migration. */
  readonly exists: boolean;
}

/** By which it is told from somebody else's of the same name. */
const COLUMNS = ['name', 'checksum', 'kind', 'object', 'applied_at'];

export const CREATE_RECORD = `CREATE TABLE ${RECORD_TABLE} (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  kind text CHECK (kind IN ('view', 'function')),
  object text,
  applied_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind IS NULL) = (object IS NULL))
)`;

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

/** What was applied to this database, by name. Only reads; null where there is no record. */
export async function readApplied(client: ClientBase, schema: string): Promise<Applied[] | null> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_class c
      WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND c.relname = $2 AND c.relkind = 'r'
        AND NOT EXISTS (SELECT FROM unnest($3::text[]) AS needed
                         WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = needed AND attnum > 0))`,
    [schema, RECORD_TABLE, COLUMNS],
  );
  if (rowCount === 0) return null;
  const { rows } = await client.query<Applied>(
    `SELECT name, checksum, kind, object,
            CASE kind WHEN 'view' THEN to_regclass(object) IS NOT NULL
                      WHEN 'function' THEN to_regprocedure(object) IS NOT NULL
                      ELSE true END AS exists
       FROM ${client.escapeIdentifier(schema)}.${RECORD_TABLE} ORDER BY name COLLATE "C"`,
  );
  return rows;
}

/** In the transaction that is open, after the file was applied. */
export async function recordApplied(
  client: ClientBase,
  { name, checksum }: SqlFile,
  made: Pick<Applied, 'kind' | 'object'>,
): Promise<void> {
  await client.query(
    `INSERT INTO ${RECORD_TABLE} (name, checksum, kind, object) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, kind = excluded.kind, object = excluded.object, applied_at = now()`,
    [name, checksum, made.kind, made.object],
  );
}

/** The record itself, where something else may stand under its name. */
export const RECORD_OBJECT: CreatedObject = { class: 'relation', schema: null, name: RECORD_TABLE, argumentCount: 0 };

/**
 * The files of migrations still to apply.
 *
 * @throws MigrationError naming every applied file that was edited or deleted since, and every new file whose number
 *   comes before an applied one
 */
export function pendingFiles(files: readonly SqlFile[], applied: readonly Applied[]): SqlFile[] {
  const problems: string[] = [];
  const byName = new Map(files.map((file) => [file.name, file]));
  const next = String(Number((files.at(-1)?.name ?? '0').slice(0, 4)) + 1).padStart(4, '0');
  for (const { name, checksum } of applied) {
    const file = byName.get(name);
    if (file === undefined) {
      problems.push(`${name}.sql was applied to this database but is gone: restore it from version control`);
    } else if (checksum !== file.checksum) {
      problems.push(
        `${file.path} was changed after it was applied (it was ${checksum.slice(0, 12)}, the file is ${file.checksum.slice(0, 12)}): ` +
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
