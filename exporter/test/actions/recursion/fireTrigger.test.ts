import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { closeEnded } from '../../../src/actions/recursion/closeEnded.js';
import { decideExecution, switchTrigger } from '../../../src/actions/recursion/decideExecution.js';
import { fireTrigger } from '../../../src/actions/recursion/fireTrigger.js';
import type { Firing } from '../../../src/actions/recursion/fireTrigger.js';
import type { TriggerId } from '../../../src/actions/recursion/recursionTriggers.js';
import { referToReport } from '../../../src/actions/recursion/referToReport.js';
import { runTrigger } from '../../../src/actions/recursion/runTrigger.js';
import { createDatabase } from '../../support/database.js';
import type { TestDatabase } from '../../support/database.js';
import { at, atOnce, clear, fill, id, SETTINGS } from './portfolioFixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterEach(() => clear(database.client));
afterAll(() => database.drop());

const firing = (over: Partial<Firing> = {}): Firing => ({
  trigger: 'PORTFOLIO-004',
  subject: id('v1'),
  subjectName: 'Alpha',
  period: '2026-11-02',
  details: {},
  now: at('11-02T06:00'),
  by: 'schedule',
  thresholds: SETTINGS.thresholds,
  ...over,
});
const fire = (over?: Partial<Firing>) => fireTrigger(database.client, firing(over));
const run = (trigger: TriggerId, now: Date, by = 'schedule') =>
  runTrigger(database.client, { trigger, now, by, settings: SETTINGS });
const executions = async (): Promise<unknown[]> =>
  (
    await database.client.query<Record<string, unknown>>(
      `SELECT subject_name, period, depth, outcome, parent_id IS NOT NULL AS follows, override_by
         FROM portfolio_actions.recursion_executions ORDER BY opened_at, subject_name`,
    )
  ).rows;
const jobs = async (): Promise<number> =>
  Number((await database.client.query<{ count: string }>(`SELECT count(*) FROM graphile_worker.jobs`)).rows[0]?.count);
const refusals = async (): Promise<unknown[]> =>
  (
    await database.client.query<Record<string, unknown>>(
      `SELECT reason, explanation FROM portfolio_actions.recursion_refusals`,
    )
  ).rows;

describe('a trigger fires', () => {
  it('once about a subject and period, and says so to who acts on it', async () => {
    await fill(database.client);
    expect(await fire()).toMatchObject({ fired: true, depth: 1 });
    expect(await fire()).toMatchObject({ fired: false, reason: 'already' });
    expect(await jobs()).toBe(1);
  });

  it('once when eight processes find it due at the same moment', async () => {
    await fill(database.client);
    const results = await atOnce(database, 8, (client) => fireTrigger(client, firing()));
    expect(results.filter(({ fired }) => fired)).toHaveLength(1);
    expect(await executions()).toHaveLength(1);
    expect(await jobs()).toBe(1);
  });

  it('one deeper where the last execution reached no end, in whose place it comes', async () => {
    await fill(database.client);
    await fire();
    expect(await fire({ period: '2026-11-09', now: at('11-09T06:00') })).toMatchObject({ fired: true, depth: 2 });
    expect(await executions()).toMatchObject([
      { depth: 1, outcome: 'UNRESOLVED', follows: false },
      { depth: 2, outcome: null, follows: true },
    ]);
  });

  it('anew at depth 1 after an end', async () => {
    await fill(database.client);
    const first = await fire();
    if (!first.fired) throw new Error('not fired');
    await decideExecution(database.client, 'PORTFOLIO-004', first.id, {
      outcome: 'FALSE_POSITIVE',
      now: at('11-03T06:00'),
      by: 'Ann',
      reason: 'The contract ends in December',
    });
    expect(await fire({ period: '2026-11-09', now: at('11-09T06:00') })).toMatchObject({ fired: true, depth: 1 });
    await expect(
      decideExecution(database.client, 'PORTFOLIO-004', first.id, {
        outcome: 'RESOLVED',
        now: at('11-04T06:00'),
        by: 'Bob',
        reason: 'x',
      }),
    ).rejects.toThrow(`execution ${first.id} was closed by Ann at 2026-11-03 06:00 UTC as FALSE_POSITIVE`);
  });
});

