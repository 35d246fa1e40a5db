import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { readQueue } from '../../src/actions/metrics/readQueue.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { parseMetrics } from '../support/metricsText.js';
import { startTestActions } from './testActions.js';

const NOW = new Date('2026-11-02T12:00:00Z');
const DAY_SECONDS = 86_400;
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.drop();
});
afterEach(async () => {
  await database.client.query(
    'TRUNCATE portfolio_actions.notifications, portfolio_actions.mails, graphile_worker._private_jobs CASCADE',
  );
});

const read = () =>
  readQueue({ withClient: (work) => work(database.client), close: () => Promise.resolve() }, NOW, 3 * DAY_SECONDS);

it('is all zeros where nothing waits', async () => {
  expect(await read()).toEqual({
    jobs: [],
    oldestJobSeconds: 0,
    oldestNotificationSeconds: 0,
    mailsWaiting: 0,
    oldestMailSeconds: 0,
    mailsRefused: 0,
    requests: [
      { kind: 'approval', open: 0, overdue: 0 },
      { kind: 'status', open: 0, overdue: 0 },
    ],
    episodes: [],
  });
});

it('knows a job that is due, comes later, is under way, is tried again and was given up', async () => {
  await database.client.query(
    `SELECT graphile_worker.add_job(task, run_at => now() + due, job_key => key)
       FROM (VALUES ('each_hour', 'due', interval '-7 minutes'), ('each_hour', 'later', '1 hour'), ('deliver_mail', 'slow', '-2 hours'),
                    ('act_on_alert', 'under way', '-1 hour'), ('act_on_alert', 'retried', '1 hour'), ('act_on_alert', 'again', '-1 hour'),
                    ('act_on_alert', 'dead', '-3 hours')) AS job (task, key, due)`,
  );
  await database.client.query(
    `UPDATE graphile_worker._private_jobs
        SET locked_at = CASE WHEN key IN ('under way', 'again') THEN now() END,
            last_error = CASE WHEN key IN ('retried', 'again', 'dead') THEN 'a reason' END,
            attempts = CASE WHEN key = 'dead' THEN max_attempts ELSE attempts END`,
  );
  const { jobs, oldestJobSeconds } = await read();
  expect(jobs.map(({ task, state, count }) => `${task} ${state} ${count}`).sort()).toEqual([
    'act_on_alert dead 1',
    'act_on_alert retrying 2',
    'act_on_alert running 1',
    'deliver_mail waiting 1',
    'each_hour scheduled 1',
    'each_hour waiting 1',
  ]);
  // The job given up is not late but dead, the mail waits for its server.
  expect(Math.floor(oldestJobSeconds / 60)).toBe(7);
});

it('knows what Alertmanager told that nobody handled, and which mails are on their way or were refused today', async () => {
  await database.client.query(
    `INSERT INTO portfolio_actions.notifications (digest, payload, received_at, last_received_at, handled_at, outcome)
     VALUES (sha256('a'), '{}', $1::timestamptz - interval '3 minutes', $1, NULL, NULL),
            (sha256('b'), '{}', $1::timestamptz - interval '9 minutes', $1, $1, '{}')`,
    [NOW],
  );
  await database.client.query(
    `INSERT INTO portfolio_actions.mails (key, recipient, subject, html, text, message_id, created_at, sent_at, refused_at)
     SELECT key, 'ada@example.test', '', '', '', key, $1::timestamptz - made, $1::timestamptz - sent, $1::timestamptz - refused
       FROM (VALUES ('sent', interval '9 hours', interval '1 hour', NULL), ('waits', '20 minutes', NULL, NULL),
                    ('today', '30 hours', NULL, interval '23 hours'), ('long ago', '30 hours', NULL, '25 hours'))
         AS mail (key, made, sent, refused)`,
    [NOW],
  );
  expect(await read()).toMatchObject({
    oldestNotificationSeconds: 180,
    mailsWaiting: 1,
    oldestMailSeconds: 1200,
    mailsRefused: 1,
  });
});

it('is told by the process while it can be read; while not, the process is not ready and says why', async () => {
  const actions = await startTestActions(database);
  const samples = async (): Promise<string[]> => names(await (await actions.get('/metrics')).text());
  try {
    await vi.waitFor(async () => expect(await samples()).toEqual(STATE), { timeout: 60_000, interval: 100 });
    await database.client.query('REVOKE SELECT ON portfolio_actions.mails FROM portfolio_actions');
    await vi.waitFor(async () => expect(await samples()).toEqual([]), { timeout: 60_000, interval: 200 });
    await vi.waitFor(async () => {
      const ready = await actions.get('/readyz');
      const reason = expect.stringMatching(/^not ready\nqueue: permission denied for table mails/) as string;
      expect([ready.status, await ready.text()]).toEqual([503, reason]);
    }, 60_000);
    expect(await (await actions.get('/metrics')).text()).toContain('portfolio_actions_ready 0');
    await database.client.query('GRANT SELECT ON portfolio_actions.mails TO portfolio_actions');
    await vi.waitFor(async () => expect(await (await actions.get('/readyz')).text()).toBe('ready\n'), 60_000);
    expect(await (await actions.get('/metrics')).text()).toContain('portfolio_actions_ready 1');
  } finally {
    await database.client.query('GRANT SELECT ON portfolio_actions.mails TO portfolio_actions');
    await actions.stop();
  }
});

it('keeps no scrape waiting: what was read last is told with its moment, also while a reading waits for the database', async () => {
  const actions = await startTestActions(database);
  const holder = new Client(database.url);
  await holder.connect();
  const waiting = async (): Promise<number | null> => {
    const { rowCount } = await database.client.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%WITH job AS%'`,
    );
    return rowCount;
  };
  const scrape = async (): Promise<string> => (await actions.get('/metrics')).text();
  const readAt = (text: string): number =>
    Number(/^portfolio_actions_queue_read_timestamp_seconds (.+)$/m.exec(text)?.[1]);
  try {
    await vi.waitFor(async () => expect(names(await scrape())).toEqual(STATE), { timeout: 60_000, interval: 100 });
    const before = readAt(await scrape());
    expect(Math.abs(Date.now() / 1_000 - before)).toBeLessThan(60);
    await holder.query('BEGIN; LOCK TABLE portfolio_actions.mails IN ACCESS EXCLUSIVE MODE');
    await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 60_000, interval: 10 });
    const text = await scrape();
    expect(await waiting()).toBe(1);
    expect(names(text)).toEqual(STATE);
    expect(readAt(text)).toBeGreaterThanOrEqual(before);
    // Its time is over: nothing is known any more, and no old number is told.
    await vi.waitFor(async () => expect(names(await scrape())).toEqual([]), { timeout: 60_000, interval: 50 });
    expect(readAt(await scrape())).toBeNaN();
  } finally {
    await holder.end();
    await actions.stop();
  }
});

const STATE = ['jobs', 'mails', 'oldest_waiting_seconds', 'open_requests'].map((name) => `portfolio_actions_${name}`);

function names(text: string): string[] {
  const found = parseMetrics(text).map(({ metric }) => metric);
  return STATE.filter((name) => found.includes(name));
}
