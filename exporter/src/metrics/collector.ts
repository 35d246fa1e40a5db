import { setImmediate as otherWork } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Thresholds } from '../config/thresholdCatalogue.js';
import { moved } from '../database/clockStep.js';
import type { ClockStep } from '../database/clockStep.js';
import { noRoom, pageLimits } from '../kpi/unit/pageLimits.js';
import type { PageShare } from '../kpi/unit/pageLimits.js';
import type { RunOutcome, RunResult } from '../kpi/run/runKpi.js';
import type { KpiUnit, Sample } from '../kpi/unit/unit.js';
import type { HistoryKeeper } from './historyKeeper.js';
import { createMetricsPage } from './metricsPage.js';
import type { PageText, RenderedPage } from './metricsPage.js';
import { renderKpi } from './renderKpi.js';
import type { SelfMetrics } from './selfMetrics.js';

/** What is known of one KPI since the program started. */
export interface KpiState {
  readonly samples: readonly Sample[];
  readonly lastSuccess: Date | null;
  readonly lastAttempt: Date | null;
  /** Whether the database has answered one attempt at least, with success or not. */
  readonly answered: boolean;
  readonly dataTimestampSeconds: number | null;
  /** Whether the newest run failed. */
  readonly failing: boolean;
  /** What the last success could not tell of itself, each a sentence. */
  readonly warnings: readonly string[];
  /** The newest failure; kept after a later success. */
  readonly lastError: { readonly at: Date; readonly result: string; readonly message: string } | null;
  /** The newest runs, the latest first. */
  readonly runs: readonly KpiRun[];
}

export interface KpiRun {
  /** When it ended. */
  readonly at: Date;
  /** Retries included, waiting for a connection left out. */
  readonly seconds: number;
  readonly waitSeconds: number;
  readonly attempts: number;
  readonly result: RunResult;
  /** Why it failed; null: it did not. */
  readonly message: string | null;
}

/** The place of the exporter's own metrics on the page: after every KPI, whose name begins with a letter. */
const OWN = '~';

/** Whoever asked within this time asks again: what changes is made ready for him. */
const SCRAPED_MS = 60_000;

/** Of one KPI; what is older stands in the log. */
const MAX_RUNS = 20;

export interface CollectorDeps {
  readonly self: SelfMetrics;
  /** Told of every success. */
  readonly history: Pick<HistoryKeeper, 'keep' | 'configure'>;
  readonly log: Logger;
  /** The most samples of one scrape, those of the exporter itself included. */
  readonly sampleLimit: number;
}

/** Where runs become metrics: the one owner of what `/metrics` and the status page show. */
export interface Collector {
  /** Takes a run's outcome over; its series replace the former ones in one step. Never rejects. */
  record(outcome: RunOutcome): Promise<void>;
  recordSkip(unit: KpiUnit): void;
  /** What is configured now, and which KPIs are left to other exporters; KPIs that are gone leave the page. */
  configure(units: readonly KpiUnit[], thresholds: Thresholds, leftOut?: readonly string[]): void;
  /** What has happened keeps its age. */
  clockSet(step: ClockStep): void;
  state(kpi: string): KpiState;
  render(): Promise<RenderedPage>;
}

const NOTHING: KpiState = {
  samples: [],
  lastSuccess: null,
  lastAttempt: null,
  answered: false,
  dataTimestampSeconds: null,
  failing: false,
  warnings: [],
  lastError: null,
  runs: [],
};