describe('a trigger does not fire, and keeps why', () => {
  it('with fewer active ventures than min_active_ventures', async () => {
    await fill(database.client, `UPDATE ventures SET status = 'paused' WHERE name <> 'Alpha'`);
    expect(await fire()).toMatchObject({ fired: false, reason: 'few_ventures' });
    expect(await refusals()).toEqual([
      { reason: 'few_ventures', explanation: '1 of at least 2 ventures are active (min_active_ventures)' },
    ]);
    await database.client.query(`UPDATE ventures SET status = 'active' WHERE name = 'Beta'`);
    expect(await fire()).toMatchObject({ fired: true });
  });

  it('when it is switched off, until it is switched on', async () => {
    await fill(database.client);
    const decision = { now: at('11-01T09:30'), by: 'Ann', reason: 'The register is being cleaned' };
    expect(await switchTrigger(database.client, 'PORTFOLIO-004', { ...decision, enabled: false })).toBe(true);
    expect(await switchTrigger(database.client, 'PORTFOLIO-004', { ...decision, enabled: false })).toBe(false);
    expect(await fire()).toMatchObject({
      reason: 'disabled',
      explanation: 'switched off by Ann at 2026-11-01 09:30 UTC: The register is being cleaned',
    });
    await switchTrigger(database.client, 'PORTFOLIO-004', { ...decision, enabled: true });
    expect(await fire()).toMatchObject({ fired: true });
  });

  it('inside its cooldown, to the second', async () => {
    await fill(database.client);
    await fire();
    expect(await fire({ period: '2026-11-08', now: at('11-09T05:59:59') })).toMatchObject({
      reason: 'cooldown',
      explanation: 'inside its cooldown until 2026-11-09 06:00 UTC (interdependency_notification_cooldown)',
    });
    expect(await fire({ period: '2026-11-08', now: at('11-09T06:00') })).toMatchObject({ fired: true });
    // About another venture it has no cooldown.
    expect(await fire({ subject: id('v2'), period: '2026-11-09', now: at('11-09T06:00') })).toMatchObject({
      fired: true,
    });
  });

  it('while the clock is set back', async () => {
    await fill(database.client);
    await fire();
    expect(await fire({ period: '2026-10-05', now: at('10-05T06:00') })).toMatchObject({ reason: 'cooldown' });
  });

  it.each([
    ['PORTFOLIO-001', 2],
    ['PORTFOLIO-002', 3],
    ['PORTFOLIO-003', 12],
    ['PORTFOLIO-004', 4],
  ] as const)('%s beyond depth %i, unless a person starts it, which begins anew', async (trigger, depth) => {
    await fill(database.client);
    const month = (n: number): Partial<Firing> => ({ trigger, period: `p${n}`, now: new Date(Date.UTC(2026, n, 5)) });
    for (let n = 1; n <= depth; n += 1) expect(await fire(month(n))).toMatchObject({ fired: true, depth: n });
    expect(await fire(month(depth + 1))).toMatchObject({ fired: false, reason: 'depth' });
    expect((await executions()).length).toBe(depth);
    const override = { by: 'Ann', reason: 'The board asks' };
    expect(await fire({ ...month(depth + 1), override })).toMatchObject({ fired: true, depth: 1 });
    expect((await executions()).at(-1)).toMatchObject({ override_by: 'Ann' });
    expect(await fire({ ...month(depth + 1), override })).toMatchObject({ fired: true, depth: 1 });
    expect((await executions()).at(-1)).toMatchObject({ period: `p${depth + 1} (2)` });
  });
});

