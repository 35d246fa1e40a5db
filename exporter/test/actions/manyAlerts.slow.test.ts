import { expect, it, vi } from 'vitest';
import { createDatabase } from '../support/database.js';
import { sampleNotification } from './sampleNotification.js';
import { startTestActions } from './testActions.js';

it('10,000 alerts of one body are one transaction', async () => {
  const database = await createDatabase();
  const actions = await startTestActions(database);
  await vi.waitFor(async () => expect((await actions.get('/readyz')).status).toBe(200), 60_000);
  const ids = Array.from({ length: 10_000 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
  const alerts = ids.map((id) => ({ labels: { alertname: 'ResourceConflictEscalated', conflict_id: id } }));
  expect((await actions.post(sampleNotification(alerts))).status).toBe(200);
  const { client } = database;
  const read = async (sql: string): Promise<unknown[]> => (await client.query<Record<string, unknown>>(sql)).rows;
  await vi.waitFor(
    async () =>
      expect(await read('SELECT outcome FROM portfolio_actions.notifications')).toEqual([
        { outcome: { opened: 10_000 } },
      ]),
    { timeout: 180_000, interval: 200 },
  );
  expect(await read('SELECT count(DISTINCT first_received_at)::int AS n FROM portfolio_actions.alerts')).toEqual([
    { n: 1 },
  ]);
  await actions.stop();
  await database.drop();
}, 300_000);
