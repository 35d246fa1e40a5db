import type { ClientBase } from 'pg';
import { ExplainedError } from '../config/explainedError.js';
import { insertRows } from './insertRows.js';
import { PORTFOLIO_COLUMNS } from './portfolioColumns.js';
import type { Portfolio } from './portfolioRows.js';

/** The database already holds ventures: invented rows never mix with someone's own. */
export class PortfolioNotEmptyError extends ExplainedError {
  override readonly name = 'PortfolioNotEmptyError';
}

/**
 * Inserts the portfolio into a migrated database without ventures, in one transaction, and refreshes the planner's
 * statistics. Throws {@link PortfolioNotEmptyError}, or the server's error; then nothing was changed.
 */
export async function loadPortfolio(client: ClientBase, portfolio: Portfolio): Promise<void> {
  await client.query('BEGIN');
  try {
    const { rowCount } = await client.query('SELECT FROM ventures LIMIT 1');
    if (rowCount !== 0) {
      throw new PortfolioNotEmptyError(
        'the database already has ventures: load the demo portfolio into an empty database',
      );
    }
    for (const table of Object.keys(PORTFOLIO_COLUMNS) as (keyof Portfolio)[])
      await insertRows(client, table, portfolio[table]);
    await client.query(`ANALYZE ${Object.keys(PORTFOLIO_COLUMNS).join(', ')}`);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
