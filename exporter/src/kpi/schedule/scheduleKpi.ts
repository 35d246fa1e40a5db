import { schedule } from 'node-cron';
import type { KpiUnit } from '../unit/unit.js';
import { watchUtcOffset } from './watchUtcOffset.js';

export interface ScheduleKpiDeps {
  /** Runs the KPI once; never rejects. */
  readonly run: () => Promise<void>;
  /** Told of a tick that came while the KPI was still running. */
  readonly onSkip: () => void;
  /** IANA name; cron expressions are in this zone. */
  readonly timeZone: string;
  /** Upper bound of the random delay that keeps KPIs and replicas from asking all at once, in ms. */
  readonly jitterMs: number;
  readonly onChange: { readonly delayMs: number; readonly minIntervalMs: number };
  readonly clock: () => Date;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The schedule of one KPI in force. */
export interface KpiSchedule {
  /** Rows changed: run soon, however many changes come; the run sees the last of them. */
  changed(): void;
  /** Run now, or once more after the run that is under way. */
  request(): void;
  /** The machine's clock was set by this many ms, forward, or back where negative. Runs soon, unless a run by it has begun. */
  clockSet(byMs: number): void;
  nextTick(): Date | null;
  isRunning(): boolean;
  /** No further run starts; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** Starts a KPI's schedule. One run at a time; a tick during a run is skipped, a change during a run is not lost. */
export function scheduleKpi(unit: KpiUnit, deps: ScheduleKpiDeps): KpiSchedule {
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  // By a clock that nobody sets.
  let lastChangeRun = Number.NEGATIVE_INFINITY;
  let clockSetAt = Number.POSITIVE_INFINITY;
  let lastStart = Number.NEGATIVE_INFINITY;
  /** How far the clock was ahead of the one that nobody sets when the newest run started, in ms. */
  let startedAhead = Number.NaN;
  let changeTimer: NodeJS.Timeout | null = null;

  const ahead = (): number => deps.clock().getTime() - performance.now();
  const start = (): void => {
    // This run sees whatever changed until now.
    if (changeTimer !== null) clearTimeout(changeTimer);
    changeTimer = null;
    lastStart = performance.now();
    startedAhead = ahead();
    running = deps.run().finally(() => {
      running = null;
      if (again && !stopped) {
        again = false;
        changed();
      }
    });
  };
  const request = (): void => {
    if (stopped) return;
    if (running === null) start();
    else again = true;
  };
  const tick = (periodMs: number): void => {
    if (stopped) return;
    // Soon after the run that the clock's being set brought about it would be the same run twice.
    if (lastStart >= clockSetAt && performance.now() - lastStart < Math.min(SAME_RUN_MS, periodMs / 2)) return;
    if (running === null) start();
    else deps.onSkip();
  };
  const changed = (): void => {
    if (stopped || changeTimer !== null) return;
    // The first change of a burst runs after a short delay, the rest of the burst at most once per minimum interval.
    // A regular tick just before it does not hold it back.
    const wait = Math.max(deps.onChange.delayMs, deps.onChange.minIntervalMs - (performance.now() - lastChangeRun));
    changeTimer = setTimeout(() => {
      changeTimer = null;
      lastChangeRun = performance.now();
      request();
    }, wait);
  };
  const makeUp = (): void => {
    if (!stopped && running === null) start();
  };
  const ticker = startTicker(unit, deps, tick, makeUp);

  return {
    changed,
    request,
    clockSet(byMs) {
      ticker.clockSet(byMs);
      clockSetAt = performance.now();
      // Between the step and its notice a run may have started by the clock as it is now.
      const isByNewClock = Math.abs(ahead() - startedAhead) < Math.abs(byMs) / 2;
      if (!isByNewClock) request();
    },
    nextTick: ticker.next,
    isRunning: () => running !== null,
    async stop() {
      stopped = true;
      ticker.stop();
      if (changeTimer !== null) clearTimeout(changeTimer);
      await running;
    },
  };
}

interface Ticker {
  readonly clockSet: (byMs: number) => void;
  readonly next: () => Date | null;
  readonly stop: () => void;
}

/** Told how long it is until the tick after it, in ms. */
type Tick = (periodMs: number) => void;

function startTicker(unit: KpiUnit, deps: ScheduleKpiDeps, tick: Tick, makeUp: () => void): Ticker {
  return unit.schedule.kind === 'cron'
    ? startCronTicker(unit.name, unit.schedule.expression, deps, tick, makeUp)
    : startIntervalTicker(unit.schedule.intervalMs, deps, tick);
}

/** The longest time after a run in which a regular tick may be the same run twice. */
const SAME_RUN_MS = 60_000;

function startCronTicker(
  name: string,
  expression: string,
  deps: ScheduleKpiDeps,
  tick: Tick,
  makeUp: () => void,
): Ticker {
  const begin = () => {
    const onTick = (): void => {
      const next = task.getNextRun();
      tick(next === null ? Number.POSITIVE_INFINITY : next.getTime() - deps.clock().getTime());
    };
    const task = schedule(expression, onTick, {
      name,
      timezone: deps.timeZone,
      maxRandomDelay: deps.jitterMs,
      suppressMissedWarning: true,
    });
    // Ticks that the event loop was too busy for, or that a suspended machine slept through, are made up for by one run.
    let isMadeUp = false;
    task.on('execution:missed', () => {
      if (isMadeUp) return;
      isMadeUp = true;
      // All that were missed are told of in one go.
      queueMicrotask(() => {
        isMadeUp = false;
      });
      onTick();
    });
    const stopWatching = watchUtcOffset(deps.timeZone, deps.clock, makeUp);
    return {
      next: () => task.getNextRun(),
      stop: () => {
        stopWatching();
        void task.destroy();
      },
    };
  };
  let ticker = begin();
  return {
    // node-cron waits for the time it has once worked out, which after a step back may be a month away.
    clockSet() {
      ticker.stop();
      ticker = begin();
    },
    next: () => ticker.next(),
    stop: () => ticker.stop(),
  };
}

function startIntervalTicker(intervalMs: number, deps: ScheduleKpiDeps, tick: Tick): Ticker {
  // The jitter is an offset drawn once, so that the interval between two runs stays the configured one.
  const offset = deps.random() * Math.min(deps.jitterMs, intervalMs);
  let next = deps.clock().getTime() + offset + intervalMs;
  let timer = setTimeout(function beat() {
    next = deps.clock().getTime() + intervalMs;
    timer = setTimeout(beat, intervalMs);
    tick(intervalMs);
  }, offset + intervalMs);
  return {
    clockSet(byMs) {
      next += byMs;
    },
    next: () => new Date(next),
    stop: () => clearTimeout(timer),
  };
}
