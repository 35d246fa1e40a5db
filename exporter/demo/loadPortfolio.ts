import type { ClientBase } from 'pg';
import { ExplainedError } from '../src/yaml/explainedError.js';
import { inTransaction } from '../src/database/transaction.js';
import { insertRows } from './insertRows.js';
import { PORTFOLIO_COLUMNS } from './portfolioColumns.js';
import type { Portfolio } from './portfolioRows.js';

/** The database already holds ventures: invented rows never mix with someone's own. */
export class PortfolioNotEmptyError extends ExplainedError {
  override readonly name = 'PortfolioNotEmptyError';
}

/** One table's rows, on a machine that is busy. */
const LOAD_TIMEOUT_MS = 5 * 60_000;

/**
 * Inserts the portfolio into a migrated database without ventures, in one transaction, and refreshes the planner's
 * statistics. Throws {@link PortfolioNotEmptyError}, or the server's error; then nothing was changed.
 */
export async function loadPortfolio(client: ClientBase, portfolio: Portfolio): Promise<void> {
  await inTransaction(client, { access: 'READ WRITE', timeoutMs: LOAD_TIMEOUT_MS }, async () => {
    const { rowCount } = await client.query('SELECT FROM ventures LIMIT 1');
    if (rowCount !== 0) {
      throw new PortfolioNotEmptyError(
        'the database already has ventures: load the demo portfolio into an empty database',
      );
    }
    for (const table of Object.keys(PORTFOLIO_COLUMNS) as (keyof Portfolio)[])
      await insertRows(client, table, portfolio[table]);
    await client.query(`ANALYZE ${Object.keys(PORTFOLIO_COLUMNS).join(', ')}`);
  });
}
