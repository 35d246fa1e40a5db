import { escapeIdentifier, type ClientBase } from 'pg';
import { PORTFOLIO_COLUMNS } from './portfolioColumns.js';
import type { Portfolio } from './portfolioRows.js';

/** One statement a table: the server unpacks one array a column. Throws pg errors. */
export async function insertRows<T extends keyof Portfolio>(
  client: Pick<ClientBase, 'query'>,
  table: T,
  rows: readonly Portfolio[T][number][],
  onConflict = '',
): Promise<void> {
  const columns = Object.entries<string>(PORTFOLIO_COLUMNS[table]);
  const names = columns.map(([name]) => escapeIdentifier(name)).join(', ');
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ');
  await client.query(
    `INSERT INTO ${escapeIdentifier(table)} (${names}) SELECT * FROM unnest(${arrays}) ${onConflict}`,
    columns.map(([name]) => rows.map((row): unknown => Reflect.get(row, name))),
  );
}
