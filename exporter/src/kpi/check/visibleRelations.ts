import type { ClientBase } from 'pg';

/** The names of the tables and views that a query finds without a schema, but those of PostgreSQL itself. */
export async function visibleRelations(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name
       FROM pg_catalog.pg_class
      WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
        AND relnamespace <> 'pg_catalog'::pg_catalog.regnamespace
        AND pg_catalog.pg_table_is_visible(oid)
      ORDER BY relname`,
  );
  return rows.map(({ name }) => name);
}
