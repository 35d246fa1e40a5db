import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scheduleKpi } from '../../src/kpi/schedule/scheduleKpi.js';
import type { KpiSchedule, ScheduleKpiDeps } from '../../src/kpi/schedule/scheduleKpi.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { kpiUnit } from '../support/kpiUnit.js';

const START = '2026-03-31T12:00:00.000Z';

interface Scheduled {
  readonly schedule: KpiSchedule;
  /** When runs started, as ISO text. */
  readonly starts: string[];
  readonly skips: string[];
  /** How many runs were under way at once, at most. */
  readonly most: () => number;
}

const scheduled: KpiSchedule[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(START) });
});
afterEach(async () => {
  const stops = scheduled.splice(0).map((schedule) => schedule.stop());
  await vi.advanceTimersByTimeAsync(3_600_000);
  await Promise.all(stops);
  vi.useRealTimers();
});

const now = (): string => new Date().toISOString();

/** A schedule whose runs take `runMs` each. */
function start(unit: Partial<KpiUnit>, runMs: number | (() => number), deps: Partial<ScheduleKpiDeps> = {}): Scheduled {
  const starts: string[] = [];
  const skips: string[] = [];
  let running = 0;
  let most = 0;
  const schedule = scheduleKpi(kpiUnit(unit), {
    run: async () => {
      starts.push(now());
      running += 1;
      most = Math.max(most, running);
      const ms = typeof runMs === 'number' ? runMs : runMs();
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      running -= 1;
    },
    onSkip: () => skips.push(now()),
    timeZone: 'UTC',
    jitterMs: 0,
    onChange: { delayMs: 200, minIntervalMs: 1_000 },
    clock: () => new Date(),
    random: () => 0,
    ...deps,
  });
  scheduled.push(schedule);
  return { schedule, starts, skips, most: () => most };
}

/** Milliseconds since the start. */
const since = (times: readonly string[]): number[] => times.map((time) => Date.parse(time) - Date.parse(START));

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

const every = (intervalMs: number): Partial<KpiUnit> => ({ schedule: { kind: 'every', intervalMs } });
const cron = (expression: string): Partial<KpiUnit> => ({ schedule: { kind: 'cron', expression } });
/** Far away, so that only changes and requests start runs. */
const never = every(86_400_000);

describe('an interval', () => {
  it('ticks at the interval, the first time one interval after the start', async () => {
    const { starts, skips } = start(every(30_000), 100);
    await pass(95_000);
    expect(since(starts)).toEqual([30_000, 60_000, 90_000]);
    expect(skips).toEqual([]);
  });

  it('never overlaps: a tick during a run is counted and left out', async () => {
    const { starts, skips, most } = start(every(10_000), 25_000);
    await pass(75_000);
    expect(since(starts)).toEqual([10_000, 40_000, 70_000]);
    expect(since(skips)).toEqual([20_000, 30_000, 50_000, 60_000]);
    expect(most()).toBe(1);
  });

  it.each([
    [0, 500, 30_000],
    [0.5, 500, 30_250],
    [0.999, 500, 30_499.5],
    // Never more than one interval.
    [0.999, 300_000, 30_000 + 29_970],
  ])('is shifted as a whole by a jitter drawn once: %s of %s ms', async (random, jitterMs, first) => {
    const { starts, schedule } = start(every(30_000), 0, { random: () => random, jitterMs });
    expect(schedule.nextTick()?.getTime()).toBeCloseTo(Date.parse(START) + first, -1);
    await pass(190_000);
    const times = since(starts);
    expect(times.length).toBeGreaterThan(3);
    for (const [index, time] of times.entries())
      expect(Math.abs(time - (first + index * 30_000))).toBeLessThanOrEqual(1 + index);
  });

  it('tells the next tick', async () => {
    const { schedule } = start(every(30_000), 0);
    expect(schedule.nextTick()).toEqual(new Date('2026-03-31T12:00:30Z'));
    await pass(31_000);
    expect(schedule.nextTick()).toEqual(new Date('2026-03-31T12:01:00Z'));
  });

  it('of 24 days fits a timer', async () => {
    const { starts } = start(every(24 * 86_400_000), 0, { random: () => 0.999, jitterMs: 300_000 });
    await pass(24 * 86_400_000);
    expect(starts).toEqual([]);
    await pass(300_000);
    expect(starts).toHaveLength(1);
  });
});

