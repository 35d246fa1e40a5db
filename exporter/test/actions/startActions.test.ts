import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadAlerts } from '../../../prometheus/src/alerts.js';
import { BUSINESS_ALERTS } from '../../src/actions/alerts/businessAlerts.js';
import { runDueChecks } from '../../src/actions/jobs/dueChecks.js';
import type { ActionsContext } from '../../src/actions/actionsContext.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/freePort.js';
import { sampleNotification } from './sampleNotification.js';
import { startTestActions } from './testActions.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

it('knows every alert about the business', async () => {
  const names = (await loadAlerts()).filter((alert) => alert.class === 'kpi').map(({ name }) => name);
  expect(Object.keys(BUSINESS_ALERTS).sort()).toEqual(names.sort());
});

it('stays without a database, says why, and keeps nothing that it would lose', async () => {
  const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
  const actions = await startTestActions(database, { url });
  await vi.waitFor(async () => {
    const ready = await actions.get('/readyz');
    expect([ready.status, await ready.text()]).toEqual([
      503,
      expect.stringMatching(/^not ready\ndatabase: connect ECONNREFUSED /),
    ]);
  }, 60_000);
  expect((await actions.get('/healthz')).status).toBe(200);
  expect((await actions.post(sampleNotification())).status).toBe(503);
  const metrics = await (await actions.get('/metrics')).text();
  expect(metrics).toContain('portfolio_actions_database_up 0');
  expect(metrics).toContain('portfolio_actions_ready 0');
  expect(metrics).toContain('portfolio_actions_notifications_total{outcome="failed"} 1');
  expect(metrics).not.toMatch(/^portfolio_actions_(jobs|oldest|mails|open)/m);
  await actions.stop();
});

it('names what the schema lacks', async () => {
  const empty = await createDatabase({ template: 'empty' });
  const actions = await startTestActions(database, { url: empty.url });
  await vi.waitFor(
    async () =>
      expect(await (await actions.get('/readyz')).text()).toBe(
        'not ready\nschema: no migration was applied to this database: run `portfolio-exporter migrate`\n',
      ),
    60_000,
  );
  await actions.stop();
  await empty.drop();
});

it('has a time table, and asks everything that is due although one question fails', async () => {
  const actions = await startTestActions(database);
  await vi.waitFor(async () => {
    const { rows } = await database.client.query<{ identifier: string }>(
      'SELECT identifier FROM graphile_worker._private_known_crontabs ORDER BY 1',
    );
    expect(rows.map(({ identifier }) => identifier)).toEqual(['each_hour', 'each_minute']);
  }, 60_000);
  await actions.stop();
  const asked: string[] = [];
  const ask = (name: string) => (): Promise<void> => {
    asked.push(name);
    return name === 'two' ? Promise.reject(new Error('cannot')) : Promise.resolve();
  };
  const checks = { one: ask('one'), two: ask('two'), three: ask('three') };
  await expect(runDueChecks(checks, {} as ActionsContext)).rejects.toThrow('two: cannot');
  expect(asked).toEqual(['one', 'two', 'three']);
});

it('asks what is due although a clock was days ahead once, and again after it was set back', async () => {
  await database.client.query(`
    INSERT INTO graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
    VALUES ('each_minute', now(), now() + interval '8 days')
        ON CONFLICT (identifier) DO UPDATE SET last_execution = excluded.last_execution`);
  const ahead = `SELECT FROM graphile_worker.add_job('each_minute', '{}'::json, run_at := now() + interval '8 days', job_key := 'each_minute')`;
  const lie = async (): Promise<unknown[]> =>
    (
      await database.client.query<never>(`
        SELECT key FROM graphile_worker.jobs WHERE key = 'each_minute' AND run_at > now() + interval '1 hour'
         UNION ALL
        SELECT identifier FROM graphile_worker._private_known_crontabs WHERE last_execution > now() + interval '1 hour'`)
    ).rows;
  await database.client.query(ahead);
  const actions = await startTestActions(database, { leaseMs: 800 });
  await vi.waitFor(async () => expect(await lie()).toEqual([]), 60_000);
  await database.client.query(ahead);
  await vi.waitFor(async () => expect(await lie()).toEqual([]), 60_000);
  const starts = (): number => actions.lines.filter(({ msg }) => msg === 'jobs are run').length;
  await vi.waitFor(() => expect(starts()).toBe(1), 60_000);
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true, now: Date.now() - 3_600_000 });
  try {
    await vi.waitFor(() => {
      expect(actions.lines.map(({ msg }) => msg)).toContain('the clock was set back: the time table begins anew');
      expect(starts()).toBe(2);
    }, 60_000);
  } finally {
    vi.useRealTimers();
  }
  await actions.stop();
});
