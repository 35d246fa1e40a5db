import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TASKS } from '../../src/actions/jobs/tasks.js';
import type { ActionsBench } from './actionsBench.js';
import { at, READERS, received, reports, setDeliveryDay, startAnew, startMonthlyBench } from './monthlyBench.js';

describe('what is delivered monthly', () => {
  let bench: ActionsBench;

  beforeAll(async () => {
    bench = await startMonthlyBench();
  });
  afterAll(() => bench.stop());
  beforeEach(() => startAnew(bench));

  it('is due with the day in the time zone, of no month before the first start, and goes to each reader once', async () => {
    const seen: string[][] = [];
    for (const time of [
      '2025-10-04T21:59:00Z',
      '2025-10-04T22:00:00Z',
      '2025-10-04T23:00:00Z',
      '2025-09-20T00:00:00Z',
      '2025-10-31T00:00:00Z',
    ]) {
      await bench.tick(at(time));
      seen.push(bench.server.received.length === 0 ? [] : received(bench));
    }
    expect(seen).toEqual([[], reports('September 2025'), [], [], []]);
  });

  it('makes up for months in which nothing ran, and a refused reader holds nobody up', async () => {
    bench.server.behaviour.rejects.set('analyst@example.test', { code: 550, text: 'no such user' });
    await bench.tick(at('2025-12-20T08:00:00Z'));
    const others = READERS.filter((name) => name !== 'analyst');
    expect(received(bench)).toEqual(
      [
        ...others.flatMap((name) =>
          ['September', 'October', 'November'].map((month) => `${name}: Portfolio report, ${month} 2025`),
        ),
        'on-call: Mail to analyst@example.test is refused',
      ].toSorted((a, b) => (a < b ? -1 : 1)),
    );
  });

  it('follows the day as it is changed in the middle of a month, and delivers nothing twice', async () => {
    setDeliveryDay(bench, 20);
    await bench.tick(at('2025-10-10T08:00:00Z'));
    expect(received(bench)).toEqual([]);
    setDeliveryDay(bench, 8);
    await bench.tick(at('2025-10-10T09:00:00Z'));
    expect(received(bench)).toEqual(reports('September 2025'));
    setDeliveryDay(bench, 20);
    await bench.tick(at('2025-10-25T09:00:00Z'));
    expect(received(bench)).toEqual([]);
  });

  it('is delivered once by two processes that do it at the same time', async () => {
    const month = { month: '2025-09' };
    bench.now = at('2025-10-05T08:00:00Z');
    const other = { ...bench.context };
    for (const task of [TASKS.deliver_report, TASKS.deliver_digests]) {
      await Promise.all([task(month, bench.context), task(month, other)]);
    }
    await bench.tick();
    expect(received(bench)).toEqual(reports('September 2025'));
    const { rows } = await bench.owner.client.query('SELECT kind FROM portfolio_actions.reports');
    expect(rows).toHaveLength(1);
  });

  it('is delivered once although the database goes away in the middle of it', async () => {
    const { client } = bench.owner;
    await client.query(`
      CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
        $$ BEGIN IF NEW.recipient LIKE 'planner%' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;
      CREATE TRIGGER end_session AFTER INSERT ON portfolio_actions.mails FOR EACH ROW EXECUTE FUNCTION end_session()`);
    bench.mayFail = true;
    await bench.tick(at('2025-10-05T08:00:00Z'));
    await client.query(`ALTER ROLE ${bench.login.role} NOLOGIN`);
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [bench.login.role]);
    for (const minutes of [1, 30]) await expect(bench.tick(at(`2025-10-05T08:${minutes}:00Z`))).rejects.toThrow();
    expect(received(bench)).toEqual([]);
    await client.query(`ALTER ROLE ${bench.login.role} LOGIN; DROP TRIGGER end_session ON portfolio_actions.mails`);
    await client.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
    bench.mayFail = false;
    await bench.tick(at('2025-10-05T09:00:00Z'));
    expect(received(bench)).toEqual(reports('September 2025'));
  });
});
