import type { ClientBase } from 'pg';
import { dashboardRange } from './dashboardRange.js';
import { expandSql } from './expandSql.js';
import type { Choice, Range } from './expandSql.js';
import { ALL_VALUES } from './panelQueries.js';

export interface Table {
  readonly names: readonly string[];
  /** Name and PostgreSQL type: `Venture text`. */
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const range = dashboardRange(new Date());

/** Runs a panel's query as Grafana's role, which reads the reporting views and nothing else. */
export async function runPanelSql(
  client: ClientBase,
  sql: string,
  chosen: Choice = {},
  shown: Range = range,
): Promise<Table> {
  await client.query('BEGIN READ ONLY');
  try {
    await client.query('SET LOCAL ROLE portfolio_grafana');
    const { fields, rows } = await client.query<Record<string, unknown>>(expandSql(sql, shown, ALL_VALUES, chosen));
    const types = await client.query<{ name: string }>(
      'SELECT format_type(oid, NULL) AS name FROM unnest($1::oid[]) WITH ORDINALITY AS t (oid, n) ORDER BY n',
      [fields.map(({ dataTypeID }) => dataTypeID)],
    );
    const names = fields.map(({ name }) => name);
    return { names, columns: names.map((name, index) => `${name} ${types.rows[index]?.name ?? ''}`), rows };
  } finally {
    await client.query('ROLLBACK');
  }
}
