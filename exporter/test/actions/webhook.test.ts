import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { parseMetrics, valueOf } from '../support/metricsText.js';
import { sampleNotification } from './sampleNotification.js';
import { startTestActions, type TestActions, untilIdle } from './testActions.js';

let database: TestDatabase;
let actions: TestActions;

beforeAll(async () => {
  database = await createDatabase();
  actions = await startTestActions(database);
  await vi.waitFor(async () => expect(await (await actions.get('/readyz')).text()).toBe('ready\n'), 60_000);
});
afterAll(async () => {
  await actions.stop();
  await database.drop();
});
afterEach(async () => {
  await untilIdle(database);
  await database.client.query(
    'TRUNCATE portfolio_actions.notifications, portfolio_actions.alerts, portfolio_actions.actions RESTART IDENTITY CASCADE',
  );
});

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await database.client.query<Record<string, unknown>>(sql)).rows;
}
const episodes = () =>
  rows(
    'SELECT alertname, entity, starts_at, ends_at FROM portfolio_actions.alerts ORDER BY alertname, entity, starts_at',
  );
const outcomes = async () =>
  (await rows('SELECT outcome FROM portfolio_actions.notifications ORDER BY id')).map(({ outcome }) => outcome);
const taken = async () =>
  (
    await rows(
      'SELECT entity, action FROM portfolio_actions.actions WHERE alert_id IS NOT NULL ORDER BY entity, action',
    )
  ).map(({ entity, action }) => `${String(entity)} ${String(action)}`);
const jobErrors = () => rows('SELECT last_error FROM graphile_worker.jobs WHERE last_error IS NOT NULL');
const post = async (...bodies: unknown[]): Promise<void> => {
  for (const body of bodies) expect((await actions.post(body)).status).toBe(200);
  await untilIdle(database);
};

const RESOURCE = '00000000-0000-4000-8000-000000000007';
const BEGAN = new Date('2026-11-02T08:00:00.123Z');
const ENDED = new Date('2026-11-02T09:00:00Z');
const open = { alertname: 'ResourceConflictDetected', entity: RESOURCE, starts_at: BEGAN, ends_at: null };

