import type { Logger } from 'pino';
import { moved } from '../database/clockStep.js';
import type { ClockStep } from '../database/clockStep.js';
import { classifyDatabaseError, describeDatabaseError } from '../database/databaseError.js';
import type { Database } from '../database/pool.js';
import { RECORD_RETRY, retryDelay } from '../database/retryDelay.js';
import type { RetryDelays } from '../database/retryDelay.js';
import { StandbyError } from '../database/standby.js';
import { keptMetrics, keptSamples, writeHistory } from '../kpi/history/history.js';
import type { RunOutcome } from '../kpi/run/runKpi.js';
import type { KpiUnit, Sample } from '../kpi/unit/unit.js';
import type { SelfMetrics } from './selfMetrics.js';

export interface HistoryKeeperDeps {
  readonly self: Pick<SelfMetrics, 'historyWrites' | 'historyPending' | 'historyLastSuccess'>;
  readonly database: Database;
  readonly clock: () => Date;
  readonly log: Logger;
  readonly retry?: RetryDelays;
}

/** What of a KPI is not in kpi_history, since when and why. */
export interface HistoryTrouble {
  readonly since: Date;
  readonly days: readonly string[];
  readonly reason: string;
}

/** Brings what KPIs said into kpi_history: at once, or as soon as the database takes it. Nothing here rejects. */
export interface HistoryKeeper {
  /** Takes a run over. The newest of a day is the day's record. */
  keep(outcome: RunOutcome & { result: 'success' }): void;
  /** Something changed for the better: tries at once what waits. */
  retry(): void;
  /** What has happened keeps its age. */
  clockSet(step: ClockStep): void;
  /** What waits of a KPI that is gone is forgotten. */
  configure(units: readonly KpiUnit[]): void;
  /** null: all that the KPI said is recorded, or the first try has not ended. */
  trouble(kpi: string): HistoryTrouble | null;
  /** Resolves when no write is under way or due. */
  settled(): Promise<void>;
  /** Tries once more what waits, and says what is lost. */
  stop(): Promise<void>;
}

interface Pending {
  readonly unit: KpiUnit;
  readonly day: string;
  readonly samples: readonly Sample[];
  readonly computedAt: Date;
  finishedAt: Date;
  due: boolean;
  failures: number;
  failure: { readonly since: Date; readonly reason: string } | null;
  timer: NodeJS.Timeout | undefined;
}

interface Kept {
  /** By day, the oldest first. */
  readonly pending: Map<string, Pending>;
  /** When the newest run was made that is recorded, with all before it. */
  wholeUntil: Date | null;
}

/** Of one KPI; a database that takes nothing for longer than this is filled by `backfill`. */
const MAX_DAYS = 7;