export function createCollector(deps: CollectorDeps): Collector {
  const { self, history, log } = deps;
  const page = createMetricsPage();
  const limits = pageLimits(deps.sampleLimit);
  const shares = new Map<string, PageShare>();
  const states = new Map<string, KpiState>();
  let configured: ReadonlySet<string> = new Set();
  let owners: ReadonlyMap<string, string> = new Map();
  /** A KPI that is gone, or whose metric belongs to another one since: its series would stand on the page twice. */
  const isObsolete = (kpi: string, metrics: readonly string[]): boolean =>
    !configured.has(kpi) || metrics.some((metric) => (owners.get(metric) ?? kpi) !== kpi);

  /** The outcome, or its refusal where its samples have no room beside those of the other KPIs. */
  const takeRoom = (outcome: RunOutcome, bytes: number): RunOutcome => {
    if (outcome.result !== 'success') return outcome;
    const share = { kpi: outcome.unit.name, series: outcome.kpi.samples.length, bytes };
    const others = [...shares.values()].filter(({ kpi }) => kpi !== share.kpi);
    const message = noRoom(share, others, limits);
    if (message !== null) return { ...outcome, result: 'invalid_result', answered: true, message };
    shares.set(share.kpi, share);
    return outcome;
  };

  let askedAt = -Infinity;
  let own: { readonly text: string; readonly ready: Promise<PageText> } | null = null;
  let calls = 0;
  let shown = 0;
  /** Brings the exporter's own metrics on the page up to date, as they are when it is called or later. */
  const refresh = async (): Promise<void> => {
    const call = (calls += 1);
    const text = await self.text();
    if (own?.text !== text) own = { text, ready: page.prepare(OWN, text) };
    const ready = await own.ready;
    // What is newer may have been ready before.
    if (call < shown) return;
    shown = call;
    page.set(OWN, ready);
  };
  let refreshing: Promise<void> | null = null;
  self.onChange(() => {
    // After all that changes in the same turn; while nobody scrapes, only when somebody does.
    if (refreshing !== null || performance.now() - askedAt > SCRAPED_MS) return;
    refreshing = otherWork()
      .then(refresh)
      .catch(() => undefined) // A scrape asks again, and tells.
      .finally(() => (refreshing = null));
  });

  return {
    async record(ran) {
      const kpi = ran.unit.name;
      const text =
        ran.result === 'success' ? await page.prepare(kpi, await renderKpi(ran.unit, ran.kpi.samples)) : null;
      const metrics = ran.unit.metrics.map((metric) => metric.name);
      if (isObsolete(kpi, metrics)) return;
      const before = states.get(kpi) ?? NOTHING;
      // From here to the next await nothing else runs: no scrape sees half of a change.
      const outcome = text === null ? ran : takeRoom(ran, text.body.length);
      self.runs.inc({ kpi, result: outcome.result });
      self.duration.observe({ kpi }, outcome.runSeconds);
      self.queueDuration.observe({ kpi }, outcome.waitSeconds);
      self.lastAttempt.set({ kpi }, outcome.finishedAt.getTime() / 1000);
      const message = outcome.result === 'success' ? null : outcome.message;
      const run = {
        at: outcome.finishedAt,
        seconds: outcome.runSeconds,
        waitSeconds: outcome.waitSeconds,
        attempts: outcome.attempts,
        result: outcome.result,
        message,
      };
      const runs = [run, ...before.runs].slice(0, MAX_RUNS);
      if (outcome.result !== 'success' || text === null) {
        states.set(kpi, {
          ...before,
          lastAttempt: outcome.finishedAt,
          answered: before.answered || outcome.result === 'success' || outcome.answered,
          failing: true,
          lastError: { at: outcome.finishedAt, result: outcome.result, message: message ?? '' },
          runs,
        });
        log.error({ kpi, result: outcome.result, attempts: outcome.attempts, reason: message }, 'KPI run failed');
        return;
      }
      page.set(kpi, text);
      self.series.set({ kpi }, outcome.kpi.samples.length);
      self.lastSuccess.set({ kpi }, outcome.finishedAt.getTime() / 1000);
      const { dataTimestampSeconds, warnings } = outcome.kpi;
      if (dataTimestampSeconds === null) self.dataTimestamp.remove({ kpi });
      else self.dataTimestamp.set({ kpi }, dataTimestampSeconds);
      states.set(kpi, {
        samples: outcome.kpi.samples,
        lastSuccess: outcome.finishedAt,
        lastAttempt: outcome.finishedAt,
        answered: true,
        dataTimestampSeconds,
        failing: false,
        warnings,
        lastError: before.lastError,
        runs,
      });
      // Told once, not with every run.
      for (const reason of warnings.filter((one) => !before.warnings.includes(one)))
        log.warn({ kpi, reason }, 'KPI warning');
      log.debug({ kpi, series: outcome.kpi.samples.length, attempts: outcome.attempts }, 'KPI run succeeded');
      history.keep(outcome);
    },
    recordSkip(unit) {
      self.runs.inc({ kpi: unit.name, result: 'skipped' });
      log.warn({ kpi: unit.name }, 'KPI tick skipped: the run before it is still under way');
    },
    configure(units, thresholds, leftOut = []) {
      configured = new Set(units.map((unit) => unit.name));
      owners = new Map(units.flatMap((unit) => unit.metrics.map((metric) => [metric.name, unit.name] as const)));
      for (const [kpi, { samples }] of states) {
        const metrics = samples.map((sample) => sample.metric);
        if (!isObsolete(kpi, metrics)) continue;
        states.delete(kpi);
        page.delete(kpi);
        shares.delete(kpi);
      }
      self.setUnits(units, leftOut);
      history.configure(units);
      self.setThresholds(thresholds);
    },
    clockSet(step) {
      for (const [kpi, state] of states) {
        const lastSuccess = state.lastSuccess && moved(state.lastSuccess, step);
        const lastAttempt = state.lastAttempt && moved(state.lastAttempt, step);
        const lastError = state.lastError && { ...state.lastError, at: moved(state.lastError.at, step) };
        const runs = state.runs.map((run) => ({ ...run, at: moved(run.at, step) }));
        states.set(kpi, { ...state, lastSuccess, lastAttempt, lastError, runs });
        if (lastSuccess !== null) self.lastSuccess.set({ kpi }, lastSuccess.getTime() / 1000);
        if (lastAttempt !== null) self.lastAttempt.set({ kpi }, lastAttempt.getTime() / 1000);
      }
    },
    state: (kpi) => states.get(kpi) ?? NOTHING,
    async render() {
      askedAt = performance.now();
      // Own metrics first: the page joined to them is then never older than the age they tell.
      await refresh();
      return page.render(self.processText());
    },
  };
}
