import type { ClientBase } from 'pg';
import { classifyDatabaseError, describeDatabaseError } from './databaseError.js';
import { MIGRATIONS_TABLE } from './migrationState.js';
import { inTransaction } from './transaction.js';

/**
 * What is wrong with the schema for a program that comes with these migrations, in one sentence with the cure; null where
 * exactly these are applied. `timeoutMs` is the longest it may take on the server. Throws only what a database that does not
 * answer throws: whatever else keeps the record of the migrations from being read is an answer.
 */
export async function schemaProblem(
  client: ClientBase,
  migrations: readonly string[],
  timeoutMs: number,
): Promise<string | null> {
  try {
    // Whoever locks the record of the migrations must not make the database look as if it were down.
    const limits = { access: 'READ ONLY', timeoutMs, lockTimeoutMs: timeoutMs } as const;
    const applied = await inTransaction(client, limits, () => readNames(client));
    return applied === null
      ? 'no migration was applied to this database: run `portfolio-exporter migrate`'
      : compare(applied, migrations);
  } catch (error) {
    if (classifyDatabaseError(error) === 'unavailable') throw error;
    return `which migrations were applied cannot be read: ${describeDatabaseError(error)}`;
  }
}

/** null: there is no record of migrations, and asking for it leaves no error in the server's log. */
async function readNames(client: ClientBase): Promise<string[] | null> {
  const table = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    MIGRATIONS_TABLE,
  ]);
  if (table.rows[0]?.exists !== true) return null;
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`);
  return rows.map(({ name }) => name);
}

function compare(applied: readonly string[], known: readonly string[]): string | null {
  const pending = known.filter((name) => !applied.includes(name));
  if (pending.length > 0) return `not applied yet: ${pending.join(', ')}; run \`portfolio-exporter migrate\``;
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return `${unknown.join(', ')} came from another version of this program: start the version that migrated this database`;
  }
  return null;
}