describe('PORTFOLIO-001', () => {
  const opportunity = (
    name: string,
    other: string,
    score: number,
    status = 'IDENTIFIED',
    created = '2026-10-01',
  ): string =>
    `INSERT INTO synergy_opportunities (opportunity_id, venture_1_id, venture_2_id, synergy_type, net_score, status, created_at)
     VALUES ('${id(name)}', '${id('v1')}', '${id(other)}', 'TEAM', ${score}, '${status}', '${created}Z');`;

  it('fires once a pair about what is worth it and waits', async () => {
    await fill(
      database.client,
      [
        opportunity('o1', 'v2', 3),
        opportunity('o2', 'v2', 8.3),
        opportunity('o3', 'v2', 2.9),
        opportunity('o4', 'v3', 9, 'PLANNED'),
        opportunity('o5', 'v3', 9, 'IDENTIFIED', '2026-11-02 06:00:00.001'),
      ].join(''),
    );
    const [only, ...others] = await run('PORTFOLIO-001', at('11-02T06:00'));
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      fired: true,
      candidate: {
        subject: `${id('v1')}:${id('v2')}`,
        subjectName: 'Alpha and Beta',
        period: '2026-11-02',
        details: { highestScore: 8.3, opportunities: [{ id: id('o2'), type: 'TEAM' }, { id: id('o1') }] },
      },
    });
    // Told of: nothing new for 30 days.
    expect(await run('PORTFOLIO-001', at('11-20T06:00'))).toMatchObject([
      { candidate: { subjectName: 'Alpha and Gamma' } },
    ]);
  });

  it('leaves pairs with a venture that is not active', async () => {
    await fill(
      database.client,
      `${opportunity('o1', 'v2', 3)} UPDATE ventures SET status = 'paused' WHERE name = 'Beta';`,
    );
    expect(await run('PORTFOLIO-001', at('11-02T06:00'))).toEqual([]);
  });

  it('tells of a later opportunity of a pair after the cooldown, and asks again after 30 days', async () => {
    await fill(database.client, opportunity('o1', 'v2', 3));
    await run('PORTFOLIO-001', at('11-02T06:00'));
    await database.client.query(opportunity('o2', 'v2', 5, 'IDENTIFIED', '2026-11-03'));
    expect(await run('PORTFOLIO-001', at('11-04T06:00'))).toMatchObject([{ fired: false, reason: 'cooldown' }]);
    expect(await run('PORTFOLIO-001', at('11-09T06:00'))).toMatchObject([{ fired: true, depth: 2 }]);
    expect(await run('PORTFOLIO-001', at('12-09T05:59'))).toEqual([]);
    expect(await run('PORTFOLIO-001', at('12-09T06:00'))).toMatchObject([{ fired: false, reason: 'depth' }]);
  });

  it.each([
    [`UPDATE synergy_opportunities SET status = 'PLANNED'`, 'RESOLVED'],
    [`UPDATE synergy_opportunities SET status = 'REJECTED'`, 'FALSE_POSITIVE'],
    [`UPDATE ventures SET status = 'sunset' WHERE name = 'Beta'`, 'EXPIRED'],
    [`DELETE FROM synergy_opportunities`, 'EXPIRED'],
    [`UPDATE synergy_opportunities SET net_score = 9`, null],
  ])('after %s it has ended: %s', async (change, outcome) => {
    await fill(database.client, opportunity('o1', 'v2', 3));
    await run('PORTFOLIO-001', at('11-02T06:00'));
    await database.client.query(change);
    expect(await closeEnded(database.client, at('11-03T06:00'), SETTINGS)).toBe(outcome === null ? 0 : 1);
    expect(await closeEnded(database.client, at('11-03T06:00'), SETTINGS)).toBe(0);
    expect(await executions()).toMatchObject([{ outcome }]);
  });
});

