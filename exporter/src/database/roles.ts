import type { ClientBase } from 'pg';

/** The roles of the programs that use the database (source: sql/repeatable/portfolio_missing_grants.sql). */
export const ROLES: readonly string[] = ['portfolio_actions', 'portfolio_exporter', 'portfolio_grafana'];

/**
 * Complete SQL statements, in order, that are still needed for the roles portfolio_actions, portfolio_exporter and portfolio_grafana to
 * have exactly the rights the product describes (source: sql/repeatable/portfolio_missing_grants.sql).
 * Empty when nothing is missing, and in a database to which that was not applied.
 */
export async function missingGrants(client: ClientBase): Promise<string[]> {
  return statements(client, 'portfolio_missing_grants');
}

/**
 * Runs those of the missing statements that this role may run, and returns the others; a role that may not change the
 * schema changes nothing.
 */
export async function applyGrants(client: ClientBase): Promise<string[]> {
  const name = 'portfolio_apply_grants';
  return statements(client, (await mayExecute(client, name)) === false ? 'portfolio_missing_grants' : name);
}

async function statements(client: ClientBase, name: string): Promise<string[]> {
  if ((await mayExecute(client, name)) === null) return [];
  const { rows } = await client.query<{ statement: string }>(`SELECT statement FROM ${name}() AS statement`);
  return rows.map(({ statement }) => statement);
}

/** Null when there is no such function. */
async function mayExecute(client: ClientBase, name: string): Promise<boolean | null> {
  const { rows } = await client.query<{ may: boolean | null }>(
    `SELECT has_function_privilege(to_regproc($1)::oid, 'EXECUTE') AS may`,
    [name],
  );
  return rows[0]?.may ?? null;
}
