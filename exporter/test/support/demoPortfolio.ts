import { Client } from 'pg';
import { generatePortfolio } from '../../demo/generatePortfolio.js';
import { loadPortfolio } from '../../demo/loadPortfolio.js';
import { MIGRATED_TEMPLATE } from './migratedTemplate.js';

const DEMO_TEMPLATE = 'portfolio_demo_template';

/** Fills a migrated database with the demo portfolio of today (UTC). */
export async function loadDemoPortfolio({ client }: { readonly client: Client }): Promise<void> {
  const now = new Date();
  await loadPortfolio(client, generatePortfolio({ today: now.toISOString().slice(0, 10), now }));
}

/**
 * The name of the template of migrated databases with the demo portfolio. Who needs it first makes it: loading takes a second or
 * two, cloning some milliseconds.
 */
export async function demoTemplate(server: string): Promise<string> {
  const admin = new Client({ connectionString: server });
  await admin.connect();
  try {
    // Held until the session ends.
    await admin.query('SELECT pg_advisory_lock(1)');
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [DEMO_TEMPLATE]);
    if (rowCount === 0) {
      await admin.query('DROP DATABASE IF EXISTS demo_staging WITH (FORCE)');
      await admin.query(`CREATE DATABASE demo_staging TEMPLATE ${MIGRATED_TEMPLATE}`);
      const url = new URL(server);
      url.pathname = '/demo_staging';
      const client = new Client({ connectionString: url.href });
      await client.connect();
      await loadDemoPortfolio({ client }).finally(() => client.end());
      await admin.query(`ALTER DATABASE demo_staging RENAME TO ${DEMO_TEMPLATE}`);
    }
  } finally {
    await admin.end();
  }
  return DEMO_TEMPLATE;
}
