import { setTimeout as delay } from 'node:timers/promises';
import { type Client, type ClientBase, DatabaseError } from 'pg';
import type { ServerSettings } from '../config/connectionSettings.js';
import { applyMigration } from './applyMigration.js';
import { SERVER_TIMEOUT_MARGIN_MS } from './clientTimeout.js';
import { readEnumerations } from './enumerations.js';
import { describeServerError, MigrationError } from './migrationError.js';
import { type MigrationFile, type MigrationStatement, readMigrationFiles, splitStatements } from './migrationFiles.js';
import { CHECKSUMS_TABLE, pendingFiles, readApplied, targetSchema } from './migrationState.js';
import { connectClient } from './openSession.js';
import { preflight } from './preflight.js';
import { applyGrants, missingGrants } from './roles.js';
import { inTransaction } from './transaction.js';

/** Where progress and what the server says go; a pino logger is one. */
export interface MigrationLog {
  info(message: string): void;
  warn(message: string): void;
}

interface CommonOptions {
  /** Holds `NNNN_name.sql`. */
  readonly directory: string;
  /** Applies everything, and takes it back: what it says is what would happen. */
  readonly dryRun?: boolean;
  readonly log: MigrationLog;
  /** Ends it at once, with the database as it was before. */
  readonly signal?: AbortSignal;
}

/** A connected client that stays open, or the settings of one to open and close. */
export type MigrateOptions = CommonOptions & ({ readonly client: ClientBase } | { readonly config: ServerSettings });

export interface MigrateResult {
  /** Names of the migrations applied now, in order. */
  readonly applied: readonly string[];
  /** Names of the migrations that a dry run would apply; empty otherwise. */
  readonly pending: readonly string[];
  /** Complete SQL statements that this role may not run and an administrator must, in order. */
  readonly adminStatements: readonly string[];
}

interface Pending {
  readonly file: MigrationFile;
  readonly statements: readonly MigrationStatement[];
}

/** Long enough to build an index of years of rows. */
const STATEMENT_TIMEOUT_MS = 3_600_000;
/** Whoever reads a table that a migration waits for waits behind it: so it gives up soon, and comes back. */
const LOCK_TIMEOUT_MS = 2_000;
const LOCK_PAUSE_MS = 500;
/** After this time in which a lock was never free, somebody has to look. */
const LOCK_PATIENCE_MS = 600_000;

/**
 * Brings a database to the newest schema in one transaction: every pending file with its record, and the rights of the
 * roles as far as this role may grant them; the rest is returned. Replicas that start together take turns. Whatever can be
 * known before is refused in one list. Nothing outlasts the transaction, so behind a pooler in transaction mode it does the same.
 *
 * @throws MigrationError when anything is refused or fails (the database is then as before), when an applied file was
 *   edited, deleted, or overtaken by one with a smaller number, or when it was stopped
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  if ('client' in options) return migrateWith(options.client, options, { isCommitting: false });
  let client: Client | undefined;
  const progress = { isCommitting: false };
  const work = async (): Promise<MigrateResult> => {
    client = await connectClient(options.config, {
      query_timeout: STATEMENT_TIMEOUT_MS + SERVER_TIMEOUT_MARGIN_MS,
      keepAlive: true,
    });
    return migrateWith(client, options, progress);
  };
  try {
    return await Promise.race([work(), stopped(options.signal, progress)]);
  } finally {
    // With a statement under way this cuts the connection, and the server takes everything back.
    await Promise.race([client?.end().catch(() => undefined), delay(1_000, undefined, { ref: false })]);
  }
}

const STOPPED = 'stopped before the end: nothing was changed';

interface Progress {
  /** From here on it can only be waited for: a cut connection would not say whether it was done. */
  isCommitting: boolean;
}

/** Never resolves; rejects when the signal is given before the end. */
function stopped(signal: AbortSignal | undefined, progress: Progress): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => {
      if (!progress.isCommitting) reject(new MigrationError(STOPPED));
    };
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** What was not applied yet, by name, and what stands against it. Only reads, with the rights of anybody who may read the tables. */
export async function readPending(
  client: ClientBase,
  directory: string,
): Promise<{ readonly pending: readonly string[]; readonly problems: readonly string[] }> {
  const files = await readMigrationFiles(directory);
  return inTransaction(client, { access: 'READ ONLY' }, async () => {
    const { schema, pending } = await compare(client, files);
    const problems = pending.length === 0 ? [] : await problemsOf(client, schema, pending, false);
    return { pending: pending.map(({ file }) => file.name), problems };
  });
}

