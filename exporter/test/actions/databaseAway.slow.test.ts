import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { sampleNotification } from './sampleNotification.js';
import { startTestActions, untilIdle } from './testActions.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

it('says why while the database is away, keeps nothing then, and goes on with its jobs when it is back', async () => {
  const { client } = database;
  // Not only what waits: a job may be locked at the moment in which its worker is cut off.
  const actions = await startTestActions(database, { leaseMs: 2_000 });
  const { role } = actions.login;
  const ready = async (): Promise<readonly [number, string]> => {
    const response = await actions.get('/readyz');
    return [response.status, await response.text()];
  };
  await vi.waitFor(async () => expect(await ready()).toEqual([200, 'ready\n']), 60_000);
  await client.query(`ALTER ROLE ${role} NOLOGIN`);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role]);
  await vi.waitFor(
    async () =>
      expect(await ready()).toEqual([503, expect.stringMatching(/^not ready\ndatabase: .*not permitted to log in/)]),
    60_000,
  );
  expect((await actions.post(sampleNotification())).status).toBe(503);
  await client.query(`ALTER ROLE ${role} LOGIN`);
  await vi.waitFor(async () => expect(await ready()).toEqual([200, 'ready\n']), 60_000);
  expect((await actions.post(sampleNotification())).status).toBe(200);
  await vi.waitFor(async () => {
    const { rows } = await client.query('SELECT FROM portfolio_actions.notifications WHERE handled_at IS NOT NULL');
    expect(rows).toHaveLength(1);
  }, 60_000);
  await untilIdle(database);
  await actions.stop();
}, 300_000);
