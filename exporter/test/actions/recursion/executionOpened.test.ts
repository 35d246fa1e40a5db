import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { executionOpened } from '../../../src/actions/recursion/executionOpened.js';
import { runTrigger } from '../../../src/actions/recursion/runTrigger.js';
import type { TriggerId } from '../../../src/actions/recursion/recursionTriggers.js';
import { parseRecipients } from '../../../src/config/recipientsFile.js';
import { createDatabase as createPool } from '../../../src/database/pool.js';
import type { Database } from '../../../src/database/pool.js';
import { createDatabase } from '../../support/database.js';
import type { TestDatabase } from '../../support/database.js';
import { at, clear, fill, id, SETTINGS } from './portfolioFixture.js';

const RECIPIENTS = fileURLToPath(new URL('../../../../alertmanager/recipients.yaml', import.meta.url));
const recipients = parseRecipients(readFileSync(RECIPIENTS, 'utf8'), RECIPIENTS);
const now = at('11-02T06:00');

let database: TestDatabase;
let pool: Database;
beforeAll(async () => {
  database = await createDatabase();
  pool = createPool({ settings: { connectionString: database.url }, maxConnections: 1, onIdleError: () => undefined });
});
afterEach(async () => {
  await database.client.query('TRUNCATE portfolio_actions.mails');
  await clear(database.client);
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

/** Fires the trigger, runs its jobs twice over, and says which role was mailed what. */
async function told(trigger: TriggerId): Promise<string[]> {
  const results = await runTrigger(database.client, { trigger, now, by: 'schedule', settings: SETTINGS });
  const context = {
    database: pool,
    now: () => now,
    configuration: () => ({ recipients, thresholds: SETTINGS.thresholds }),
  };
  for (const result of [...results, ...results]) if (result.fired) await executionOpened(result.id, context);
  const { rows } = await database.client.query<{ role: string; subject: string }>(
    'SELECT role, subject FROM portfolio_actions.mails ORDER BY role',
  );
  return rows.map(({ role, subject }) => `${role}: ${subject}`);
}

const opportunity = (other: string, score: number): string =>
  `INSERT INTO synergy_opportunities (venture_1_id, venture_2_id, synergy_type, net_score, created_at)
   VALUES ('${id('v1')}', '${id(other)}', 'TEAM', ${score}, '2026-10-01Z');`;

it('new opportunities are one mail to the PortfolioAnalyst; those of a high score are told to the Chairman', async () => {
  await fill(database.client, [opportunity('v2', 3), opportunity('v3', 4), opportunity('v3', 3.9)].join(''));
  expect(await told('PORTFOLIO-001')).toEqual([
    'Chairman: 2 synergy opportunities: worth a net score of 4 or more',
    'PortfolioAnalyst: 3 synergy opportunities: new in the register',
  ]);
});

it('five that wait are planned together by the CoordinationPlanner', async () => {
  await fill(database.client, [3, 3, 3, 3].map((score) => opportunity('v2', score)).join('') + opportunity('v3', 3));
  expect(await told('PORTFOLIO-001')).toEqual([
    'CoordinationPlanner: 5 synergy opportunities: waiting, enough to plan them together',
    'PortfolioAnalyst: 5 synergy opportunities: new in the register',
  ]);
});

it('critical dependencies are told to the PortfolioOptimizationAdvisor, on two others to the Chairman too', async () => {
  const depends = (on: string, type: string): string =>
    `INSERT INTO venture_dependencies (venture_id, depends_on_venture_id, dependency_type, dependency_criticality, created_at)
     VALUES ('${id('v1')}', '${id(on)}', '${type}', 'CRITICAL', '2026-10-01Z');`;
  await fill(database.client, depends('v2', 'data') + depends('v2', 'payments'));
  expect(await told('PORTFOLIO-004')).toEqual(['PortfolioOptimizationAdvisor: Alpha depends critically on others']);
  const { rows } = await database.client.query<{ text: string }>('SELECT text FROM portfolio_actions.mails');
  expect(rows[0]?.text.replaceAll(/\s+/g, ' ')).toContain(
    'depends critically on others in 2 ways; the threshold is 2.',
  );
  await clear(database.client);
  await database.client.query('TRUNCATE portfolio_actions.mails');
  await fill(database.client, depends('v2', 'data') + depends('v3', 'payments'));
  expect(await told('PORTFOLIO-004')).toEqual([
    'Chairman: Alpha depends critically on others',
    'PortfolioOptimizationAdvisor: Alpha depends critically on others',
  ]);
});
