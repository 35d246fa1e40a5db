import { ExplainedError } from '../../yaml/explainedError.js';
import type { RetryConfig } from '../../config/exporterConfig.js';
import type { Database } from '../../database/pool.js';
import { keptMetrics, keptSamples, recordedDays, writeHistory } from './history.js';
import type { KpiSettings } from '../unit/kpiInput.js';
import { isDay, presentMoment } from '../unit/moment.js';
import { runKpi } from '../run/runKpi.js';
import type { AsOf, KpiUnit, Sample } from '../unit/unit.js';

/** A range of days that cannot be filled, or a day that could not be computed. */
export class BackfillError extends ExplainedError {
  override readonly name = 'BackfillError';
}

export interface BackfillPlan {
  /** Only the metrics that these units keep are written; {@link keepOnly} narrows a unit. */
  readonly units: readonly KpiUnit[];
  /** `YYYY-MM-DD`, ascending; none may lie ahead. */
  readonly days: readonly string[];
  /** Compute days again that have a record. */
  readonly overwrite: boolean;
}

export interface BackfillDeps {
  readonly database: Database;
  readonly retry: RetryConfig;
  readonly settings: KpiSettings;
  readonly signal: AbortSignal;
  /** Runs the write of one day; where a stop would cut it off, it can wait for it. */
  readonly finish?: (write: () => Promise<void>) => Promise<void>;
  readonly onStart: (steps: number) => void;
  readonly onStep: (kpi: string, day: string) => void;
}

export interface BackfillResult {
  /** Days written, counted once per KPI. */
  readonly written: number;
  /** Days left alone because they had a record. */
  readonly skipped: number;
  /** Whether it was stopped before the end; run again, it goes on there. */
  readonly interrupted: boolean;
  /** The KPI and day whose write was cut off without the server's answer; null: `written` is all. */
  readonly inDoubt: string | null;
}

/**
 * Computes past days and keeps them in kpi_history, the oldest first. Each day of each KPI is written in a transaction of its
 * own, so it can be stopped at any time and goes on where it was: days with a record are left alone unless `overwrite`.
 * Throws {@link BackfillError} with the KPI, the day and the reason of a failed run.
 */
export async function backfillHistory(plan: BackfillPlan, deps: BackfillDeps): Promise<BackfillResult> {
  const last = plan.days.at(-1) ?? '';
  const { asOf: today } = await deps.database.withClient((client) => presentMoment(client, deps.settings.timeZone));
  if (last > today) throw new BackfillError(`${last} lies ahead; today is ${today} in ${deps.settings.timeZone}`);

  const steps: { unit: KpiUnit; day: string }[] = [];
  let skipped = 0;
  const recorded = await recordedByUnit(plan, deps);
  for (const day of plan.days) {
    for (const unit of plan.units) {
      if (recorded.get(unit)?.has(day) === true) skipped += 1;
      else steps.push({ unit, day });
    }
  }
  deps.onStart(steps.length);
  let written = 0;
  const isStopped = (): boolean => deps.signal.aborted;
  for (const { unit, day } of steps) {
    if (isStopped()) return { written, skipped, interrupted: true, inDoubt: null };
    let isWriting = false;
    try {
      const samples = await samplesOf(unit, day, deps);
      isWriting = true;
      await writeDay(unit, day, samples, deps);
      written += samples.length === 0 ? 0 : 1;
    } catch (error) {
      // The day under way is written as a whole or not at all.
      const inDoubt = isWriting ? `${unit.name} on ${day}` : null;
      if (isStopped()) return { written, skipped, interrupted: true, inDoubt };
      throw error;
    }
    deps.onStep(unit.name, day);
  }
  return { written, skipped, interrupted: false, inDoubt: null };
}

async function recordedByUnit(
  plan: BackfillPlan,
  deps: BackfillDeps,
): Promise<ReadonlyMap<KpiUnit, ReadonlySet<string>>> {
  const recorded = new Map<KpiUnit, ReadonlySet<string>>();
  const [from, to] = [plan.days[0], plan.days.at(-1)];
  if (plan.overwrite || from === undefined || to === undefined) return recorded;
  for (const unit of plan.units) {
    const days = await deps.database.withClient((client) =>
      recordedDays(client, unit.name, from, to, keptMetrics(unit)),
    );
    recorded.set(unit, days);
  }
  return recorded;
}

/** What is kept of the KPI on that day. */
async function samplesOf(unit: KpiUnit, day: string, deps: BackfillDeps): Promise<Sample[]> {
  const outcome = await runKpi(unit, {
    database: deps.database,
    retry: deps.retry,
    clock: () => new Date(),
    settings: () => deps.settings,
    asOf: day,
    signal: deps.signal,
  });
  if (outcome.result !== 'success')
    throw new BackfillError(`${unit.name} on ${day}: ${outcome.result}: ${outcome.message}`);
  return keptSamples(unit, outcome.kpi.samples);
}

async function writeDay(unit: KpiUnit, day: string, samples: readonly Sample[], deps: BackfillDeps): Promise<void> {
  const write = (): Promise<void> =>
    deps.database.withClient((client) => writeHistory(client, unit.name, day, samples, { metrics: keptMetrics(unit) }));
  await (deps.finish === undefined ? write() : deps.finish(write));
}

/**
 * The calendar days from `from` to `to` (`YYYY-MM-DD`, inclusive). Throws {@link BackfillError} where either is no day or
 * the first is after the last.
 */
export function daysBetween(from: string, to: string): string[] {
  for (const day of [from, to]) {
    if (!isDay(day)) throw new BackfillError(`${day} is not a day; write it as YYYY-MM-DD, such as 2026-03-31`);
  }
  if (from > to) throw new BackfillError(`the first day ${from} is after the last day ${to}`);
  const days: string[] = [];
  // Counted in UTC, where every day has 24 hours.
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

/** The unit with only those of its kept metrics that have this `as_of`; null where it has none. */
export function keepOnly(unit: KpiUnit, asOf: AsOf): KpiUnit | null {
  const metrics = unit.metrics.map((metric) => ({ ...metric, history: metric.history && metric.asOf === asOf }));
  return metrics.some((metric) => metric.history) ? { ...unit, metrics } : null;
}
