import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKpiScheduler } from '../../src/kpi/schedule/kpiScheduler.js';
import type { KpiScheduler, SchedulePolicy } from '../../src/kpi/schedule/kpiScheduler.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { kpiUnit } from '../support/kpiUnit.js';

const START = Date.parse('2026-03-31T12:00:00Z');
const POLICY: SchedulePolicy = { timeZone: 'UTC', jitterMs: 0, onChange: { delayMs: 200, minIntervalMs: 1_000 } };

/** What happened, as `<ms since the start> <kpi> start|end|skip`; a title that is not the default follows the name. */
let events: string[];
let runMs: number;
let running: Map<string, number>;
let mostAtOnce: number;
let scheduler: KpiScheduler;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  events = [];
  runMs = 100;
  running = new Map();
  mostAtOnce = 0;
  const note = (unit: KpiUnit, what: string): void => {
    const version = unit.title === 'Sample' ? '' : `(${unit.title})`;
    events.push(`${Date.now() - START} ${unit.name}${version} ${what}`);
  };
  scheduler = createKpiScheduler({
    clock: () => new Date(),
    random: () => 0,
    run: async (unit) => {
      note(unit, 'start');
      running.set(unit.name, (running.get(unit.name) ?? 0) + 1);
      mostAtOnce = Math.max(mostAtOnce, ...running.values());
      await new Promise((resolve) => setTimeout(resolve, runMs));
      running.set(unit.name, (running.get(unit.name) ?? 0) - 1);
      note(unit, 'end');
    },
    onSkip: (unit) => note(unit, 'skip'),
  });
});
afterEach(async () => {
  const stopping = scheduler.stop();
  await vi.advanceTimersByTimeAsync(600_000);
  await stopping;
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const starts = (): string[] => events.filter((event) => event.endsWith('start')).map((event) => event.slice(0, -6));
const unit = (name: string, overrides: Partial<KpiUnit> = {}): KpiUnit =>
  kpiUnit({ name, timeoutMs: 5_000, ...overrides });

describe('a change of a table', () => {
  const loads = async (overrides: Partial<KpiUnit>): Promise<string[]> => {
    scheduler.apply([unit('a', { onChange: ['loaded'], ...overrides })], POLICY);
    await pass(10_000);
    for (let ms = 0; ms < 130_000; ms += 100) {
      scheduler.tableChanged('loaded');
      await pass(100);
    }
    await pass(60_000);
    return starts();
  };

  it.each([
    { schedule: { kind: 'cron', expression: '30 6 * * *' } },
    { schedule: { kind: 'every', intervalMs: 3_600_000 } },
    { schedule: { kind: 'every', intervalMs: 500_000 }, timeoutMs: 600_000 },
  ] as const)(
    'runs a KPI that is not real time at once, then once a minute for as long as changes come: %j',
    async (it) => {
      expect(await loads(it)).toEqual(['0 a', '10200 a', '70200 a', '130200 a', '190200 a']);
    },
  );

  it('that was missed counts as a change', async () => {
    scheduler.apply([unit('a', { onChange: ['loaded'] }), unit('b')], POLICY);
    await pass(1_000);
    scheduler.changesMissed();
    await pass(1_000);
    expect(starts()).toEqual(['0 a', '0 b', '1200 a']);
  });
});

describe('apply', () => {
  it('runs every KPI at once, then on its schedule', async () => {
    const other = unit('b', { schedule: { kind: 'every', intervalMs: 20_000 } });
    expect(scheduler.apply([unit('a'), other], POLICY)).toEqual(['a', 'b']);
    await pass(61_000);
    expect(starts()).toEqual(['0 a', '0 b', '20000 b', '30000 a', '40000 b', '60000 a', '60000 b']);
  });

  it('leaves a KPI alone that is as it was, in a copy as well', async () => {
    scheduler.apply([unit('a')], POLICY);
    await pass(25_000);
    expect(scheduler.apply([structuredClone(unit('a'))], structuredClone(POLICY))).toEqual([]);
    await pass(10_000);
    expect(starts()).toEqual(['0 a', '30000 a']);
  });

  it('restarts what changed, at once, and nothing else', async () => {
    scheduler.apply([unit('a'), unit('b'), unit('c')], POLICY);
    await pass(10_000);
    const faster = unit('b', { schedule: { kind: 'every', intervalMs: 5_000 } });
    const retitled = unit('c', { title: 'new' });
    expect(scheduler.apply([unit('a'), faster, retitled], POLICY)).toEqual(['b', 'c']);
    await pass(11_000);
    expect(starts()).toEqual(['0 a', '0 b', '0 c', '10000 b', '10000 c(new)', '15000 b', '20000 b']);
  });

  it('restarts everything when the policy changes', async () => {
    scheduler.apply([unit('a'), unit('b')], POLICY);
    await pass(10_000);
    expect(scheduler.apply([unit('a'), unit('b')], { ...POLICY, timeZone: 'Europe/Berlin' })).toEqual(['a', 'b']);
  });

  it('lets the run under way of a changed KPI end before the new one runs', async () => {
    runMs = 4_000;
    scheduler.apply([unit('a', { title: 'old' })], POLICY);
    await pass(1_000);
    scheduler.apply([unit('a', { title: 'new' })], POLICY);
    expect(scheduler.isRunning('a')).toBe(true);
    await pass(10_000);
    expect(events).toEqual(['0 a(old) start', '4000 a(old) end', '4000 a(new) start', '8000 a(new) end']);
    expect(mostAtOnce).toBe(1);
  });

  it('changed twice during a run, runs only the last', async () => {
    runMs = 4_000;
    for (const title of ['first', 'second', 'third']) {
      scheduler.apply([unit('a', { title })], POLICY);
      await pass(1_000);
    }
    await pass(20_000);
    expect(starts()).toEqual(['0 a(first)', '4000 a(third)']);
    expect(mostAtOnce).toBe(1);
  });

  it('stops a KPI that is gone', async () => {
    scheduler.apply([unit('a', { onChange: ['ventures'] }), unit('b')], POLICY);
    await pass(10_000);
    expect(scheduler.apply([unit('b')], POLICY)).toEqual([]);
    scheduler.tableChanged('ventures');
    scheduler.request(() => true);
    await pass(100_000);
    expect(starts().filter((start) => start.endsWith(' a'))).toEqual(['0 a']);
    expect(scheduler.nextTick('a')).toBeNull();
    expect(scheduler.isRunning('a')).toBe(false);
  });

  it('does not let a KPI that went and came back during a run overlap itself', async () => {
    runMs = 4_000;
    scheduler.apply([unit('a')], POLICY);
    await pass(1_000);
    scheduler.apply([], POLICY);
    await pass(1_000);
    expect(scheduler.apply([unit('a')], POLICY)).toEqual(['a']);
    await pass(10_000);
    expect(events).toEqual(['0 a start', '4000 a end', '4000 a start', '8000 a end']);
    expect(mostAtOnce).toBe(1);
    // Time and again.
    runMs = 2_000;
    for (let time = 0; time < 5; time += 1) {
      scheduler.apply([unit('a')], POLICY);
      await pass(300);
      scheduler.apply([], POLICY);
      await pass(300);
    }
    await pass(20_000);
    expect(mostAtOnce).toBe(1);
  });
});

describe('tableChanged', () => {
  it('runs the KPIs that name the table, soon', async () => {
    scheduler.apply(
      [
        unit('a', { onChange: ['value_capture_log', 'synergy_initiatives'] }),
        unit('b', { onChange: ['resource_conflicts'] }),
        unit('c'),
      ],
      POLICY,
    );
    await pass(5_000);
    events = [];
    for (let n = 0; n < 10_000; n += 1) scheduler.tableChanged('value_capture_log');
    scheduler.tableChanged('something_else');
    await pass(5_000);
    expect(starts()).toEqual(['5200 a']);
    scheduler.tableChanged('resource_conflicts');
    await pass(5_000);
    expect(starts()).toEqual(['5200 a', '10200 b']);
  });

  it('during a run is followed by exactly one more', async () => {
    runMs = 3_000;
    scheduler.apply([unit('a', { onChange: ['ventures'] })], POLICY);
    await pass(2_000);
    for (let n = 0; n < 50; n += 1) scheduler.tableChanged('ventures');
    await pass(20_000);
    expect(starts()).toEqual(['0 a', '3200 a']);
  });
});

describe('request', () => {
  it('runs what the predicate picks', async () => {
    scheduler.apply([unit('a'), unit('b')], POLICY);
    await pass(5_000);
    scheduler.request(({ name }) => name === 'b');
    await pass(0);
    expect(starts()).toEqual(['0 a', '0 b', '5000 b']);
  });
});

describe('a tick during a run', () => {
  it('is told of with the unit', async () => {
    runMs = 70_000;
    scheduler.apply([unit('a')], POLICY);
    await pass(65_000);
    expect(events).toEqual(['0 a start', '30000 a skip', '60000 a skip']);
  });
});

describe('stop', () => {
  const stopped = async (): Promise<number> => {
    let at = -1;
    const stopping = scheduler.stop().then(() => {
      at = Date.now() - START;
    });
    await pass(60_000);
    await stopping;
    return at;
  };

  it('waits for the runs under way and starts no other', async () => {
    runMs = 4_000;
    scheduler.apply([unit('a'), unit('b')], POLICY);
    await pass(1_000);
    scheduler.request(() => true);
    expect(await stopped()).toBe(4_000);
    await pass(100_000);
    expect(starts()).toEqual(['0 a', '0 b']);
    expect(scheduler.nextTick('a')).toBeNull();
  });

  it('waits for the last run of a KPI that is gone, too', async () => {
    runMs = 4_000;
    scheduler.apply([unit('a')], POLICY);
    await pass(1_000);
    scheduler.apply([], POLICY);
    expect(await stopped()).toBe(4_000);
  });

  it('does not run a replacement that was waiting for its turn', async () => {
    runMs = 4_000;
    scheduler.apply([unit('a')], POLICY);
    await pass(1_000);
    scheduler.apply([unit('a', { title: 'new' })], POLICY);
    expect(await stopped()).toBe(4_000);
    expect(starts()).toEqual(['0 a']);
  });
});
