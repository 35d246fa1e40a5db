import type { ClientBase } from 'pg';
import { classifyDatabaseError, describeDatabaseError } from './databaseError.js';
import { RECORD_TABLE } from './migrationRecord.js';
import type { SqlFile } from './sqlFiles.js';
import { inTransaction } from './transaction.js';

/**
 * What is wrong with the schema for a program that comes with these files, in one sentence with the cure; null where
 * exactly these are applied. `timeoutMs` is the longest it may take on the server. Throws only what a database that does not
 * answer throws: whatever else keeps the record of the migrations from being read is an answer.
 */
export async function schemaProblem(
  client: ClientBase,
  files: readonly SqlFile[],
  timeoutMs: number,
): Promise<string | null> {
  try {
    // Whoever locks the record of the migrations must not make the database look as if it were down.
    const limits = { access: 'READ ONLY', timeoutMs, lockTimeoutMs: timeoutMs } as const;
    const applied = await inTransaction(client, limits, () => readRecord(client));
    return applied === null
      ? 'no migration was applied to this database: run `portfolio-exporter migrate`'
      : compare(applied, files);
  } catch (error) {
    if (classifyDatabaseError(error) === 'unavailable') throw error;
    return `which migrations were applied cannot be read: ${describeDatabaseError(error)}`;
  }
}

type Recorded = Pick<SqlFile, 'name' | 'checksum'>;

/** null: there is no record of migrations, and asking for it leaves no error in the server's log. */
async function readRecord(client: ClientBase): Promise<Recorded[] | null> {
  const table = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [RECORD_TABLE]);
  if (table.rows[0]?.exists !== true) return null;
  const { rows } = await client.query<Recorded>(`SELECT name, checksum FROM ${RECORD_TABLE} ORDER BY name COLLATE "C"`);
  return rows;
}

function compare(applied: readonly Recorded[], known: readonly Recorded[]): string | null {
  const before = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  const pending = known.filter(({ name }) => !before.has(name)).map(({ name }) => name);
  if (pending.length > 0) return `not applied yet: ${pending.join(', ')}; run \`portfolio-exporter migrate\``;
  const names = new Set(known.map(({ name }) => name));
  const unknown = applied.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  if (unknown.length > 0) {
    return `${unknown.join(', ')} came from another version of this program: start the version that migrated this database`;
  }
  const other = known.filter(({ name, checksum }) => before.get(name) !== checksum).map(({ name }) => name);
  if (other.length === 0) return null;
  return `applied from another version of this program: ${other.join(', ')}; run \`portfolio-exporter migrate\` of the newer version, and start that`;
}