describe('a change', () => {
  it('starts a run after the delay', async () => {
    const { schedule, starts } = start(never, 50);
    schedule.changed();
    await pass(199);
    expect(starts).toEqual([]);
    await pass(1);
    expect(since(starts)).toEqual([200]);
  });

  it('in a burst starts one run that begins after the last of a short burst', async () => {
    const { schedule, starts } = start(never, 50);
    for (let n = 0; n < 10_000; n += 1) schedule.changed();
    await pass(150);
    schedule.changed();
    await pass(10_000);
    expect(since(starts)).toEqual([200]);
  });

  it('in a long burst runs at most once per minimum interval, and once after the last', async () => {
    const { schedule, starts } = start(never, 50);
    for (let ms = 0; ms < 5_000; ms += 10) {
      schedule.changed();
      await pass(10);
    }
    const last = Date.now() - 10;
    await pass(10_000);
    const times = since(starts);
    expect(times).toEqual([200, 1_200, 2_200, 3_200, 4_200, 5_200]);
    expect(Date.parse(starts.at(-1) ?? '')).toBeGreaterThan(last);
  });

  it('during a run makes exactly one more, which starts after the change', async () => {
    const { schedule, starts, most } = start(never, 3_000);
    schedule.request();
    await pass(100);
    for (let n = 0; n < 100; n += 1) schedule.changed();
    await pass(2_800);
    schedule.changed();
    await pass(60_000);
    // The last change came at 2,900.
    expect(since(starts)).toEqual([0, 3_100]);
    expect(most()).toBe(1);
  });

  it('at any moment is followed by a run that starts after it', async () => {
    // Run and change in every relation: before, at the edges of and during runs of several lengths.
    for (const runMs of [0, 1, 150, 200, 250, 999, 1_000, 1_001, 2_500]) {
      const { schedule, starts, most } = start(never, runMs);
      const changes: number[] = [];
      for (const wait of [0, 1, 199, 200, 201, 500, 800, 1_000, 1_200, 1_201, 2_400, 2_699, 2_700, 2_701, 3_000]) {
        await pass(wait);
        changes.push(Date.now());
        schedule.changed();
        await pass(runMs > 999 && wait % 2 === 0 ? 0 : 5_000);
      }
      await pass(20_000);
      for (const change of changes) {
        const next = starts.find((time) => Date.parse(time) >= change);
        expect(next, `a run of ${runMs} ms after a change at ${change}`).toBeDefined();
      }
      expect(starts.length).toBeLessThanOrEqual(changes.length);
      expect(most()).toBe(1);
      await schedule.stop();
    }
  });

  it('does not wait longer than the minimum interval when the clock is set back', async () => {
    let offset = 0;
    const { schedule, starts } = start(never, 0, { clock: () => new Date(Date.now() + offset) });
    schedule.changed();
    await pass(200);
    offset = -3_600_000;
    schedule.changed();
    await pass(1_000);
    expect(since(starts)).toEqual([200, 1_200]);
  });

  it('is not held back by a run that no change started', async () => {
    const { schedule, starts } = start(every(10_000), 0);
    await pass(10_000);
    schedule.changed();
    await pass(300);
    schedule.request();
    await pass(700);
    schedule.changed();
    await pass(5_000);
    expect(since(starts)).toEqual([10_000, 10_200, 10_300, 11_200]);
  });

  it('is taken at once where delay and interval are 0', async () => {
    const { schedule, starts } = start(never, 0, { onChange: { delayMs: 0, minIntervalMs: 0 } });
    schedule.changed();
    await pass(1);
    expect(starts).toHaveLength(1);
  });
});

