import type { ClientBase } from 'pg';
import { inTransaction } from '../src/database/transaction.js';
import { presentMoment } from '../src/kpi/unit/moment.js';
import { addDemoDays } from './addDemoDays.js';
import { DEMO_VENTURES } from './demoVentures.js';
import { generatePortfolio } from './generatePortfolio.js';
import { loadPortfolio, PortfolioNotEmptyError } from './loadPortfolio.js';
import { ventureId } from './portfolioVentures.js';

/**
 * Loads the demo portfolio into a migrated database without ventures (`loaded`); where its ventures are already there
 * (`found`), only the days that passed since then are added. Throws {@link PortfolioNotEmptyError} where all ventures are
 * someone's own, and pg errors; then nothing was changed.
 */
export async function fillDemoDatabase(client: ClientBase, timeZone: string): Promise<'loaded' | 'found'> {
  const { rows } = await inTransaction(client, { access: 'READ ONLY' }, () =>
    client.query<{ id: string }>('SELECT id FROM ventures'),
  );
  const moment = await presentMoment(client, timeZone);
  if (rows.length === 0) {
    await loadPortfolio(client, generatePortfolio({ today: moment.asOf, now: moment.now }));
    return 'loaded';
  }
  const demo = new Set(DEMO_VENTURES.map(({ key }) => ventureId(key)));
  if (!rows.some(({ id }) => demo.has(id))) {
    throw new PortfolioNotEmptyError(
      `the database has ${rows.length} ${rows.length === 1 ? 'venture' : 'ventures'} of its own: the demo portfolio is ` +
        'for an empty database, so nothing was loaded',
    );
  }
  await addDemoDays(client, moment);
  return 'found';
}
