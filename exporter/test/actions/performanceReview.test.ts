import assert from 'node:assert/strict';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startActionsBench } from './actionsBench.js';
import type { ActionsBench, TestAlert } from './actionsBench.js';

// A Monday.
const START = new Date('2025-11-24T09:00:00Z');
const HOUR = 3_600_000;
const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR);
const fall = (measure: 'revenue' | 'profit', over: Partial<TestAlert> = {}): TestAlert => ({
  labels: { alertname: 'PortfolioPerformanceDegradation', measure },
  startsAt: START,
  endsAt: null,
  ...over,
});

describe('a fall of revenue or profit', () => {
  let bench: ActionsBench;

  beforeAll(async () => {
    bench = await startActionsBench(START);
    await bench.owner.client.query(`
      INSERT INTO ventures (id, name, status, created_at)
      SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, name, 'active', '2025-01-01'
        FROM (VALUES (1, 'Harbour <b>'), (2, 'Beta'), (3, 'Gamma')) AS v (n, name);
      INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, user_count, stage)
      SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, day::date, revenue, burn, 10, 39
        FROM (VALUES (1, '2025-10-31', 60000, 20000), (1, '2025-11-23', 42000, 20000),
                     (2, '2025-10-31', 30000, 10000), (2, '2025-11-23', 28000, 10000),
                     (3, '2025-10-31', 10000, 5000), (3, '2025-11-23', 12000, 6000)) AS m (n, day, revenue, burn);
      INSERT INTO synergy_initiatives (code, name, status, owner_name, launched_at)
      VALUES ('SYN-1', 'Shared billing', 'ACTIVE', 'Ada', '2025-11-10')`);
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    await bench.owner.client
      .query(`TRUNCATE portfolio_actions.alerts, portfolio_actions.actions, portfolio_actions.mails,
      portfolio_actions.reports, portfolio_actions.meetings, portfolio_actions.recursion_executions, portfolio_actions.notifications CASCADE`);
    bench.arrived();
    bench.now = START;
  });
  const rows = async (text: string): Promise<unknown[]> => (await bench.owner.client.query<never>(text)).rows;
  const calendars = (): string[] =>
    bench.arrived().map(({ to, mail }) => {
      const file = mail.attachments.find(({ mimeType }) => mimeType === 'text/calendar');
      const text = file === undefined ? '' : new TextDecoder().decode(file.content as ArrayBuffer);
      const field = (name: string) => new RegExp(`^${name}[:;][^\r\n]*`, 'm').exec(text)?.[0] ?? '-';
      return [...to, field('METHOD'), field('UID').replace(/:.*@/, ':…@'), field('SEQUENCE'), field('DTSTART')].join(
        ' ',
      );
    });

  it('opens a review, keeps a report of its causes, and mails both with the invitation, once', async () => {
    await bench.tell(fall('revenue'));
    await bench.tick();
    await bench.tell(fall('revenue'), fall('revenue'));
    await bench.tick(after(1));
    const [advisor, chairman, ...others] = bench.arrived();
    expect(others).toEqual([]);
    expect([advisor?.to, chairman?.to]).toEqual([['advisor@example.test'], ['chairman@example.test']]);
    expect(chairman?.mail.subject).toBe(
      'Revenue fell by 18% since 31 Oct, from $100K to $82K a month; Harbour <b> explains 100% of it',
    );
    expect(chairman?.mail.text).toMatch(/Harbour <b> +−\$18K +\$0 +100%/);
    expect(chairman?.mail.text).toContain('Urgent review: Tue 25 Nov 2025, 10:00 CET. The invitation is attached.');
    expect(chairman?.mail.text).toMatch(/10 Nov +Shared billing started \(Ada\)/);
    expect(chairman?.mail.html).toContain('Harbour &lt;b>');
    const [report] = await bench.owner.client
      .query<{ id: string; text: string }>(`SELECT id, text FROM portfolio_actions.reports WHERE kind = 'root_cause'`)
      .then(({ rows: reports }) => reports);
    expect(chairman?.mail.text).toContain(`https://actions.example.test/reports/${report?.id ?? ''}`);
    expect(report?.text).toMatch(/Gamma +\+\$2,000 +\+\$1,000 +−11\.1%/);
    expect(
      await rows(
        `SELECT trigger_id, opened_by, report_id IS NOT NULL AS has_report FROM portfolio_actions.recursion_executions`,
      ),
    ).toEqual([{ trigger_id: 'PORTFOLIO-003', opened_by: 'PortfolioPerformanceDegradation', has_report: true }]);
  });

  it('invites once for both measures, and cancels the meeting under its UID when both are over before it', async () => {
    await bench.tell(fall('revenue'), fall('profit'));
    await bench.tick();
    expect(calendars().filter((text) => text.includes('METHOD'))).toEqual(
      ['advisor', 'chairman'].map(
        (name) => `${name}@example.test METHOD:REQUEST UID:…@actions.example.test SEQUENCE:0 DTSTART:20251125T090000Z`,
      ),
    );
    await bench.tell(fall('revenue', { endsAt: after(2) }));
    await bench.tick(after(2));
    expect(calendars()).toEqual([]);
    await bench.tell(fall('profit', { endsAt: after(3) }));
    await bench.tick(after(3));
    expect(calendars()).toEqual(
      ['advisor', 'chairman'].map(
        (name) => `${name}@example.test METHOD:CANCEL UID:…@actions.example.test SEQUENCE:1 DTSTART:20251125T090000Z`,
      ),
    );
    expect(
      await rows('SELECT count(*)::int AS uids FROM portfolio_actions.meetings WHERE cancelled_at IS NOT NULL'),
    ).toEqual([{ uids: 1 }]);
  });

  it('leaves a meeting that has begun, and reports a fall that is over without one', async () => {
    await bench.tell(fall('revenue'));
    await bench.tick();
    bench.arrived();
    await bench.tell(fall('revenue', { endsAt: after(30) }));
    await bench.tick(after(30));
    expect(bench.arrived()).toEqual([]);
    await bench.tell(fall('revenue', { startsAt: after(40), endsAt: after(41) }));
    await bench.tick(after(42));
    expect(calendars()).toEqual(['advisor@example.test - - - -', 'chairman@example.test - - - -']);
    expect(await rows(`SELECT FROM portfolio_actions.mails WHERE text LIKE '%and the alert has ended%'`)).toHaveLength(
      2,
    );
  });

  it('says and calls nothing where the number is back up by the time the job runs, and says why in the row', async () => {
    const { client } = bench.owner;
    await client.query(`UPDATE venture_metrics SET monthly_revenue = 70000 WHERE monthly_revenue = 42000`);
    await bench.tell(fall('revenue'));
    await bench.tick();
    await client.query(`UPDATE venture_metrics SET monthly_revenue = 42000 WHERE monthly_revenue = 70000`);
    expect(bench.arrived()).toEqual([]);
    expect(
      await rows(
        `SELECT action, error FROM portfolio_actions.actions WHERE action IN ('root_cause_report', 'recursion', 'review_meeting', 'root_cause_mail')`,
      ),
    ).toEqual([
      { action: 'root_cause_report', error: 'Revenue is not below 31 Oct any more: from $100K to $110K a month' },
    ]);
    expect(await rows(`SELECT FROM portfolio_actions.recursion_executions WHERE trigger_id = 'PORTFOLIO-003'`)).toEqual(
      [],
    );
  });

  it.each([
    ['31 Oct', '2025-10-31'],
    ['24 Nov', '2025-11-23'],
  ])('without a number for %s it says what is missing, and calls nobody to a meeting', async (day, recorded) => {
    const { client } = bench.owner;
    await client.query('BEGIN; CREATE TEMPORARY TABLE away ON COMMIT PRESERVE ROWS AS SELECT * FROM venture_metrics');
    await client.query('DELETE FROM venture_metrics WHERE recorded_at = $1', [recorded]);
    await client.query('COMMIT');
    await bench.tell(fall('revenue'));
    await bench.tick();
    await client.query('INSERT INTO venture_metrics SELECT * FROM away ON CONFLICT DO NOTHING; DROP TABLE away');
    const mails = bench.arrived();
    const sentence = `The fall of revenue cannot be explained: no venture that can be compared has a number for ${day}`;
    expect(mails.map(({ to, mail }) => [...to, mail.subject, mail.attachments.length])).toEqual(
      ['advisor', 'chairman'].map((name) => [`${name}@example.test`, sentence, 0]),
    );
    expect(mails[0]?.mail.text?.replaceAll(/\s+/g, ' ')).toContain('no review is called');
    expect(mails[0]?.mail.html).not.toMatch(/critical/i);
    expect(
      await rows(
        `SELECT action, error FROM portfolio_actions.actions WHERE action IN ('recursion', 'review_meeting') ORDER BY action`,
      ),
    ).toEqual([
      { action: 'recursion', error: sentence },
      { action: 'review_meeting', error: sentence },
    ]);
    expect(await rows('SELECT FROM portfolio_actions.meetings')).toEqual([]);
    expect(await rows(`SELECT FROM portfolio_actions.reports WHERE kind = 'root_cause'`)).toHaveLength(1);
  });

  it('keeps what fails as a failed job with its reason, and does it when it can', async () => {
    const { client } = bench.owner;
    await client.query(`ALTER TABLE portfolio_actions.meetings ADD CONSTRAINT broken CHECK (title = 'x')`);
    await bench.tell(fall('revenue'));
    bench.mayFail = true;
    await bench.tick();
    expect(await bench.failures()).toEqual([expect.stringMatching(/^act_on_alert: .*"broken"/)]);
    expect(bench.arrived()).toEqual([]);
    await client.query('ALTER TABLE portfolio_actions.meetings DROP CONSTRAINT broken');
    await client.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
    bench.mayFail = false;
    await bench.tick(after(1));
    expect(bench.arrived()).toHaveLength(2);
  });

  it('keeps an error of a template as a failed job with its reason', async () => {
    const { configuration } = bench;
    // A number that breaks the component that writes it.
    const broken = { valueOf: () => assert.fail('the template threw') } as unknown as number;
    bench.configuration = {
      ...configuration,
      thresholds: { ...configuration.thresholds, performance_drop_alert: broken },
    };
    bench.mayFail = true;
    await bench.tell(fall('profit'));
    await bench.tick();
    expect(await bench.failures()).toEqual(['act_on_alert: the template threw']);
    expect(await rows('SELECT FROM portfolio_actions.mails')).toEqual([]);
    bench.configuration = configuration;
    bench.mayFail = false;
    await bench.owner.client.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
    await bench.tick(after(1));
    expect(bench.arrived()).toHaveLength(2);
  });
});
