import { isDeepStrictEqual } from 'node:util';
import { scheduleKpi } from './scheduleKpi.js';
import type { KpiSchedule, ScheduleKpiDeps } from './scheduleKpi.js';
import { isRealTime } from '../unit/unit.js';
import type { KpiUnit } from '../unit/unit.js';

export interface KpiSchedulerDeps extends Pick<ScheduleKpiDeps, 'clock' | 'random'> {
  /** Runs a KPI once; never rejects. The signal, which no other run has, is given at the stop. */
  readonly run: (unit: KpiUnit, signal: AbortSignal) => Promise<void>;
  readonly onSkip: (unit: KpiUnit) => void;
}

export type SchedulePolicy = Pick<ScheduleKpiDeps, 'timeZone' | 'jitterMs' | 'onChange'>;

interface Entry {
  readonly unit: KpiUnit;
  readonly policy: SchedulePolicy;
  readonly schedule: KpiSchedule;
}

/** What a person who loads rows waits at most for a KPI that is not real time, and how often its queries run at most. */
const SCHEDULED_CHANGE_INTERVAL_MS = 60_000;

/** The schedules of all KPIs: what is in force can be replaced, in parts, while it runs. */
export interface KpiScheduler {
  /**
   * Puts these units in force. A KPI whose unit and policy are unchanged keeps its schedule; a new or changed one runs
   * at once; one that is no longer there stops. Returns the names of those started.
   */
  apply(units: readonly KpiUnit[], policy: SchedulePolicy): string[];
  /** A table changed: the KPIs that name it in on_change run soon. */
  tableChanged(table: string): void;
  /** Changes may have been missed: the KPIs that wait for any run soon. */
  changesMissed(): void;
  /** Runs now every KPI that the predicate picks. */
  request(pick: (unit: KpiUnit) => boolean): void;
  /** The machine's clock was set by this many ms, forward, or back where negative: what was computed by it runs again soon. */
  clockSet(byMs: number): void;
  nextTick(kpi: string): Date | null;
  isRunning(kpi: string): boolean;
  /** No further run starts; resolves when those under way have ended. */
  stop(): Promise<void>;
}

/** Nothing runs before the first `apply`. */
export function createKpiScheduler(deps: KpiSchedulerDeps): KpiScheduler {
  const entries = new Map<string, Entry>();
  /** Last runs of KPIs that are no longer there: a KPI that comes back, and the stop, wait for them. */
  const leaving = new Map<string, Promise<void>>();
  const underWay = new Set<AbortController>();

  const leave = (name: string, entry: Entry): void => {
    const left = Promise.all([leaving.get(name), entry.schedule.stop()]).then(() => {
      if (leaving.get(name) === left) leaving.delete(name);
    });
    leaving.set(name, left);
    entries.delete(name);
  };

  const begin = (unit: KpiUnit, policy: SchedulePolicy, after: Promise<void>): void => {
    let stopped = false;
    const schedule = scheduleKpi(unit, {
      ...policy,
      onChange: isRealTime(unit)
        ? policy.onChange
        : { ...policy.onChange, minIntervalMs: Math.max(policy.onChange.minIntervalMs, SCHEDULED_CHANGE_INTERVAL_MS) },
      clock: deps.clock,
      random: deps.random,
      // A replaced unit's last run may still be under way: one run per KPI at a time, also across a reload.
      run: async () => {
        await after;
        if (stopped) return;
        const run = new AbortController();
        underWay.add(run);
        await deps.run(unit, run.signal);
        underWay.delete(run);
      },
      onSkip: () => deps.onSkip(unit),
    });
    entries.set(unit.name, {
      unit,
      policy,
      schedule: {
        ...schedule,
        stop: () => {
          stopped = true;
          return schedule.stop();
        },
      },
    });
    schedule.request();
  };

  return {
    apply(units, policy) {
      const names = new Set(units.map((unit) => unit.name));
      for (const [name, entry] of entries) {
        if (!names.has(name)) leave(name, entry);
      }
      const started: string[] = [];
      for (const unit of units) {
        const entry = entries.get(unit.name);
        if (entry !== undefined && isDeepStrictEqual([entry.unit, entry.policy], [unit, policy])) continue;
        begin(unit, policy, entry?.schedule.stop() ?? leaving.get(unit.name) ?? Promise.resolve());
        started.push(unit.name);
      }
      return started;
    },
    tableChanged(table) {
      for (const { unit, schedule } of entries.values()) {
        if (unit.onChange.includes(table)) schedule.changed();
      }
    },
    changesMissed() {
      for (const { unit, schedule } of entries.values()) {
        if (unit.onChange.length > 0) schedule.changed();
      }
    },
    request(pick) {
      for (const { unit, schedule } of entries.values()) {
        if (pick(unit)) schedule.request();
      }
    },
    clockSet(byMs) {
      for (const { schedule } of entries.values()) schedule.clockSet(byMs);
    },
    nextTick: (kpi) => entries.get(kpi)?.schedule.nextTick() ?? null,
    isRunning: (kpi) => entries.get(kpi)?.schedule.isRunning() ?? false,
    async stop() {
      for (const [name, entry] of entries) leave(name, entry);
      for (const run of underWay) run.abort();
      await Promise.all(leaving.values());
    },
  };
}