describe('POST /alerts', () => {
  it('opens an episode and sets off its actions once, however often it is told', async () => {
    const body = sampleNotification();
    const responses = await Promise.all(Array.from({ length: 100 }, () => actions.post(body)));
    expect(responses.map(({ status }) => status)).toEqual(Array(100).fill(200));
    await untilIdle(database);
    expect(await rows('SELECT times_received, outcome FROM portfolio_actions.notifications')).toEqual([
      { times_received: 100, outcome: { opened: 1 } },
    ]);
    expect(await episodes()).toEqual([open]);
    expect(await taken()).toEqual([`${RESOURCE} opened`, `${RESOURCE} recursion`]);
    expect(await jobErrors()).toEqual([]);
  });

  it('is told by two Alertmanagers at once, each of a group of alerts and of its end', async () => {
    const others = [1, 2, 3].map((n) => ({ labels: { resource_id: `00000000-0000-4000-8000-00000000000${n}` } }));
    const by = (url: string) => [
      sampleNotification([{}, ...others], url),
      sampleNotification([{ status: 'resolved' }, ...others], url),
      sampleNotification(
        [{}, ...others].map((alert) => ({ ...alert, status: 'resolved' as const })),
        url,
      ),
    ];
    const bodies = [...by('http://one:9093'), ...by('http://two:9093')];
    await Promise.all(bodies.map((body) => actions.post(body)));
    await untilIdle(database);
    expect((await episodes()).map(({ starts_at, ends_at }) => [starts_at, ends_at])).toEqual(
      Array(4).fill([BEGAN, ENDED]),
    );
    expect((await taken()).filter((one) => one.startsWith(RESOURCE))).toEqual(
      ['closed', 'opened', 'recursion'].map((action) => `${RESOURCE} ${action}`),
    );
    expect(await jobErrors()).toEqual([]);
  });

  it('knows an end that comes before its beginning', async () => {
    await post(sampleNotification([{ status: 'resolved' }]), sampleNotification());
    expect(await episodes()).toEqual([{ ...open, ends_at: ENDED }]);
    expect(await outcomes()).toEqual([{ opened: 1, closed: 1 }, { known: 1 }]);
  });

  it('opens a new episode when it fires again after its end', async () => {
    const again = { startsAt: '2026-11-03T08:00:00Z' };
    await post(sampleNotification(), sampleNotification([{ status: 'resolved' }]), sampleNotification([again]));
    expect((await episodes()).map(({ ends_at }) => ends_at)).toEqual([ENDED, null]);
    expect(await taken()).toHaveLength(5);
  });

  it('is told the end of one and the begin of the next at once', async () => {
    await post(sampleNotification());
    await post(sampleNotification([{ status: 'resolved' }, { startsAt: '2026-11-03T08:00:00Z' }]));
    expect(await jobErrors()).toEqual([]);
    expect((await episodes()).map(({ ends_at }) => ends_at)).toEqual([ENDED, null]);
  });

  it('is one episode while a label changes', async () => {
    const led = { labels: { venture_leads: 'ada@example.test' }, startsAt: '2026-11-02T09:00:00Z' };
    await post(sampleNotification(), sampleNotification([{ status: 'resolved' }, led]));
    expect(await episodes()).toEqual([open]);
    await post(sampleNotification([{ ...led, status: 'resolved', endsAt: '2026-11-02T10:00:00Z' }]));
    expect(await episodes()).toEqual([{ ...open, ends_at: new Date('2026-11-02T10:00:00Z') }]);
    expect((await taken()).map((one) => one.split(' ')[1])).toEqual(['closed', 'opened', 'recursion']);
  });

  it('keeps what is not for it, and does nothing', async () => {
    await post(
      sampleNotification([
        { labels: { portfolio: 'west' } },
        { labels: { alertname: 'Watchdog' } },
        { labels: { resource_id: "x'; DROP TABLE ventures" } },
      ]),
    );
    expect(await outcomes()).toEqual([{ other_portfolio: 1, unknown_alert: 1, unknown_entity: 1 }]);
    expect([await episodes(), await taken()]).toEqual([[], []]);
    const warned = actions.lines.filter(({ msg }) => msg === 'nothing follows this alert');
    expect(warned).toMatchObject([
      { alertname: 'ResourceConflictDetected', reason: 'its label resource_id does not say what it is about' },
    ]);
    const samples = parseMetrics(await (await actions.get('/metrics')).text());
    const counted = (outcome: string) => valueOf(samples, 'portfolio_actions_alerts_total', { outcome });
    expect(['other_portfolio', 'unknown_alert', 'unknown_entity'].map(counted)).toEqual([1, 1, 1]);
  });

  it('keeps hostile labels as they are, but for what no database holds', async () => {
    const hostile = `"><script>\u0000\ud800'; DROP TABLE ventures; -- \u202e\r\nBcc: x@example.test {{ . }}`;
    await post(
      sampleNotification([{ labels: { resource: hostile, __proto__: 'x' }, annotations: { [hostile]: hostile } }]),
    );
    const kept = hostile.replace('\u0000', '\ufffd').replace('\ud800', '\ufffd');
    const [row] = await rows('SELECT labels, annotations FROM portfolio_actions.alerts');
    expect(row).toMatchObject({ labels: { resource: kept }, annotations: { [kept]: kept } });
  });

  const typical = JSON.stringify(sampleNotification());
  it.each([
    ['a truncated body', typical.slice(0, -20), 'the body is not JSON in UTF-8'],
    ['no body', '', 'the body is not JSON in UTF-8'],
    ['another form', '{"version": "4", "alerts": [{"status": "firing"}]}', 'at alerts.0.labels'],
    ['another version', typical.replace('"version":"4"', '"version":"3"'), 'at version'],
    [
      'a year that is none',
      JSON.stringify(sampleNotification([{ startsAt: '0000-01-01T00:00:00Z' }])),
      'at alerts.0.startsAt',
    ],
    ['a page', '<html>', 'the body is not JSON in UTF-8'],
  ])('refuses %s and keeps nothing', async (_title, body, message) => {
    const response = await actions.post(body);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(message)]);
    expect(await outcomes()).toEqual([]);
  });

  it('refuses a body that is too long', async () => {
    const response = await actions.post(' '.repeat(33 * 1024 * 1024));
    expect(response.status).toBe(413);
  });

  it.each([
    ['no token', {}],
    ['another token', { Authorization: 'Bearer a-token-of-the-test' }],
    ['another scheme', { Authorization: 'Basic a-token-of-the-tests' }],
    ['an empty token', { Authorization: 'Bearer ' }],
  ])('answers %s with 401, and no hint', async (_title, headers) => {
    const response = await fetch(`${actions.url}/alerts`, { method: 'POST', headers, body: typical });
    expect([response.status, await response.text()]).toEqual([401, 'unauthorized\n']);
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
    expect(await outcomes()).toEqual([]);
  });

  it('takes a token that was changed, and answers 503 while there is none', async () => {
    const file = join(actions.directory, 'token');
    await writeFile(join(actions.directory, 'next'), 'another-token\n');
    await rename(join(actions.directory, 'next'), file);
    expect((await actions.post(typical)).status).toBe(401);
    expect((await actions.post(typical, { Authorization: 'Bearer another-token' })).status).toBe(200);
    await rm(file);
    expect((await actions.post(typical)).status).toBe(503);
    await writeFile(file, 'a-token-of-the-tests\n');
    expect((await actions.post(typical)).status).toBe(200);
  });

  it('answers 503, and keeps nothing, where the database does not', async () => {
    await database.client.query('ALTER TABLE portfolio_actions.notifications RENAME TO away');
    expect((await actions.post(typical)).status).toBe(503);
    await database.client.query('ALTER TABLE portfolio_actions.away RENAME TO notifications');
    expect((await actions.post(typical)).status).toBe(200);
  });

  it('counts calls by outcome, and what waits', async () => {
    const before = parseMetrics(await (await actions.get('/metrics')).text());
    await post(typical, typical);
    const after = parseMetrics(await (await actions.get('/metrics')).text());
    const name = 'portfolio_actions_notifications_total';
    for (const outcome of ['accepted', 'repeated']) {
      expect(valueOf(after, name, { outcome })).toBe((valueOf(before, name, { outcome }) ?? Number.NaN) + 1);
    }
    // What waits is read from the database between the scrapes.
    await vi.waitFor(async () => {
      const waits = parseMetrics(await (await actions.get('/metrics')).text());
      expect(valueOf(waits, 'portfolio_actions_open_episodes', { alertname: 'ResourceConflictDetected' })).toBe(1);
      expect(valueOf(waits, 'portfolio_actions_jobs', { task: 'act_on_alert', state: 'dead' })).toBe(0);
      expect(valueOf(waits, 'portfolio_actions_mails', { state: 'refused' })).toBe(0);
    }, 60_000);
  });

  it('answers GET with 405', async () => {
    const response = await actions.get('/alerts');
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'POST']);
  });
});
