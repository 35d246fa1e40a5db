import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startActionsBench } from './actionsBench.js';
import type { ReceivedMail } from '../support/mailServer.js';
import type { ActionsBench, TestAlert } from './actionsBench.js';

const START = new Date('2025-11-06T09:00:00Z');
const HOUR = 3_600_000;
const RESOURCE = '00000000-0000-4000-8000-0000000000c1';
const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR);
const over = (alert: Partial<TestAlert> = {}): TestAlert => ({
  labels: { alertname: 'ResourceConflictDetected', resource_id: RESOURCE },
  startsAt: START,
  endsAt: null,
  ...alert,
});

describe('the decision about an over-allocation', () => {
  let bench: ActionsBench;

  beforeAll(async () => {
    bench = await startActionsBench(START);
    await bench.owner.client.query(`
      INSERT INTO ventures (id, name, status, lead_name, lead_email, created_at)
      SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, name, 'active', 'Lead', lead, '2025-01-01'
        FROM (VALUES (1, 'Harbour', 'harbour@example.test'), (2, 'Beta', 'beta@example.test'), (3, 'Gamma', 'no address')) AS v (n, name, lead);
      INSERT INTO venture_assessments
        (venture_id, assessed_on, strategic_fit, financial_health, growth_potential, resource_efficiency)
      SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, '2025-11-01', score, score, score, score
        FROM (VALUES (1, 4.5), (2, 2.0), (3, 3.0)) AS s (n, score)`);
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    await bench.owner.client.query(`
      TRUNCATE portfolio_actions.alerts, portfolio_actions.actions, portfolio_actions.mails, portfolio_actions.reports,
               portfolio_actions.approvals, portfolio_actions.recursion_executions, portfolio_actions.watched_conflicts,
               portfolio_actions.notifications, resource_conflicts, venture_resource_allocations CASCADE;
      INSERT INTO venture_resource_allocations
        (resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available)
      SELECT '${RESOURCE}', 'Ann', 'people', ('00000000-0000-4000-8000-00000000000' || n)::uuid, share, share * 1.6
        FROM (VALUES (1, 60), (2, 40), (3, 30)) AS a (n, share)`);
    arrived();
    bench.now = START;
  });
  /** But for what the leads are told while it goes on: mail/tellVentureLeads.test.ts. */
  const arrived = (): ReceivedMail[] =>
    bench.arrived().filter(({ mail }) => !/over-allocated/.test(mail.subject ?? ''));
  const received = (): string[] => arrived().map(({ to, mail }) => `${to.join()}: ${mail.subject ?? ''}`);
  const rows = async (text: string): Promise<unknown[]> => (await bench.owner.client.query<never>(text)).rows;
  const decide = (decision: string): Promise<unknown> =>
    bench.owner.client.query(
      `UPDATE portfolio_actions.approvals SET decision = $1, decided_at = $2, decided_by = 'Chairman', note = 'Fine by me'`,
      [decision, after(1)],
    );
  const fallBack = (): Promise<unknown> =>
    bench.owner.client.query(
      `UPDATE venture_resource_allocations SET allocation_percentage = 10 WHERE allocation_percentage = 40`,
    );

  it('opens the conflict, asks the Chairman with a link and tells the planner, once', async () => {
    await bench.tell(over());
    await bench.tick();
    await bench.tell(over(), over());
    await bench.tick(after(1));
    const [chairman, planner, ...others] = arrived();
    expect(others).toEqual([]);
    expect(chairman?.mail.subject).toBe('Decision needed: Ann is allocated at 130%, Beta gives 30 points');
    expect(chairman?.mail.text).toContain(
      'Ann (people) is allocated at 130%, 30 points over the limit of 100%; proposed:\nBeta gives 30 points. Cost: 48 h ($3,600) in 30 days.',
    );
    expect(chairman?.mail.text).toMatch(/Beta +2 +40% +10% +48 h/);
    expect(chairman?.mail.text).toMatch(/Approve or reject:\nhttps:\/\/actions\.example\.test\/l\/[\w-]+\./);
    expect([planner?.to, planner?.mail.subject]).toEqual([
      ['planner@example.test'],
      'Proposal: Ann is allocated at 130%, Beta gives 30 points',
    ]);
    expect(planner?.mail.text).not.toContain('/l/');
    expect(await rows('SELECT status, total_allocation_pct AS percent FROM resource_conflicts')).toEqual([
      { status: 'DETECTED', percent: '130.00' },
    ]);
    expect(
      await rows(
        `SELECT trigger_id, report_id IS NOT NULL AS has_report FROM portfolio_actions.recursion_executions WHERE subject = '${RESOURCE}'`,
      ),
    ).toEqual([{ trigger_id: 'PORTFOLIO-002', has_report: true }]);
  });

  it('reminds once for each period that it waits, and once for those in which nothing ran', async () => {
    await bench.tell(over());
    await bench.tick();
    arrived();
    const reminders: string[][] = [];
    for (const hours of [71.9, 72, 100, 72, 144, 500, 501]) {
      await bench.tick(after(hours));
      // But for what is said of a conflict that stands, which is below.
      reminders.push(received().filter((subject) => !/\(\d of 3\)$/.test(subject)));
    }
    const reminder = (age: string): string[] => [
      `chairman@example.test: Waiting for ${age}: Ann is allocated at 130%, Beta gives 30 points`,
    ];
    expect(reminders).toEqual([[], reminder('3 d'), [], [], reminder('6 d'), reminder('20 d 20 h'), []]);
  });

  describe('that stands after its timeout', () => {
    const timeout = 48;
    const looks = async (): Promise<unknown[]> =>
      rows(`SELECT e.depth, r.data ->> 'brief' AS brief FROM portfolio_actions.recursion_executions e
              LEFT JOIN portfolio_actions.reports r ON r.id = e.report_id
             WHERE e.trigger_id = 'PORTFOLIO-002' ORDER BY e.opened_at`);
    const decideOpen = (decision: string, hours: number): Promise<unknown> =>
      bench.owner.client.query(
        `UPDATE portfolio_actions.approvals SET decision = $1, decided_at = $2, decided_by = 'Chairman' WHERE decided_at IS NULL`,
        [decision, after(hours)],
      );
    const both = (chairman: string, planner: string): string[] => [
      `chairman@example.test: ${chairman}`,
      `planner@example.test: ${planner}`,
    ];
    beforeEach(async () => {
      await bench.tell(over());
      await bench.tick();
      arrived();
    });

    it('is asked about the next way where the last was rejected, which of how many, until it is for people', async () => {
      await decideOpen('REJECTED', 1);
      await bench.tick(after(1));
      arrived();
      await bench.tick(after(timeout - 0.1));
      expect(received()).toEqual([]);
      await bench.tick(after(timeout));
      await bench.tick(after(timeout + 1));
      const [chairman, planner, ...others] = arrived();
      expect(others).toEqual([]);
      expect([chairman, planner].map((mail) => `${mail?.to.join() ?? ''}: ${mail?.mail.subject ?? ''}`)).toEqual(
        both(
          'Decision needed: Ann is allocated at 130%, turns over 7 weeks (2 of 3)',
          'Proposal: Ann is allocated at 130%, turns over 7 weeks (2 of 3)',
        ),
      );
      const text = chairman?.mail.text?.replaceAll(/\s+/g, ' ');
      expect(text).toContain(
        'Look 2 of 3 at this conflict, because it stands. The Chairman rejected the last proposal (the lowest score gives first) on Thu 6 Nov 2025, 11:00 CET. After it there is 1 more.',
      );
      expect(text).not.toContain('By score');
      expect(text).toContain('/l/');
      expect(planner?.mail.text).not.toContain('/l/');

      await decideOpen('REJECTED', timeout + 2);
      await bench.tick(after(timeout + 2));
      expect(received()).toEqual(
        ['beta', 'harbour', 'planner'].map((name) => `${name}@example.test: The proposal for Ann is rejected`),
      );
      await bench.tick(after(2 * timeout));
      expect(received()).toEqual(
        both(
          'Decision needed: Ann is allocated at 130%, 30% more of it (3 of 3)',
          'Proposal: Ann is allocated at 130%, 30% more of it (3 of 3)',
        ),
      );
      expect(await looks()).toEqual([
        { depth: 1, brief: 'Beta gives 30 points' },
        { depth: 2, brief: 'turns over 7 weeks' },
        { depth: 3, brief: '30% more of it' },
      ]);
      await decideOpen('APPROVED', 2 * timeout + 1);
      await bench.tick(after(2 * timeout + 1));
      const told = arrived().map(({ mail }) => mail.text?.replaceAll(/\s+/g, ' '));
      expect(told[0]).toContain('approved the proposal for Ann on Mon 10 Nov 2025, 11:00 CET: 30% more of it.');
      await bench.tick(after(3 * timeout));
      expect(received()).toEqual([]);
      expect(
        await rows(`SELECT reason FROM portfolio_actions.recursion_refusals WHERE subject = '${RESOURCE}'`),
      ).toEqual([{ reason: 'depth' }]);
    });

    it('is asked about the same where nobody has decided: silence is no refusal', async () => {
      await bench.tick(after(timeout));
      const mails = arrived();
      expect(mails.map(({ to, mail }) => `${to.join()}: ${mail.subject ?? ''}`)).toEqual(
        both(
          'Waiting for 2 d: Ann is allocated at 130%, Beta gives 30 points (2 of 3)',
          'Proposal: Ann is allocated at 130%, Beta gives 30 points (2 of 3)',
        ),
      );
      expect(mails[0]?.mail.text?.replaceAll(/\s+/g, ' ')).toContain(
        'Nobody has decided about it (the lowest score gives first) since',
      );
      expect(mails[0]?.mail.text).toContain('/l/');
      expect(await rows('SELECT option FROM portfolio_actions.approvals')).toEqual([{ option: 'priority' }]);
    });

    it('is to be carried out where it was approved', async () => {
      await decideOpen('APPROVED', 1);
      await bench.tick(after(1));
      arrived();
      await bench.tick(after(timeout));
      expect(received()).toEqual(
        both(
          'Approved, not carried out: Ann is allocated at 130%, Beta gives 30 points (2 of 3)',
          'Approved, not carried out: Ann is allocated at 130%, Beta gives 30 points (2 of 3)',
        ),
      );
    });

    it('is for people where every way was rejected', async () => {
      await bench.owner.client.query(
        `INSERT INTO portfolio_actions.approvals (conflict_id, requested_at, decided_at, decision, decided_by, option)
         SELECT conflict_id, $1, $1, 'REJECTED', 'Chairman', option
           FROM resource_conflicts, unnest(ARRAY['timeSharing', 'expansion', 'sunset']) AS option`,
        [after(1)],
      );
      await decideOpen('REJECTED', 1);
      await bench.tick(after(1));
      arrived();
      await bench.tick(after(timeout));
      const subject = 'For people now: Ann is allocated at 130%, nothing left to propose (2 of 3)';
      expect(received()).toEqual(both(subject, subject));
    });
  });

  it.each([
    ['APPROVED', 'approved', 'IN_PROGRESS'],
    ['REJECTED', 'rejected', 'DETECTED'],
  ])('tells the planner and the leads once that it is %s', async (decision, word, status) => {
    await bench.tell(over());
    await bench.tick();
    arrived();
    await decide(decision);
    await bench.tick(after(1));
    await bench.tick(after(40));
    const told = arrived();
    expect(told.map(({ to, mail }) => [...to, mail.subject])).toEqual(
      ['beta', 'harbour', 'planner'].map((name) => [`${name}@example.test`, `The proposal for Ann is ${word}`]),
    );
    const changes = decision === 'APPROVED' ? ': Beta 40% → 10%.' : '; it was Beta 40% → 10%.';
    const texts = told.map(({ mail }) => mail.text?.replaceAll(/\s+/g, ' '));
    expect(texts[0]).toContain(`The Chairman ${word} the proposal for Ann on Thu 6 Nov 2025, 11:00 CET${changes}`);
    // A lead has no password for the pages.
    expect(texts.map((text) => text?.includes('https://actions.example.test/reports/'))).toEqual([false, false, true]);
    expect(told[0]?.mail.text).toContain('Note: Fine by me');
    expect(await rows('SELECT status FROM resource_conflicts')).toEqual([{ status }]);
  });

  it('withdraws what waits when the allocation falls back, and says so', async () => {
    await bench.tell(over());
    await bench.tick();
    arrived();
    await fallBack();
    await bench.tick(after(80));
    await bench.tick(after(200));
    const [told, ...others] = arrived();
    expect(others).toEqual([]);
    expect(told?.mail.subject).toBe('No decision about Ann is needed any more');
    expect(told?.mail.text).toContain('The allocation is back at 100%, at or under');
    expect(await rows('SELECT decision, decided_at FROM portfolio_actions.approvals')).toEqual([
      { decision: 'WITHDRAWN', decided_at: after(80) },
    ]);
  });

  it('proposes nothing where the allocation has fallen back before the alert was told', async () => {
    await fallBack();
    await bench.tell(over());
    await bench.tick();
    expect(received()).toEqual([]);
    expect(await rows(`SELECT error FROM portfolio_actions.actions WHERE action = 'recursion'`)).toEqual([
      { error: 'the resource is not over-allocated any more' },
    ]);
  });
});
