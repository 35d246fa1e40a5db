import { generatePortfolio } from '../../demo/generatePortfolio.js';
import { loadPortfolio } from '../../demo/loadPortfolio.js';
import type { TestDatabase } from './database.js';

/** Fills a migrated database with the demo portfolio of today (UTC). */
export async function loadDemoPortfolio(database: Pick<TestDatabase, 'client'>): Promise<void> {
  const now = new Date();
  await loadPortfolio(database.client, generatePortfolio({ today: now.toISOString().slice(0, 10), now }));
}