async function migrateWith(
  client: ClientBase,
  { directory, dryRun = false, log, signal }: CommonOptions,
  progress: Progress,
): Promise<MigrateResult> {
  const files = await readMigrationFiles(directory);
  const { isUpToDate, isStandby } = await inTransaction(client, { access: 'READ ONLY' }, async () => {
    const { schema, pending } = await compare(client, files);
    const { problems, warnings } = await readEnumerations(client);
    for (const warning of warnings) log.warn(warning);
    const all = pending.length === 0 ? problems : await problemsOf(client, schema, pending, true);
    if (all.length > 0) throw new MigrationError(all.join('\n'));
    const { rows } = await client.query<{ is_standby: boolean }>('SELECT pg_is_in_recovery() AS is_standby');
    return { isUpToDate: pending.length === 0, isStandby: rows[0]?.is_standby === true };
  });
  if (isUpToDate && (dryRun || isStandby)) {
    const adminStatements = await inTransaction(client, { access: 'READ ONLY' }, () => missingGrants(client));
    return { applied: [], pending: [], adminStatements };
  }
  const onNotice = (notice: {
    severity?: string | undefined;
    message?: string | undefined;
    hint?: string | undefined;
  }) => {
    const text = `${notice.message ?? ''}${notice.hint === undefined ? '' : `; ${notice.hint}`}`;
    if (notice.severity === 'WARNING') log.warn(text);
    else log.info(text);
  };
  client.on('notice', onNotice);
  try {
    return await untilLocksAreFree(
      () => (isUpToDate ? grant(client) : attempt(client, files, { dryRun, log, progress })),
      log,
      signal,
    );
  } finally {
    client.removeListener('notice', onNotice);
  }
}

async function compare(
  client: ClientBase,
  files: readonly MigrationFile[],
): Promise<{ readonly schema: string; readonly pending: readonly Pending[] }> {
  const schema = await targetSchema(client);
  const pending = pendingFiles(files, await readApplied(client, schema));
  // Every pending file is read before the first is applied.
  return {
    schema,
    pending: await Promise.all(pending.map(async (file) => ({ file, statements: await splitStatements(file) }))),
  };
}

function problemsOf(
  client: ClientBase,
  schema: string,
  pending: readonly Pending[],
  asOwner: boolean,
): Promise<string[]> {
  const objects = pending.flatMap(({ statements }) => statements.flatMap(({ creates }) => creates ?? []));
  return preflight(client, schema, objects, { asOwner });
}

async function grant(client: ClientBase): Promise<MigrateResult> {
  const adminStatements = await inTransaction(client, { access: 'READ WRITE' }, () => applyGrants(client));
  return { applied: [], pending: [], adminStatements };
}

async function attempt(
  client: ClientBase,
  files: readonly MigrationFile[],
  { dryRun, log, progress }: { readonly dryRun: boolean; readonly log: MigrationLog; readonly progress: Progress },
): Promise<MigrateResult> {
  const limits = { access: 'READ WRITE', timeoutMs: STATEMENT_TIMEOUT_MS, lockTimeoutMs: LOCK_TIMEOUT_MS } as const;
  progress.isCommitting = false;
  try {
    return await inTransaction(client, limits, async () => {
      await takeTurn(client);
      // Another replica may have been first.
      const { schema, pending } = await compare(client, files);
      for (const { file, statements } of pending) {
        log.info(`applying ${file.name}`);
        await applyMigration(client, schema, file, statements);
      }
      const names = pending.map(({ file }) => file.name);
      const adminStatements = await applyGrants(client);
      if (dryRun) throw new TakenBack({ applied: [], pending: names, adminStatements });
      progress.isCommitting = true;
      return { applied: names, pending: [], adminStatements };
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.result;
    throw error;
  }
}

/** Ends a dry run's transaction. */
class TakenBack extends Error {
  override readonly name = 'TakenBack';
  readonly result: MigrateResult;
  constructor(result: MigrateResult) {
    super('a dry run changes nothing');
    this.result = result;
  }
}

/**
 * Until the transaction's end. A lock on a table, which nobody may take who has no right to change it: every role may take
 * an advisory lock, and one of a session stays behind at a pooler. The first migration creates the table, and the others wait
 * for that.
 */
async function takeTurn(client: ClientBase): Promise<void> {
  const schema = await targetSchema(client);
  const table = `${client.escapeIdentifier(schema)}.${CHECKSUMS_TABLE}`;
  try {
    const { rows } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
    if (rows[0]?.exists !== true) {
      await client.query(`CREATE TABLE ${table} (name text PRIMARY KEY, checksum text NOT NULL)`);
    }
    await client.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
  } catch (error) {
    throw new TurnError(describeServerError(error), {}, { cause: error });
  }
}

class TurnError extends MigrationError {}

/** Lock not available, deadlock; and what a second creator of the same table, type or role meets when the first commits. */
const TAKEN = new Set(['55P03', '40P01', '40001']);
const CREATED_MEANWHILE = new Set(['23505', '42P07', '42710']);

async function untilLocksAreFree<T>(work: () => Promise<T>, log: MigrationLog, signal?: AbortSignal): Promise<T> {
  const until = performance.now() + LOCK_PATIENCE_MS;
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      const code = cause instanceof DatabaseError ? (cause.code ?? '') : '';
      const isTaken = TAKEN.has(code) || (error instanceof TurnError && CREATED_MEANWHILE.has(code));
      if (!isTaken) throw error;
      if (performance.now() > until) {
        throw new MigrationError(
          `another session held what this needs for ${LOCK_PATIENCE_MS / 60_000} minutes (${describeServerError(cause)}): ` +
            'SELECT * FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY xact_start shows it; nothing was changed',
          {},
          { cause },
        );
      }
      if (!isTold) {
        log.warn(
          error instanceof TurnError
            ? 'waiting for another migration of this database to end'
            : 'waiting for a lock that another session holds: pg_stat_activity shows the oldest transaction',
        );
      }
    }
    await delay(LOCK_PAUSE_MS, undefined, signal === undefined ? {} : { signal }).catch(() => {
      throw new MigrationError(STOPPED);
    });
  }
}
