import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMailCatcher } from '../support/alerting/mailCatcher.js';
import type { MailCatcher } from '../support/alerting/mailCatcher.js';
import { startSlackCatcher } from '../support/alerting/slackCatcher.js';
import type { SlackCatcher } from '../support/alerting/slackCatcher.js';
import { addressOf, startAlertmanager } from '../support/alerting/startAlertmanager.js';
import type { Alertmanager } from '../support/alerting/startAlertmanager.js';
import { freePort } from '../support/freePort.js';
import { ALERTMANAGER } from './shippedAlertmanager.js';

type Labels = Readonly<Record<string, string>>;
const LOGIN = { username: 'alerts', password: 'secret' };
/** 10 s of group_wait become 2 s, a minute 12 s. */
const HURRY = 5;
const PLANNER = addressOf('CoordinationPlanner');
const CHAIRMAN = addressOf('Chairman');
const ON_CALL = addressOf('OnCall');

const common = { class: 'kpi', kpi: 'resource_allocation' };
const conflict = (id: number, more: Labels = {}): Labels => ({
  ...common,
  alertname: 'ResourceConflictDetected',
  severity: 'high',
  resource_id: String(id),
  ...more,
});
const URGENT: Labels = { ...common, alertname: 'ResourceConflictsUrgent', severity: 'critical' };

const team = ({ resource_id: id }: Labels): string => (id === undefined ? 'Resources' : `Team ${id}`);

describe.skipIf(ALERTMANAGER === null)('what arises together, through a real Alertmanager', () => {
  let directory: string;
  let mail: MailCatcher;
  let slack: SlackCatcher;
  let alertmanager: Alertmanager;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'portfolio-together-'));
    mail = await startMailCatcher(LOGIN, await freePort(), directory);
    slack = await startSlackCatcher();
    const options = { binary: ALERTMANAGER ?? '', directory, mail, login: LOGIN, slackUrl: slack.url, hurry: HURRY };
    alertmanager = await startAlertmanager(options);
  });
  afterEach(async () => {
    await alertmanager.stop();
    await mail.stop();
    await slack.stop();
    await rm(directory, { recursive: true });
  });

  async function send(...alerts: readonly Labels[]): Promise<void> {
    const body = alerts.map((labels) => ({
      labels,
      annotations: { summary: `${team(labels)} over-allocated` },
      startsAt: new Date().toISOString(),
    }));
    const response = await fetch(`http://${alertmanager.address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).toBe(200);
  }
  const mails = (): string[] => mail.messages.flatMap(({ to }) => to).toSorted();

  it('three conflicts within seconds are one post, and one mail to each with what is for that person', async () => {
    const started = Date.now();
    await send(conflict(1));
    await delay(300);
    await send(conflict(2), URGENT);
    await delay(300);
    await send(conflict(3));
    const expected = [CHAIRMAN, PLANNER, ON_CALL].toSorted();
    await expect.poll(mails, { timeout: 60_000, interval: 100 }).toEqual(expected);
    // Nothing comes behind.
    await delay(2_000);
    expect(mails()).toEqual(expected);
    expect(slack.messages.map(({ title }) => title)).toEqual([
      '[FIRING · critical] Resources over-allocated (+3 more)',
    ]);
    expect((slack.messages[0]?.at ?? 0) - started).toBeLessThan(10_000);
    const teams = (address: string): string[] => {
      const { text = '' } = mail.messages.find(({ to }) => to.includes(address)) ?? {};
      return [...new Set(text.match(/Team \d|Resources/g))].toSorted();
    };
    expect(teams(ON_CALL)).toEqual(['Resources']);
    for (const one of [PLANNER, CHAIRMAN]) expect(teams(one)).toEqual(['Resources', 'Team 1', 'Team 2', 'Team 3']);
  });

  it('two portfolios are two messages, each with its name; the trouble of one silences nothing of the other', async () => {
    const down = { alertname: 'PortfolioDatabaseDown', class: 'exporter', severity: 'critical', portfolio: 'north' };
    const late = { alertname: 'ConflictDetectionDown', class: 'sla', severity: 'critical', kpi: 'resource_allocation' };
    await send(down, { ...late, portfolio: 'west' });
    for (const portfolio of ['north', 'south', 'east', 'west']) await send(conflict(1, { portfolio }));
    const titles = (): string[] => slack.messages.map(({ title }) => title).filter((title) => title.includes('Team'));
    await expect.poll(() => titles().length, { timeout: 60_000 }).toBe(2);
    await delay(2_000);
    expect(titles().toSorted()).toEqual([
      '[FIRING · high · east] Team 1 over-allocated',
      '[FIRING · high · south] Team 1 over-allocated',
    ]);
    expect(mail.messages.find(({ to }) => to.includes(PLANNER))?.title).toMatch(/^\[FIRING · high · (east|south)\] /);
  });
});
