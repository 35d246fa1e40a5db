import type { Logger } from 'pino';
import { moved } from '../database/clockStep.js';
import type { ClockStep } from '../database/clockStep.js';
import { recordConfig } from '../database/configStore.js';
import { describeDatabaseError } from '../database/databaseError.js';
import type { ConfigCursor, ConfigNote } from '../database/planRecord.js';
import type { Database } from '../database/pool.js';
import { RECORD_RETRY, retryDelay } from '../database/retryDelay.js';
import type { RetryDelays } from '../database/retryDelay.js';
import { StandbyError } from '../database/standby.js';
import type { Configuration } from './loadConfiguration.js';
import type { SelfMetrics } from '../metrics/selfMetrics.js';

/** Who changed the numbers and why, where the command line says so; it goes before what the YAML header says. */
export type ChangeNote = ConfigNote;

export interface ConfigMirrorDeps {
  readonly database: Database;
  readonly self: Pick<SelfMetrics, 'setConfigRecorded'>;
  readonly clock: () => Date;
  readonly log: Logger;
  /** Of what is found changed at the start; later edits are somebody else's. */
  readonly note: ChangeNote;
  readonly retry?: RetryDelays;
}

/** Brings what is in force into portfolio_coordination_config, step by step, as soon as the database can take it. */
export interface ConfigMirror {
  /** This is in force from now on; the next `sync` writes it. */
  want(configuration: Configuration): void;
  /** Writes what is wanted and not yet written. Never rejects; called with every answer of the database, and waits after a failure. */
  sync(): Promise<void>;
  /** Something changed for the better: tries at once. */
  retry(): void;
  /** Since when and why what is in force is not recorded; null: it is, or the first try has not ended. */
  trouble(): { readonly since: Date; readonly reason: string } | null;
  /** What has happened keeps its age. */
  clockSet(step: ClockStep): void;
  /** Tries once more what waits. */
  stop(): Promise<void>;
}

interface Step {
  readonly configuration: Configuration;
  readonly before: Configuration | null;
  /** By the clock that is never set, in ms. */
  readonly at: number;
}

/** Edits that wait for the database; of more, the oldest become one. */
const MAX_STEPS = 100;

export function createConfigMirror(deps: ConfigMirrorDeps): ConfigMirror {
  const steps: Step[] = [];
  let latest: Configuration | null = null;
  let cursor: ConfigCursor = new Map();
  let underWay: Promise<void> | null = null;
  let trouble: { readonly since: Date; readonly reason: string } | null = null;
  let failures = 0;
  /** By the clock that is never set, in ms. */
  let nextTry = 0;

  const write = async (): Promise<void> => {
    while (steps.length > 0) {
      const taken = steps.slice();
      try {
        const { changed, cursor: next } = await deps.database.withClient(
          (client) => {
            // With the connection at hand: waiting for one makes no edit later than it was.
            const now = performance.now();
            return recordConfig(
              client,
              taken.map((step) => toConfigStep(step, now)),
              cursor,
            );
          },
          { purpose: 'record' },
        );
        cursor = next;
        trouble = null;
        failures = 0;
        if (changed.length > 0) deps.log.info({ changed }, 'configuration recorded in the database');
        // What came meanwhile stands behind them.
        steps.splice(0, steps.findIndex((step) => step === taken.at(-1)) + 1);
        deps.self.setConfigRecorded(steps.length === 0);
      } catch (error) {
        const reason = describeDatabaseError(error);
        if (reason !== trouble?.reason) {
          if (error instanceof StandbyError) deps.log.error(`${reason}: the configuration is not recorded`);
          else deps.log.error({ reason }, 'configuration not recorded in the database, trying again');
        }
        trouble = { since: trouble?.since ?? deps.clock(), reason };
        failures += 1;
        nextTry = performance.now() + retryDelay(failures, deps.retry ?? RECORD_RETRY);
        return;
      }
    }
  };

  const toConfigStep = ({ configuration, before, at }: Step, now: number) => ({
    ...configuration.settings,
    header: configuration.thresholdsFile,
    before: before === null ? null : { ...before.settings, header: before.thresholdsFile },
    note: before === null ? deps.note : null,
    ageMs: now - at,
  });

  const sync = async (): Promise<void> => {
    if (underWay === null && performance.now() < nextTry) return;
    underWay ??= write().finally(() => {
      underWay = null;
    });
    await underWay;
  };
  return {
    want(configuration) {
      const before = latest;
      latest = configuration;
      // A reload that changes nothing is no step; with none waiting it looks whether the table was edited.
      if (before !== null && steps.length > 0 && textOf(before) === textOf(configuration)) return;
      steps.push({ configuration, before, at: performance.now() });
      const [first, second] = steps;
      // Not while they are being written.
      if (steps.length > MAX_STEPS && underWay === null && first !== undefined && second !== undefined) {
        steps.splice(0, 2, { ...second, before: first.before });
        deps.log.warn(`more than ${MAX_STEPS} edits wait to be recorded: the oldest two are recorded as one`);
      }
      deps.self.setConfigRecorded(false);
    },
    sync,
    retry() {
      nextTry = 0;
      void sync();
    },
    trouble: () => trouble,
    clockSet(step) {
      trouble &&= { ...trouble, since: moved(trouble.since, step) };
    },
    async stop() {
      await underWay;
      nextTry = 0;
      await sync();
      if (steps.length > 0)
        deps.log.error('the configuration in force is not recorded; the next start records how it differs');
    },
  };
}

/** All that is recorded of a configuration. */
function textOf({ settings, thresholdsFile: { changedBy, reason } }: Configuration): string {
  return JSON.stringify([settings.thresholds, settings.timeZone, settings.carryForwardDays, changedBy, reason]);
}
