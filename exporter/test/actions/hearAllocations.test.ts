import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { hearAllocations } from '../../src/actions/jobs/hearAllocations.js';
import { createDatabase as createPool } from '../../src/database/pool.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import { recordedLogger } from '../support/recordedLogger.js';
import { startTestActions } from './testActions.js';

let owner: TestDatabase;
beforeAll(async () => {
  owner = await createDatabase();
  await owner.client.query(`INSERT INTO ventures (name, status) VALUES ('Alpha', 'active')`);
});
afterAll(() => owner.drop());

const allocate = (percent: number): Promise<unknown> =>
  owner.client.query(
    `INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available)
     SELECT gen_random_uuid(), 'Ann', 'people', id, $1, 100 FROM ventures`,
    [percent],
  );
const jobs = async (): Promise<number> => {
  const { rows } = await owner.client.query(
    `SELECT FROM graphile_worker.jobs WHERE task_identifier = 'detect_conflicts' AND key = 'detect_conflicts'`,
  );
  return rows.length;
};
const takeJobs = () => owner.client.query('DELETE FROM graphile_worker._private_jobs');
const heard = () => vi.waitFor(async () => expect(await jobs()).toBe(1), 60_000);

it('asks once for a change, once after an outage, once for a burst, and for other tables not', async () => {
  const login = await createExporterLogin(owner, 'portfolio_actions');
  const settings = { connectionString: login.url };
  const pool = createPool({ settings, maxConnections: 2, onIdleError: () => undefined });
  let asked = 0;
  const database: typeof pool = {
    ...pool,
    withClient(...given) {
      asked += 1;
      return pool.withClient(...given);
    },
  };
  const { log, lines } = recordedLogger();
  const listening = () => lines.filter(({ msg }) => msg === 'listening for changes of allocations').length;
  const listener = hearAllocations({
    ...{ settings, database, log, connectTimeoutMs: 2_000, keepAliveMs: 1_000 },
    retry: { initialDelayMs: 100, maxDelayMs: 200 },
  });
  await heard();
  await takeJobs();
  const before = asked;
  await owner.client
    .query(`INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, user_count, stage)
                            SELECT id, now(), 1, 1, 1, 1 FROM ventures`);
  // What is notified first is heard first.
  await owner.client.query(`UPDATE ventures SET status = 'active'`);
  await heard();
  expect(asked).toBe(before + 1);
  await takeJobs();
  await owner.client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portfolio-exporter listen'
        AND datname = current_database()`,
  );
  await allocate(1);
  await vi.waitFor(() => expect(listening()).toBe(2), 60_000);
  await heard();
  await takeJobs();
  // Last: what it asks for the twentieth may come after what it asked for the first was seen.
  for (let n = 0; n < 20; n += 1) await allocate(1);
  await heard();
  await listener.stop();
  await pool.close();
  await login.drop();
  await takeJobs();
});

it('finds a conflict as soon as it is there', async () => {
  const actions = await startTestActions(owner);
  await vi.waitFor(async () => expect((await actions.get('/readyz')).status).toBe(200), 60_000);
  await vi.waitFor(async () => expect(await jobs()).toBe(0), 60_000);
  await allocate(150);
  await vi.waitFor(async () => {
    const { rows } = await owner.client.query<{ name: string }>(
      `SELECT resource_name AS name FROM resource_conflicts WHERE status = 'DETECTED'`,
    );
    expect(rows).toEqual([{ name: 'Ann' }]);
  }, 60_000);
  await actions.stop();
});