describe('a request', () => {
  it('runs now, and once more after a run that is under way, however often it comes', async () => {
    const { schedule, starts, skips, most } = start(never, 3_000);
    schedule.request();
    expect(schedule.isRunning()).toBe(true);
    expect(since(starts)).toEqual([0]);
    schedule.request();
    schedule.request();
    await pass(20_000);
    expect(since(starts)).toEqual([0, 3_200]);
    expect(skips).toEqual([]);
    expect(most()).toBe(1);
    expect(schedule.isRunning()).toBe(false);
  });
});

describe('stop', () => {
  it('waits for the run under way and starts no other', async () => {
    const { schedule, starts } = start({ ...every(1_000) }, 3_000);
    schedule.request();
    schedule.request();
    schedule.changed();
    let isStopped = false;
    const stopping = schedule.stop().then(() => {
      isStopped = true;
    });
    await pass(2_999);
    expect(isStopped).toBe(false);
    await pass(1);
    await stopping;
    expect(isStopped).toBe(true);
    schedule.request();
    schedule.changed();
    await pass(60_000);
    expect(starts).toHaveLength(1);
  });

  it('ends at once where nothing runs, and leaves no timer behind', async () => {
    for (const unit of [every(1_000), cron('* * * * * *')]) {
      const { schedule } = start(unit, 0);
      schedule.changed();
      await schedule.stop();
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('holds for a cron tick whose random delay is under way', async () => {
    const { schedule, starts } = start(cron('* * * * *'), 0, { jitterMs: 50_000 });
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    await pass(70_000);
    await schedule.stop();
    await pass(300_000);
    expect(starts).toEqual([]);
    vi.restoreAllMocks();
  });
});

describe('a cron expression', () => {
  it('ticks in the time zone', async () => {
    const { starts, schedule } = start(cron('30 6 * * *'), 0, { timeZone: 'Asia/Kolkata' });
    expect(schedule.nextTick()).toEqual(new Date('2026-04-01T01:00:00Z'));
    await pass(3 * 86_400_000);
    expect(starts.map((time) => time.slice(0, 19))).toEqual([
      '2026-04-01T01:00:00',
      '2026-04-02T01:00:00',
      '2026-04-03T01:00:00',
    ]);
  });

  it('never overlaps: a tick during a run is counted and left out', async () => {
    const { starts, skips, most } = start(cron('*/10 * * * * *'), 25_000);
    await pass(75_000);
    expect(starts.length).toBe(3);
    expect(skips).toHaveLength(4);
    expect(most()).toBe(1);
  });

  it.each([0, 0.5, 0.999])('waits a random part of the jitter: %s', async (random) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    const { starts } = start(cron('5 * * * *'), 0, { jitterMs: 30_000 });
    await pass(3 * 3_600_000);
    const late = starts.map((time) => Date.parse(time) - Date.parse(`${time.slice(0, 14)}05:00Z`));
    expect(late).toHaveLength(3);
    for (const ms of late) {
      expect(ms).toBeGreaterThanOrEqual(Math.floor(random * 30_000));
      expect(ms).toBeLessThanOrEqual(30_000);
    }
    vi.restoreAllMocks();
  });

  it('that was slept through is made up for by one run, and goes on', async () => {
    const { starts, skips } = start(cron('5 * * * *'), 100);
    await pass(10 * 60_000);
    expect(starts.map((time) => time.slice(11, 16))).toEqual(['12:05']);
    // The machine is suspended from 12:10 to 18:30: timers stand still, the clock does not.
    vi.setSystemTime(new Date('2026-03-31T18:30:00Z'));
    await pass(56 * 60_000);
    expect(starts.map((time) => time.slice(11, 13))).toEqual(['12', '19']);
    await pass(60 * 60_000);
    expect(starts).toHaveLength(3);
    expect(skips).toEqual([]);
  });
});

describe('a clock that is set', () => {
  const HOUR = 3_600_000;
  it.each([
    ['back by an hour', -HOUR, ['12:05', '11:10', '12:05', '13:05']],
    ['back by 30 days', -720 * HOUR, ['12:05', '12:10', '13:05', '14:05']],
    ['forward by an hour', HOUR, ['12:05', '13:10', '14:05', '15:05']],
    ['forward by 30 days', 720 * HOUR, ['12:05', '12:10', '13:05', '14:05']],
  ])('%s: a KPI runs soon by the new clock, and its cron schedule follows it', async (_how, byMs, expected) => {
    const { schedule, starts, skips } = start(cron('5 * * * *'), 100);
    await pass(10 * 60_000);
    vi.setSystemTime(Date.now() + byMs);
    schedule.clockSet(byMs);
    await pass(120 * 60_000);
    expect(starts.map((time) => time.slice(11, 16))).toEqual(expected);
    expect(skips).toEqual([]);
  });

  it('runs nothing twice in a row where the next tick is near', async () => {
    const { schedule, starts } = start(cron('5 * * * *'), 100);
    await pass(4.9 * 60_000);
    vi.setSystemTime(Date.now() + HOUR);
    schedule.clockSet(HOUR);
    await pass(70 * 60_000);
    expect(starts.map((time) => time.slice(11, 16))).toEqual(['13:04', '14:05']);
  });

  it.each([-HOUR, HOUR, -720 * HOUR, 720 * HOUR])(
    'by %s ms: a KPI with an interval runs soon, and keeps its beat',
    async (byMs) => {
      const { schedule, starts } = start(every(30_000), 0);
      await pass(10_000);
      vi.setSystemTime(Date.now() + byMs);
      schedule.clockSet(byMs);
      expect(schedule.nextTick()?.getTime()).toBe(Date.now() + 20_000);
      await pass(81_000);
      expect(since(starts).map((ms) => ms - byMs)).toEqual([10_000, 30_000, 60_000, 90_000]);
    },
  );

  it('runs nothing twice in a row where the beat of an interval is near', async () => {
    const { schedule, starts } = start(every(30_000), 0);
    await pass(29_000);
    vi.setSystemTime(Date.now() + HOUR);
    schedule.clockSet(HOUR);
    await pass(62_000);
    expect(since(starts).map((ms) => ms - HOUR)).toEqual([29_000, 60_000, 90_000]);
  });

  it('repeats a run that began by the former clock, once it has ended, and none that began by the new one', async () => {
    const { schedule, starts, most } = start(never, 3_000);
    schedule.request();
    await pass(1_000);
    vi.setSystemTime(Date.now() - HOUR);
    schedule.clockSet(-HOUR);
    await pass(10_000);
    expect(since(starts).map((ms) => (ms < 0 ? ms + HOUR : ms))).toEqual([0, 3_200]);
    expect(most()).toBe(1);
    vi.setSystemTime(Date.now() + HOUR);
    await pass(500);
    schedule.request();
    await pass(500);
    schedule.clockSet(HOUR);
    await pass(60_000);
    expect(since(starts).slice(2)).toEqual([11_500]);
  });

  it('takes the place of a change that waits', async () => {
    const { schedule, starts } = start(never, 0, { onChange: { delayMs: 200, minIntervalMs: 60_000 } });
    schedule.changed();
    await pass(1_000);
    schedule.changed();
    await pass(1_000);
    vi.setSystemTime(Date.now() + HOUR);
    schedule.clockSet(HOUR);
    await pass(120_000);
    expect(since(starts)).toEqual([200, HOUR + 2_000]);
  });
});

/**
 * What node-cron 4.6 makes of the two days a year on which local time jumps:
 * - in the hour that is left out nothing runs, and a tick within it is not made up for: a daily one comes the day after;
 * - in the hour that comes twice ticks run once: in Berlin in the second of the two, in New York in the first, so that before it
 *   or after it nothing runs for an hour.
 * So a run is added when the clocks have changed: no day is without one, and the gap is at most an hour.
 */
describe('daylight saving time', () => {
  /** Local start times of a schedule between two moments, with the offset. */
  async function ticks(expression: string, timeZone: string, from: string, to: string): Promise<string[]> {
    vi.setSystemTime(new Date(from));
    const { starts } = start(cron(expression), 0, { timeZone });
    await pass(Date.parse(to) - Date.parse(from));
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'shortOffset',
    });
    return starts.map((time) => format.format(new Date(time)).replace('GMT', '').replace('\u2212', '-'));
  }

  it.each([
    [
      'every day',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T00:00Z',
      '2026-03-31T00:00Z',
      ['28 02:30 +1', '29 03:00 +2', '30 02:30 +2'],
    ],
    [
      'every day',
      '30 2 * * *',
      'America/New_York',
      '2026-03-07T05:00Z',
      '2026-03-10T05:00Z',
      ['07 02:30 -5', '08 03:00 -4', '09 02:30 -4'],
    ],
    [
      'every hour',
      '5 * * * *',
      'Europe/Berlin',
      '2026-03-28T23:30Z',
      '2026-03-29T02:30Z',
      ['29 01:05 +1', '29 03:00 +2', '29 03:05 +2', '29 04:05 +2'],
    ],
    [
      'every hour',
      '5 * * * *',
      'America/New_York',
      '2026-03-08T05:30Z',
      '2026-03-08T08:30Z',
      ['08 01:05 -5', '08 03:00 -4', '08 03:05 -4', '08 04:05 -4'],
    ],
    [
      'every 20 minutes',
      '*/20 * * * *',
      'Europe/Berlin',
      '2026-03-29T00:30Z',
      '2026-03-29T01:30Z',
      // The added run and a regular one fall on the same moment.
      ['29 01:40 +1', '29 03:00 +2', '29 03:00 +2', '29 03:20 +2'],
    ],
  ])('in spring %s: %s in %s', async (_how, expression, timeZone, from, to, expected) => {
    expect(await ticks(expression, timeZone, from, to)).toEqual(expected);
  });

  it.each([
    [
      'once a day',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T00:00Z',
      '2026-10-27T00:00Z',
      ['24 02:30 +2', '25 02:00 +1', '25 02:30 +1', '26 02:30 +1'],
    ],
    [
      'once a day',
      '30 1 * * *',
      'America/New_York',
      '2026-10-31T04:00Z',
      '2026-11-03T05:00Z',
      ['31 01:30 -4', '01 01:30 -4', '01 01:00 -5', '02 01:30 -5'],
    ],
    [
      'every hour but one',
      '5 * * * *',
      'Europe/Berlin',
      '2026-10-24T22:30Z',
      '2026-10-25T02:30Z',
      ['25 01:05 +2', '25 02:00 +1', '25 02:05 +1', '25 03:05 +1'],
    ],
    [
      'every hour but one',
      '5 * * * *',
      'America/New_York',
      '2026-11-01T04:30Z',
      '2026-11-01T08:30Z',
      ['01 01:05 -4', '01 01:00 -5', '01 02:05 -5', '01 03:05 -5'],
    ],
    [
      'every 20 minutes, but for an hour',
      '*/20 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:30Z',
      '2026-10-25T01:30Z',
      ['25 01:40 +2', '25 02:00 +1', '25 02:00 +1', '25 02:20 +1'],
    ],
    [
      'every 20 minutes, but for an hour',
      '*/20 * * * *',
      'America/New_York',
      '2026-11-01T05:30Z',
      '2026-11-01T07:30Z',
      ['01 01:40 -4', '01 01:00 -5', '01 02:00 -5', '01 02:20 -5'],
    ],
  ])('in autumn %s: %s in %s', async (_how, expression, timeZone, from, to, expected) => {
    expect(await ticks(expression, timeZone, from, to)).toEqual(expected);
  });

  it('is nothing to an interval', async () => {
    vi.setSystemTime(new Date('2026-10-25T00:00:00Z'));
    const { starts } = start(every(1_800_000), 0, { timeZone: 'Europe/Berlin' });
    await pass(2 * 3_600_000);
    expect(starts.map((time) => time.slice(11, 16))).toEqual(['00:30', '01:00', '01:30', '02:00']);
  });
});
