import { Client } from 'pg';
import { DEFAULT_THRESHOLDS } from '../../../src/config/thresholdCatalogue.js';
import type { KpiSettings } from '../../../src/kpi/unit/kpiInput.js';
import type { TestDatabase } from '../../support/database.js';

export const SETTINGS: KpiSettings = { timeZone: 'UTC', carryForwardDays: 3, thresholds: DEFAULT_THRESHOLDS };

/** A uuid for a short name, such as v1 or r2. */
export const id = (name: string): string =>
  `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;

export const at = (text: string): Date => new Date(`2026-${text}Z`);

/** Three active ventures, and what else a test adds. */
export async function fill(client: Client, rows = ''): Promise<void> {
  await client.query(`
    INSERT INTO ventures (id, name) VALUES ('${id('v1')}', 'Alpha'), ('${id('v2')}', 'Beta'), ('${id('v3')}', 'Gamma');
    ${rows}`);
}

/** Takes back everything that a test did. */
export async function clear(client: Client): Promise<void> {
  await client.query(`
    TRUNCATE ventures CASCADE;
    TRUNCATE resource_conflicts, source_heartbeats, portfolio_actions.recursion_executions, portfolio_actions.recursion_switches,
             portfolio_actions.recursion_refusals, portfolio_actions.watched_conflicts CASCADE;
    UPDATE portfolio_actions.recursion_triggers SET enabled = true;
    SELECT graphile_worker.remove_job(key) FROM graphile_worker.jobs WHERE key IS NOT NULL;`);
}

/** Runs the same work in several sessions at once. */
export async function atOnce<T>(
  database: TestDatabase,
  times: number,
  work: (client: Client) => Promise<T>,
): Promise<T[]> {
  const clients = Array.from({ length: times }, () => new Client({ connectionString: database.url }));
  await Promise.all(clients.map((client) => client.connect()));
  try {
    return await Promise.all(clients.map(work));
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