describe('PORTFOLIO-003', () => {
  it('fires from the delivery day on, once a month, also where the day was missed', async () => {
    await fill(database.client);
    expect(await run('PORTFOLIO-003', at('11-04T23:59'))).toEqual([]);
    expect(await run('PORTFOLIO-003', at('11-05T00:00'))).toMatchObject([{ fired: true }]);
    expect(await run('PORTFOLIO-003', at('11-20T00:00'))).toEqual([]);
    expect(await run('PORTFOLIO-003', at('12-19T00:00'))).toMatchObject([{ fired: true, depth: 2 }]);
  });

  it('is one review for the month and for what an alert or a person asks for in it', async () => {
    await fill(database.client);
    expect(await run('PORTFOLIO-003', at('11-02T00:00'), 'PortfolioPerformanceDegradation')).toMatchObject([
      { fired: true },
    ]);
    expect(await run('PORTFOLIO-003', at('11-05T00:00'))).toEqual([]);
    expect(await run('PORTFOLIO-003', at('11-06T00:00'), 'Ann')).toMatchObject([{ fired: false, reason: 'already' }]);
    // 5 December is 33 days later; the 28 of the cooldown are over.
    expect(await run('PORTFOLIO-003', at('12-05T00:00'))).toMatchObject([{ fired: true }]);
  });
});

describe('the report of a review', () => {
  it('is found also where it is being delivered while the review opens', async () => {
    await fill(database.client);
    const [delivering, opening] = [new Client(database.url), new Client(database.url)];
    await Promise.all([delivering.connect(), opening.connect()]);
    await delivering.query('BEGIN');
    await delivering.query(
      `INSERT INTO portfolio_actions.reports (kind, subject, period, title, created_at, as_of, data, html, text)
       VALUES ('portfolio', '', '2026-10', 'Report', now(), now(), '{}', '', '')`,
    );
    await referToReport(delivering);
    const opened = runTrigger(opening, {
      ...{ trigger: 'PORTFOLIO-003', now: at('11-05T06:00'), by: 'schedule', settings: SETTINGS },
    });
    const waits = vi.waitFor(async () => {
      const { rowCount } = await database.client.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(1);
    });
    await Promise.race([waits, opened]);
    await delivering.query('COMMIT');
    expect(await opened).toMatchObject([{ fired: true }]);
    await Promise.all([delivering.end(), opening.end()]);
    const { rows } = await database.client.query(
      `SELECT r.period FROM portfolio_actions.recursion_executions e LEFT JOIN portfolio_actions.reports r ON r.id = e.report_id`,
    );
    expect(rows).toEqual([{ period: '2026-10' }]);
  });
});

describe('PORTFOLIO-004', () => {
  const depends = (on: string, type: string, criticality = 'CRITICAL'): string =>
    `INSERT INTO venture_dependencies (venture_id, depends_on_venture_id, dependency_type, dependency_criticality, created_at)
     VALUES ('${id('v1')}', '${id(on)}', '${type}', '${criticality}', '2026-10-01Z');`;

  it('fires about a venture with as many critical dependencies on active ventures as the threshold', async () => {
    await fill(database.client, [depends('v2', 'data'), depends('v3', 'payments', 'HIGH')].join(''));
    expect(await run('PORTFOLIO-004', at('11-02T06:00'))).toEqual([]);
    await database.client.query(depends('v3', 'data'));
    expect(await run('PORTFOLIO-004', at('11-02T06:00'))).toMatchObject([
      {
        fired: true,
        candidate: {
          subjectName: 'Alpha',
          details: {
            dependencies: [
              { venture: 'Beta', type: 'data' },
              { venture: 'Gamma', type: 'data' },
            ],
          },
        },
      },
    ]);
  });

  it.each([
    [`DELETE FROM venture_dependencies WHERE dependency_type = 'payments'`, 'RESOLVED'],
    [`UPDATE ventures SET status = 'sunset' WHERE name = 'Gamma'`, 'RESOLVED'],
    [`UPDATE ventures SET status = 'sunset' WHERE name = 'Alpha'`, 'EXPIRED'],
    [`UPDATE venture_dependencies SET description = 'x'`, null],
  ])('after %s it has ended: %s', async (change, outcome) => {
    await fill(database.client, [depends('v2', 'data'), depends('v3', 'payments')].join(''));
    await run('PORTFOLIO-004', at('11-02T06:00'));
    await database.client.query(change);
    await closeEnded(database.client, at('11-03T06:00'), SETTINGS);
    expect(await executions()).toMatchObject([{ outcome }]);
  });
});
