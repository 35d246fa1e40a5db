import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startActionsBench } from './actionsBench.js';
import type { ActionsBench, TestAlert } from './actionsBench.js';

const HOUR = 3_600_000;
const START = new Date('2026-11-16T09:00:00Z');
const MILESTONE = '00000000-0000-4000-8000-0000000000a1';
const INITIATIVE = '00000000-0000-4000-8000-0000000000b1';

const delayed = (over: Partial<TestAlert> = {}): TestAlert => ({
  labels: { alertname: 'SynergyInitiativeDelayed', milestone_id: MILESTONE, initiative_id: INITIATIVE },
  startsAt: START,
  endsAt: null,
  ...over,
});
const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR);

describe('status requests about delayed milestones', () => {
  let bench: ActionsBench;

  beforeAll(async () => {
    bench = await startActionsBench(START);
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    await bench.owner.client.query(`
      TRUNCATE portfolio_actions.alerts, portfolio_actions.actions, portfolio_actions.mails, portfolio_actions.notifications,
               portfolio_actions.status_requests, synergy_initiatives CASCADE;
      INSERT INTO synergy_initiatives (id, code, name, status, owner_name, owner_email, launched_at, is_critical)
      VALUES ('${INITIATIVE}', 'SYN-7', 'Shared billing', 'ACTIVE', 'Ada', 'ada@example.test', '2026-09-01', true);
      INSERT INTO initiative_milestones (id, initiative_id, name, owner_name, owner_email, deadline, deadline_set_at)
      VALUES ('${MILESTONE}', '${INITIATIVE}', 'Pilot "one"', 'Eve', 'eve@example.test', '2026-11-12', '2026-09-01')`);
    bench.arrived();
    bench.now = START;
  });
  const received = (): unknown[] => bench.arrived().map(({ to, mail }) => [...to, mail.subject]);
  const rows = async (text: string): Promise<unknown[]> => (await bench.owner.client.query<never>(text)).rows;

  it('asks the owner once, starts the time to answer, reminds once after it, and lets an answer close it late', async () => {
    await bench.tell(delayed());
    await bench.tell(delayed(), delayed());
    await bench.tick();
    const [request, ...others] = bench.arrived();
    expect(others).toEqual([]);
    expect(request?.to).toEqual(['eve@example.test']);
    expect(request?.mail.subject).toBe('Your status on Shared billing: "Pilot "one"" is 3 d 10 h overdue');
    expect(request?.mail.text).toContain(
      'The milestone Pilot "one" of Shared billing was due on 12 Nov 2026 and is 3 d\n10 h overdue.',
    );
    expect(request?.mail.text).toContain('Answer by Wed 18 Nov 2026, 10:00 CET');
    expect(request?.mail.text).toMatch(/https:\/\/actions\.example\.test\/l\/[\w-]+\.[\w-]+\.[\w-]+/);
    expect(await rows('SELECT recipient, notified_at FROM initiative_notifications')).toEqual([
      { recipient: 'eve@example.test', notified_at: START },
    ]);
    await bench.tick(after(47.9));
    expect(received()).toEqual([]);
    await bench.tick(after(48));
    await bench.tick(after(60));
    await bench.tick(START);
    expect(received()).toEqual([
      ['eve@example.test', 'Reminder: your status on Shared billing was due, "Pilot "one"" is 5 d 10 h overdue'],
    ]);
    await bench.owner.client.query(
      `INSERT INTO initiative_responses (initiative_id, responded_by, responded_at, note)
       VALUES ('${INITIATIVE}', 'Eve', '${after(70).toISOString()}', 'Next week')`,
    );
    await bench.tick(after(71));
    expect(await rows('SELECT answered_at FROM portfolio_actions.status_requests')).toEqual([
      { answered_at: after(70) },
    ]);
    expect(
      await rows(`SELECT action, done_at IS NOT NULL AS done, error FROM portfolio_actions.actions
                        WHERE alertname = 'SynergyInitiativeDelayed' ORDER BY created_at, action`),
    ).toMatchObject([
      { action: 'opened' },
      { action: 'status_request', done: true, error: null },
      { action: 'reminder', done: true, error: null },
    ]);
  });

  it.each([
    [
      'answered',
      `INSERT INTO initiative_responses (initiative_id, responded_by, responded_at, note)
                  VALUES ('${INITIATIVE}', 'Eve', '${after(9).toISOString()}', 'Done soon')`,
    ],
    ['completed', `UPDATE initiative_milestones SET completed_at = '${after(9).toISOString()}'`],
    ['over', null],
  ])('does not remind of a delay that is %s', async (_state, statement) => {
    await bench.tell(delayed());
    await bench.tick();
    expect(bench.arrived()).toHaveLength(1);
    if (statement === null) {
      await bench.tell(delayed({ endsAt: after(9) }));
      await bench.work();
    }
    if (statement !== null) await bench.owner.client.query(statement);
    await bench.tick(after(60));
    expect(received()).toEqual([]);
  });

  it('asks the Synergy Execution Manager where no owner can be reached, and nobody about what is done', async () => {
    await bench.owner.client.query(
      `UPDATE initiative_milestones SET owner_email = 'eve'; UPDATE synergy_initiatives SET owner_email = NULL`,
    );
    await bench.tell(delayed());
    await bench.tick();
    expect(received()).toEqual([['manager@example.test', expect.stringContaining('Shared billing')]]);
    await bench.owner.client.query(`UPDATE initiative_milestones SET completed_at = '2026-11-13'`);
    await bench.tell(delayed({ endsAt: after(1) }));
    await bench.tell(delayed({ startsAt: after(2), endsAt: after(2.5) }), delayed({ startsAt: after(3) }));
    await bench.tick(after(4));
    expect(received()).toEqual([]);
    expect(
      await rows(`SELECT error FROM portfolio_actions.actions WHERE action = 'status_request' ORDER BY period`),
    ).toEqual([
      { error: null },
      { error: 'the alert had ended' },
      { error: 'the milestone is gone, completed or no longer due' },
    ]);
  });

  it('asks the initiative’s owner where the milestone’s has no usable address', async () => {
    await bench.owner.client.query(`UPDATE initiative_milestones SET owner_email = 'eve@'`);
    await bench.tell(delayed());
    await bench.tick();
    expect(received()).toEqual([['ada@example.test', expect.any(String)]]);
  });
});
