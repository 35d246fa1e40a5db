import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startActionsBench } from '../actionsBench.js';
import type { ActionsBench, TestAlert } from '../actionsBench.js';

const BEGIN = new Date('2025-11-06T09:00:00Z');
const HOUR = 3_600_000;
const [TEAM_1, TEAM_2] = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'];
const after = (hours: number): Date => new Date(BEGIN.getTime() + hours * HOUR);
const over = (id: string, endsAt: Date | null = null): TestAlert => ({
  labels: { alertname: 'ResourceConflictDetected', resource_id: id },
  startsAt: BEGIN,
  endsAt,
});

describe('the venture leads of an over-allocated resource', () => {
  let bench: ActionsBench;
  beforeAll(async () => {
    bench = await startActionsBench(BEGIN);
    // Ada leads two ventures on team 1, and is on team 2 as well; the planner leads one; one address is none.
    await bench.owner.client.query(`
      INSERT INTO ventures (id, name, lead_email) VALUES
        ('bbbbbbbb-0000-4000-8000-000000000001', 'Harbour', 'ada@example.test'),
        ('bbbbbbbb-0000-4000-8000-000000000002', 'Orchard', 'Ada@example.test'),
        ('bbbbbbbb-0000-4000-8000-000000000003', 'Quarry', 'bo@example.test'),
        ('bbbbbbbb-0000-4000-8000-000000000004', 'Mill', E'cy\\r\\nBcc: all@example.test'),
        ('bbbbbbbb-0000-4000-8000-000000000005', 'Forge', 'planner@example.test');`);
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    await bench.owner.client.query(`
      TRUNCATE portfolio_actions.alerts, portfolio_actions.actions, portfolio_actions.mails, portfolio_actions.reports,
               portfolio_actions.approvals, portfolio_actions.recursion_executions, portfolio_actions.watched_conflicts,
               portfolio_actions.notifications, resource_conflicts, venture_resource_allocations CASCADE;
      INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
        SELECT '${TEAM_1}', 'Team 1', 'people', id, 32.01 FROM ventures;
      INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
        SELECT '${TEAM_2}', 'Team 2', 'people', id, 110 FROM ventures WHERE name = 'Harbour';`);
    bench.server.behaviour.rejects.clear();
    bench.arrived();
    bench.now = BEGIN;
  });
  /** What came for the leads: to whom, the subject, the text. */
  const told = (): { to: string; subject: string; text: string }[] =>
    bench
      .arrived()
      .map(({ to, mail }) => ({ to: to.join().toLowerCase(), subject: mail.subject ?? '', text: mail.text ?? '' }))
      .filter(({ subject }) => /over-allocated/.test(subject));
  const subjects = (): string[] => told().map(({ to, subject }) => `${to}: ${subject}`);
  const allocate = (resource: string, percent: number): Promise<unknown> =>
    bench.owner.client.query(
      'UPDATE venture_resource_allocations SET allocation_percentage = $2 WHERE resource_id = $1',
      [resource, percent],
    );

  it('get one mail each, at once, whatever they lead, with all that concerns them', async () => {
    await bench.tell(over(TEAM_1), over(TEAM_2));
    await bench.tellAgain(over(TEAM_1), over(TEAM_2));
    await bench.work();
    await bench.tick();
    const [ada, bo, ...others] = told();
    expect(others).toEqual([]);
    expect(ada?.to).toBe('ada@example.test');
    expect(ada?.subject).toMatch(
      /^\[FIRING · high\] Team \d over-allocated: 1\d0% of the capacity is given to ventures \(\+1 more\)$/,
    );
    expect([bo?.to, bo?.subject]).toEqual([
      'bo@example.test',
      '[FIRING · high] Team 1 over-allocated: 160% of the capacity is given to ventures',
    ]);
    for (const part of ['Current value: 160%', 'Limit: 100%', 'Next step: agree with', 'Resource: Team 1']) {
      expect(bo?.text).toContain(part);
    }
    expect(bo?.text).toMatch(/Venture +Share\nForge +32%\nHarbour +32%\nMill +32%\nOrchard +32%\nQuarry +32%/);
    expect(ada?.text).toContain('Team 2');
    expect(bo?.text).not.toContain('Team 2');
  });

  it('get theirs where the mail server refuses one of them for good; on-call hears of that one', async () => {
    bench.server.behaviour.rejects.set('bo@example.test', { code: 550, text: '5.1.1 no such user' });
    await bench.tell(over(TEAM_1));
    await bench.work();
    const arrived = bench.arrived().map(({ to, mail }) => `${to.join().toLowerCase()}: ${mail.subject ?? ''}`);
    expect(arrived.filter((one) => /^(ada|bo|on-call)@/.test(one))).toEqual([
      'ada@example.test: [FIRING · high] Team 1 over-allocated: 160% of the capacity is given to ventures',
      'on-call@example.test: Mail to bo@example.test is refused',
    ]);
    await bench.tick(after(1));
    expect(bench.arrived()).toEqual([]);
  });

  it('are reminded once a day while it goes on, with the numbers of then, also where days were missed or the clock is set back', async () => {
    await bench.tell(over(TEAM_1));
    await bench.tick();
    bench.arrived();
    const days: string[][] = [];
    for (const hours of [23, 25, 80, 0.5]) {
      if (hours === 80) await allocate(TEAM_1, 20.01);
      await bench.tick(after(hours));
      days.push(subjects());
    }
    const both = (percent: string): string[] =>
      ['ada', 'bo'].map(
        (name) =>
          `${name}@example.test: [FIRING · high] Team 1 over-allocated: ${percent} of the capacity is given to ventures`,
      );
    // 5 x 20.01% is apart from the limit by its digits behind the point alone.
    expect(days).toEqual([[], both('160%'), both('100.1%'), []]);
  });

  it('hear of its end once, also those who no longer count on it, and late rather than not at all', async () => {
    await bench.tell(over(TEAM_1));
    await bench.tick();
    bench.arrived();
    // Back at the limit, and the alert goes on for some minutes: nobody is reminded of what is no more.
    await allocate(TEAM_1, 20);
    await bench.tick(after(25));
    expect(subjects()).toEqual([]);
    await bench.owner.client.query('DELETE FROM venture_resource_allocations');
    await bench.tell(over(TEAM_1, after(81)));
    bench.now = after(200);
    await bench.work();
    await bench.tick();
    const mails = told();
    expect(mails.map(({ to, subject }) => `${to}: ${subject}`)).toEqual(
      ['ada', 'bo'].map((name) => `${name}@example.test: [RESOLVED] A resource is no longer over-allocated`),
    );
    expect(mails[1]?.text).toContain('It is over. It lasted 3 d 9 h.');
  });

  it('are told while it goes on where they come later, and of nothing that is at its limit', async () => {
    await allocate(TEAM_1, 20);
    await bench.tell(over(TEAM_1));
    await bench.tick();
    expect(subjects()).toEqual([]);
    await allocate(TEAM_1, 40);
    await bench.tick(after(1));
    expect(subjects()).toHaveLength(2);
    await bench.owner.client.query(`UPDATE ventures SET lead_email = 'dee@example.test' WHERE name = 'Quarry'`);
    await bench.tick(after(2));
    expect(subjects()).toEqual([
      'dee@example.test: [FIRING · high] Team 1 over-allocated: 200% of the capacity is given to ventures',
    ]);
    await bench.owner.client.query(`UPDATE ventures SET lead_email = 'bo@example.test' WHERE name = 'Quarry'`);
  });
});
