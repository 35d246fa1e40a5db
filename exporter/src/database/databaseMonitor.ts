import type { ClientBase } from 'pg';
import type { Logger } from 'pino';
import { clientTimeout } from './clientTimeout.js';
import { moved } from './clockStep.js';
import type { ClockStep } from './clockStep.js';
import { describeDatabaseError } from './databaseError.js';
import type { Database } from './pool.js';

/** null: not asked yet. `since`: when the state was entered. */
export interface DatabaseState {
  readonly up: boolean | null;
  readonly reason: string | null;
  readonly since: Date | null;
  /** What is wrong with its schema, and the cure; null where nothing is, or while the database has not answered. */
  readonly schemaProblem: string | null;
  /** Whether the server that answered last is a standby, which takes no writes. */
  readonly standby: boolean;
}

export interface DatabaseMonitorDeps {
  /** Its own, so that it never waits behind somebody else's query. */
  readonly database: Database;
  readonly probeIntervalMs: number;
  /** After this long without an answer the database counts as down, in ms. */
  readonly answerTimeoutMs: number;
  /** Asked with every probe, on its connection; null: the schema is this version's. Throws what a lost connection throws. */
  readonly schemaProblem: (client: ClientBase) => Promise<string | null>;
  readonly clock: () => Date;
  readonly log: Logger;
  /** Called with each answer, also where nothing changed. */
  readonly onAnswer: (state: DatabaseState) => void;
  /** Called when the database answers for the first time, or again after an outage. */
  readonly onUp?: () => void;
  /** Called when the schema has become this version's after it was not. */
  readonly onSchemaMended?: () => void;
}

/** Knows whether the database answers: asks on its own, and is told of what others see. */
export interface DatabaseMonitor {
  state(): DatabaseState;
  /** Something else found the database down: ask at once rather than at the next interval. */
  suspect(): void;
  /** What has happened keeps its age. */
  clockSet(step: ClockStep): void;
  stop(): Promise<void>;
}

/** Asks at once, then at each interval. One log line when the state changes, or when it is down for another reason. */
export function startDatabaseMonitor(deps: DatabaseMonitorDeps): DatabaseMonitor {
  let state: DatabaseState = { up: null, reason: null, since: null, schemaProblem: null, standby: false };
  let timer: NodeJS.Timeout | undefined;
  let probing: Promise<void> | null = null;
  let stopped = false;

  const enter = (up: boolean, reason: string | null, standby: boolean): void => {
    const before = state;
    state = { ...before, up, reason, standby, since: before.up === up ? before.since : deps.clock() };
    deps.onAnswer(state);
    if (up && before.up !== true) {
      deps.log.info('database is up');
      deps.onUp?.();
    } else if (!up && (before.up !== false || before.reason !== reason)) {
      deps.log.error({ reason }, 'database is down');
    }
  };

  const enterSchema = (schemaProblem: string | null): void => {
    const before = state.schemaProblem;
    state = { ...state, schemaProblem };
    if (schemaProblem === before) return;
    if (schemaProblem !== null) deps.log.error({ reason: schemaProblem }, "the schema is not this version's");
    else {
      deps.log.info("the schema is this version's");
      deps.onSchemaMended?.();
    }
  };

  const probe = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      const { standby, schema } = await deps.database.withClient(async (client) => {
        const { rows } = await client.query<{ standby: boolean }>(
          clientTimeout({ text: 'SELECT pg_is_in_recovery() AS standby' }, deps.answerTimeoutMs),
        );
        return { standby: rows[0]?.standby === true, schema: await deps.schemaProblem(client) };
      });
      if (!stopped) {
        enter(true, null, standby);
        enterSchema(schema);
      }
    } catch (error) {
      if (!stopped) enter(false, describeDatabaseError(error), state.standby);
    }
    probing = null;
    if (!stopped) timer = setTimeout(begin, deps.probeIntervalMs);
  };
  const begin = (): void => {
    probing ??= probe();
  };

  begin();
  return {
    state: () => state,
    suspect: () => {
      if (!stopped) begin();
    },
    clockSet(step) {
      state = { ...state, since: state.since && moved(state.since, step) };
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await probing;
      clearTimeout(timer);
    },
  };
}