export function createHistoryKeeper(deps: HistoryKeeperDeps): HistoryKeeper {
  const { self, log, retry = RECORD_RETRY } = deps;
  const kpis = new Map<string, Kept>();
  let working: Promise<void> | null = null;
  let stopping = false;

  const all = (): Pending[] => [...kpis.values()].flatMap(({ pending }) => [...pending.values()]);

  const show = (kpi: string, { pending, wholeUntil }: Kept): void => {
    self.historyPending.set({ kpi }, pending.size);
    if (wholeUntil !== null) self.historyLastSuccess.set({ kpi }, wholeUntil.getTime() / 1000);
  };

  const remove = (kept: Kept, entry: Pending): void => {
    clearTimeout(entry.timer);
    if (kept.pending.get(entry.day) === entry) kept.pending.delete(entry.day);
  };

  const fail = (entry: Pending, error: unknown): void => {
    const kpi = entry.unit.name;
    self.historyWrites.inc({ kpi, result: 'error' });
    const reason = describeDatabaseError(error);
    if (!all().some(({ unit, failure }) => failure?.reason === reason && (unit.name === kpi || isGeneral(error)))) {
      if (error instanceof StandbyError) log.error(`${reason}: KPI history is not written; reads go on`);
      else log.error({ kpi, day: entry.day, reason }, 'KPI history not written, trying again');
    }
    entry.failure = { since: entry.failure?.since ?? deps.clock(), reason };
    entry.failures += 1;
    // A newer one of the day may have taken its place meanwhile, and is due by itself.
    if (stopping || kpis.get(kpi)?.pending.get(entry.day) !== entry) return;
    entry.timer = setTimeout(
      () => {
        entry.due = true;
        begin();
      },
      retryDelay(entry.failures, retry),
    );
  };

  const write = async (entry: Pending): Promise<void> => {
    const { unit, day, samples, computedAt } = entry;
    const kpi = unit.name;
    try {
      await deps.database.withClient((client) => writeHistory(client, kpi, day, samples, { computedAt }), {
        purpose: 'record',
      });
      self.historyWrites.inc({ kpi, result: 'success' });
      const kept = kpis.get(kpi);
      if (kept === undefined) return;
      remove(kept, entry);
      // Whole, up to this run: an older day that still waits is a gap.
      if (kept.pending.size === 0) kept.wholeUntil = entry.finishedAt;
      show(kpi, kept);
      if (entry.failure !== null && kept.pending.size === 0) log.info({ kpi }, 'KPI history is written again');
    } catch (error) {
      fail(entry, error);
      // The others would wait for the same connection; they are tried when it is back.
      if (classifyDatabaseError(error) === 'unavailable') for (const other of all()) postpone(other);
    }
  };

  const postpone = (entry: Pending): void => {
    if (!entry.due) return;
    entry.due = false;
    entry.timer = setTimeout(() => {
      entry.due = true;
      begin();
    }, retry.maxDelayMs);
  };

  /** One at a time: history takes one connection at most from those that compute. */
  const work = async (): Promise<void> => {
    for (let entry = nextDue(all()); entry !== undefined; entry = nextDue(all())) {
      entry.due = false;
      await write(entry);
    }
  };

  const begin = (): void => {
    working ??= work().finally(() => {
      working = null;
      if (nextDue(all()) !== undefined) begin();
    });
  };

  const tryNow = (): void => {
    for (const entry of all()) {
      clearTimeout(entry.timer);
      entry.due = true;
    }
    begin();
  };

  return {
    keep({ unit, input, kpi: result, finishedAt }) {
      const kept = kpis.get(unit.name);
      if (kept === undefined) return;
      const samples = keptSamples(unit, result.samples);
      const before = kept.pending.get(input.asOf);
      if (before !== undefined) remove(kept, before);
      const { failures, failure } = before ?? { failures: 0, failure: null };
      const entry = { unit, day: input.asOf, samples, computedAt: input.now, finishedAt, failures, failure };
      kept.pending.set(input.asOf, { ...entry, due: true, timer: undefined });
      const [oldest] = kept.pending.values();
      if (kept.pending.size > MAX_DAYS && oldest !== undefined) {
        remove(kept, oldest);
        logLost([oldest], log);
      }
      show(unit.name, kept);
      begin();
    },
    retry: tryNow,
    clockSet(step) {
      for (const [kpi, kept] of kpis) {
        kept.wholeUntil &&= moved(kept.wholeUntil, step);
        for (const entry of kept.pending.values()) {
          entry.finishedAt = moved(entry.finishedAt, step);
          entry.failure &&= { ...entry.failure, since: moved(entry.failure.since, step) };
        }
        show(kpi, kept);
      }
    },
    configure(units) {
      const names = new Set(units.filter((unit) => keptMetrics(unit).length > 0).map((unit) => unit.name));
      for (const [kpi, kept] of kpis) {
        if (names.has(kpi)) continue;
        for (const entry of kept.pending.values()) clearTimeout(entry.timer);
        kpis.delete(kpi);
        self.historyPending.remove({ kpi });
        self.historyLastSuccess.remove({ kpi });
      }
      for (const kpi of names) {
        if (kpis.has(kpi)) continue;
        const kept: Kept = { pending: new Map(), wholeUntil: null };
        kpis.set(kpi, kept);
        show(kpi, kept);
      }
    },
    trouble(kpi) {
      const failed = [...(kpis.get(kpi)?.pending.values() ?? [])].filter(({ failure }) => failure !== null);
      const failure = failed[0]?.failure;
      return failure === undefined || failure === null ? null : { ...failure, days: failed.map(({ day }) => day) };
    },
    async settled() {
      while (working !== null) await working;
    },
    async stop() {
      stopping = true;
      tryNow();
      while (working !== null) await working;
      for (const entry of all()) clearTimeout(entry.timer);
      logLost(all(), log);
    },
  };
}

function nextDue(entries: readonly Pending[]): Pending | undefined {
  return entries.find(({ due }) => due);
}

/** Of the database as a whole: told once, not for each KPI. */
function isGeneral(error: unknown): boolean {
  return error instanceof StandbyError || classifyDatabaseError(error) === 'unavailable';
}

function logLost(entries: readonly Pending[], log: Logger): void {
  for (const { unit, day, failure } of entries) {
    log.error(
      { kpi: unit.name, day, reason: failure?.reason },
      `KPI history of ${day} is lost; backfill --from ${day} --to ${day} --kpi ${unit.name} --overwrite computes it again`,
    );
  }
}
