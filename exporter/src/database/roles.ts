import type { ClientBase } from 'pg';

/**
 * Complete SQL statements, in order, that are still needed for the roles portfolio_exporter and portfolio_grafana to
 * have exactly the rights the product describes (source: function portfolio_missing_grants of migration 0006).
 * Empty when nothing is missing, and in a database to which that migration was not applied.
 */
export async function missingGrants(client: ClientBase): Promise<string[]> {
  return statements(client, 'portfolio_missing_grants');
}

/** Runs those of the missing statements that this role may run, and returns the others. */
export async function applyGrants(client: ClientBase): Promise<string[]> {
  return statements(client, 'portfolio_apply_grants');
}

async function statements(client: ClientBase, name: string): Promise<string[]> {
  const { rows: found } = await client.query<{ exists: boolean }>('SELECT to_regproc($1) IS NOT NULL AS exists', [name]);
  if (found[0]?.exists !== true) return [];
  const { rows } = await client.query<{ statement: string }>(`SELECT statement FROM ${name}() AS statement`);
  return rows.map(({ statement }) => statement);
}
