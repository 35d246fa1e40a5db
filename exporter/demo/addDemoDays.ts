import type { ClientBase } from 'pg';
import type { Moment } from '../src/kpi/unit/moment.js';
import { generatePortfolio } from './generatePortfolio.js';
import { insertRows } from './insertRows.js';

/** Tables to which the demo's ventures add rows every day. */
const DAILY_TABLES = ['venture_metrics', 'venture_resource_usage'] as const;

/**
 * Adds the rows of the days that passed since the demo portfolio was loaded, so that one that runs for days does not go
 * stale. Rows that are there stay as they are, also those that somebody moved to another day (docs/demo-alerts.md), and
 * ventures that somebody deleted stay deleted. Throws pg errors.
 */
export async function addDemoDays(client: Pick<ClientBase, 'query'>, { asOf, now }: Moment): Promise<void> {
  const { rows: ventures } = await client.query<{ id: string }>('SELECT id FROM ventures');
  const living = new Set(ventures.map(({ id }) => id));
  const portfolio = generatePortfolio({ today: asOf, now });
  for (const table of DAILY_TABLES) {
    const { rows } = await client.query<{ newest: string | null }>(
      `SELECT to_char(max(recorded_at), 'YYYY-MM-DD') AS newest FROM ${table} WHERE recorded_at <= $1`,
      [asOf],
    );
    const newest = rows[0]?.newest ?? '';
    const missing = portfolio[table].filter((row) => row.recorded_at > newest && living.has(row.venture_id));
    if (missing.length > 0) await insertRows(client, table, missing, 'ON CONFLICT DO NOTHING');
  }
}
