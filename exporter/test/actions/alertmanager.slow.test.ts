import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALERTMANAGER } from '../alertmanager/shippedAlertmanager.js';
import { type Alertmanager, startAlertmanager } from '../support/alerting/startAlertmanager.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/freePort.js';
import { SET_OFF_BY_ALERTS, startTestActions, type TestActions, untilIdle } from './testActions.js';

const MILESTONE = '00000000-0000-4000-8000-000000000071';
const HURRY = 20;

describe.skipIf(ALERTMANAGER === null)('a real Alertmanager with the shipped routes', () => {
  let database: TestDatabase;
  let actions: TestActions;
  let alertmanagers: Alertmanager[];
  let directory: string;

  beforeAll(async () => {
    database = await createDatabase();
    actions = await startTestActions(database);
    directory = await mkdtemp(join(tmpdir(), 'portfolio-alertmanagers-'));
    alertmanagers = await Promise.all(
      ['one', 'two'].map(async (name) =>
        startAlertmanager({
          binary: ALERTMANAGER ?? '',
          directory: join(directory, name),
          mail: { port: await freePort(), certificateFile: '' },
          login: { username: 'nobody', password: 'nothing' },
          slackUrl: 'http://127.0.0.1:1/',
          actions: { url: `${actions.url}/alerts`, tokenFile: join(actions.directory, 'token') },
          hurry: HURRY,
        }),
      ),
    );
  }, 60_000);
  afterAll(async () => {
    await Promise.all(alertmanagers.map((one) => one.stop()));
    await actions.stop();
    await database.drop();
    await rm(directory, { recursive: true });
  });

  /** As two Prometheus servers do, to both of them. */
  async function tell(times: Readonly<Record<string, string>>): Promise<void> {
    const alert = {
      labels: { alertname: 'SynergyInitiativeDelayed', class: 'kpi', severity: 'high', milestone_id: MILESTONE },
      annotations: { summary: 'Milestone "Pilot" is 4 days overdue' },
      ...times,
    };
    for (const { address } of alertmanagers) {
      const response = await fetch(`http://${address}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify([alert]),
      });
      expect(response.status).toBe(200);
    }
  }

  const read = async (sql: string) => (await database.client.query<Record<string, unknown>>(sql)).rows;

  it('an alert that fires and is resolved is one episode, with its actions once', async () => {
    const startsAt = new Date(Date.now() - 60_000);
    await tell({ startsAt: startsAt.toISOString() });
    await vi.waitFor(
      async () =>
        expect(await read('SELECT entity, starts_at, ends_at FROM portfolio_actions.alerts')).toEqual([
          { entity: MILESTONE, starts_at: startsAt, ends_at: null },
        ]),
      { timeout: 60_000, interval: 100 },
    );
    const endsAt = new Date();
    await tell({ startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() });
    await vi.waitFor(
      async () =>
        expect(await read('SELECT starts_at, ends_at FROM portfolio_actions.alerts')).toEqual([
          { starts_at: startsAt, ends_at: endsAt },
        ]),
      { timeout: 60_000, interval: 100 },
    );
    // Both have told of both.
    await vi.waitFor(
      async () =>
        expect(await read('SELECT sum(times_received)::int AS n FROM portfolio_actions.notifications')).toEqual([
          { n: 4 },
        ]),
      { timeout: 60_000, interval: 100 },
    );
    await untilIdle(database);
    expect(await read(SET_OFF_BY_ALERTS)).toEqual(['closed', 'opened', 'status_request'].map((action) => ({ action })));
    const text = await (await actions.get('/metrics')).text();
    expect(text).toContain('portfolio_actions_notifications_total{outcome="unauthorized"} 0');
  }, 180_000);
});
