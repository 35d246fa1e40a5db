import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Client } from 'pg';
import { createDatabase, type TestDatabase } from '../support/database.js';

const INITIATIVE = '00000000-0000-4000-8000-000000000002';
const VENTURE = '00000000-0000-4000-8000-000000000001';
const MILESTONE = '00000000-0000-4000-8000-000000000003';

describe('a change of a table that a KPI reads', () => {
  let database: TestDatabase;
  let listener: Client;
  let received: string[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    await database.client.query(`
      INSERT INTO ventures (id, name) VALUES ('${VENTURE}', 'Northwind');
      INSERT INTO synergy_initiatives (id, code, name) VALUES ('${INITIATIVE}', 'AUTH-SHARED-001', 'Shared login');
      INSERT INTO initiative_milestones (id, initiative_id, name, deadline) VALUES ('${MILESTONE}', '${INITIATIVE}', 'Design', '2030-01-01');`);
    listener = new Client({ connectionString: database.url });
    await listener.connect();
    listener.on('notification', ({ channel, payload }) => received.push(`${channel} ${payload ?? ''}`));
    await listener.query('LISTEN portfolio_changes');
  });
  afterAll(async () => {
    await listener.end();
    await database.drop();
  });

  /** What a listener hears of the statement; a last notification on the same channel marks the end. */
  const heard = async (sql: string): Promise<string[]> => {
    received = [];
    await database.client.query(sql);
    await database.client.query(`SELECT pg_notify('portfolio_changes', 'the end')`);
    await vi.waitFor(() => expect(received.at(-1)).toBe('portfolio_changes the end'), 60_000);
    return received.slice(0, -1);
  };

  it.each([
    [
      'value_capture_log',
      `INSERT INTO value_capture_log (initiative_id, value_type, value_amount) VALUES ('${INITIATIVE}', 'COST_SAVED', 1)`,
    ],
    ['value_capture_log', `UPDATE value_capture_log SET value_amount = 2`],
    ['value_capture_log', `DELETE FROM value_capture_log`],
    ['value_capture_log', `TRUNCATE value_capture_log`],
    [
      'resource_conflicts',
      `INSERT INTO resource_conflicts (resource_id, resource_name, total_allocation_pct) VALUES ('${VENTURE}', 'Ada', 120)`,
    ],
    [
      'venture_resource_allocations',
      `INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
                                      VALUES ('${VENTURE}', 'Ada', 'people', '${VENTURE}', 60)`,
    ],
    ['synergy_initiatives', `UPDATE synergy_initiatives SET progress_pct = 10`],
    [
      'initiative_milestones',
      `INSERT INTO initiative_milestones (initiative_id, name, deadline) VALUES ('${INITIATIVE}', 'Pilot', '2030-01-01')`,
    ],
    ['initiative_milestones', `UPDATE initiative_milestones SET deadline = '2030-02-01'`],
    [
      'initiative_notifications',
      `INSERT INTO initiative_notifications (milestone_id, recipient) VALUES ('${MILESTONE}', 'Ann')`,
    ],
    ['initiative_notifications', `DELETE FROM initiative_notifications`],
    [
      'initiative_responses',
      `INSERT INTO initiative_responses (initiative_id, responded_by, note) VALUES ('${INITIATIVE}', 'Ann', 'In April')`,
    ],
    ['initiative_responses', `UPDATE initiative_responses SET note = 'In May'`],
    ['ventures', `UPDATE ventures SET status = 'sold'`],
    ['venture_metrics', `INSERT INTO venture_metrics (venture_id, recorded_at) VALUES ('${VENTURE}', '2030-01-01')`],
    [
      'kpi_history',
      `INSERT INTO kpi_history (kpi, metric, labels, day, value) VALUES ('k', 'm', '{}', '2030-01-01', 1)`,
    ],
    ['venture_assessments', `DELETE FROM venture_assessments`],
    ['synergy_opportunities', `DELETE FROM synergy_opportunities`],
    ['portfolio_coordination_plans', `DELETE FROM portfolio_coordination_plans`],
    ['venture_resource_usage', `DELETE FROM venture_resource_usage`],
    ['initiative_ventures', `DELETE FROM initiative_ventures`],
  ])('is announced with the name %s: %s', async (table, sql) => {
    expect(await heard(sql)).toEqual([`portfolio_changes ${table}`]);
  });

  it('of 10,000 rows is announced once, by one call of the trigger', async () => {
    const { client } = database;
    await client.query(`SET track_functions = 'all'`);
    received = [];
    await client.query('BEGIN');
    await client.query(`INSERT INTO value_capture_log (initiative_id, value_type, value_amount)
                        SELECT '${INITIATIVE}', 'COST_SAVED', n FROM generate_series(1, 10000) AS n`);
    // PostgreSQL folds equal notifications of a transaction, so only the number of calls shows a trigger that fires by row.
    const calls = await client.query(
      `SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'portfolio_notify_change'`,
    );
    expect(calls.rows).toEqual([{ calls: '1' }]);
    expect(received).toEqual([]);
    expect(await heard('COMMIT')).toEqual(['portfolio_changes value_capture_log']);
  });

  it('is not announced when it is rolled back, nor one of a table that no KPI reads', async () => {
    expect(await heard(`BEGIN; UPDATE synergy_initiatives SET progress_pct = 20; ROLLBACK`)).toEqual([]);
    expect(
      await heard(`INSERT INTO source_heartbeats (source, seen_at) VALUES ('synergy_initiatives', now())`),
    ).toEqual([]);
  });
});
