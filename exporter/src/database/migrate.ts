import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ClientBase } from 'pg';
import type { ServerSettings } from '../config/connectionSettings.js';
import { applyPlan } from './applyPlan.js';
import { SERVER_TIMEOUT_MARGIN_MS } from './clientTimeout.js';
import { type EnumerationFindings, readEnumerations } from './enumerations.js';
import { describeServerError, MigrationError } from './migrationError.js';
import { CREATE_RECORD, RECORD_TABLE, targetSchema } from './migrationRecord.js';
import { connectClient } from './openSession.js';
import { preflight } from './preflight.js';
import { applyGrants, missingGrants } from './roles.js';
import { planSchema, readSchemaFiles, type SchemaFiles, stepsOf } from './schemaPlan.js';
import { rowSecurityWarnings } from './rowSecurity.js';
import { isStandby } from './standby.js';
import { inTransaction } from './transaction.js';
import { STOPPED_BEFORE_THE_END, TurnError, untilLocksAreFree } from './untilLocksAreFree.js';

/** Where progress and what the server says go; a pino logger is one. */
export interface MigrationLog {
  info(message: string): void;
  warn(message: string): void;
}

interface CommonOptions {
  /** Holds `migrations/NNNN_name.sql` and `repeatable/<name>.sql`. */
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
  /** Names of the files applied now, in order: migrations, then views and functions. */
  readonly applied: readonly string[];
  /** Names of the files that a dry run would apply; empty otherwise. */
  readonly pending: readonly string[];
  /** Complete SQL statements that this role may not run and an administrator must, in order. */
  readonly adminStatements: readonly string[];
}

/** Long enough to build an index of years of rows. */
const STATEMENT_TIMEOUT_MS = 3_600_000;
/** Whoever reads a table that a migration waits for waits behind it: so it gives up soon, and comes back. */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * Brings a database to the newest schema in one transaction: every pending migration, every view and function whose file is
 * not as it was applied, the record of both, and the rights of the roles as far as this role may grant them; the rest is
 * returned. Replicas that start together take turns. Whatever can be
 * known before is refused in one list. Nothing outlasts the transaction, so behind a pooler in transaction mode it does the same.
 *
 * @throws MigrationError when anything is refused or fails (the database is then as before), when an applied migration was
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

interface Progress {
  /** From here on it can only be waited for: a cut connection would not say whether it was done. */
  isCommitting: boolean;
}

/** Never resolves; rejects when the signal is given before the end. */
function stopped(signal: AbortSignal | undefined, progress: Progress): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => {
      if (!progress.isCommitting) reject(new MigrationError(STOPPED_BEFORE_THE_END));
    };
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * What was not applied yet, by name, what stands against it, and what rows the KPIs leave out. Only reads, with the rights of
 * anybody who may read the tables.
 */
export async function readPending(
  client: ClientBase,
  directory: string,
): Promise<EnumerationFindings & { readonly pending: readonly string[] }> {
  const files = await readSchemaFiles(directory);
  return inTransaction(client, { access: 'READ ONLY' }, () => examine(client, files, { asOwner: false }));
}

async function examine(
  client: ClientBase,
  files: SchemaFiles,
  { asOwner }: { readonly asOwner: boolean },
): Promise<EnumerationFindings & { readonly pending: readonly string[] }> {
  const { problems, warnings: words } = await readEnumerations(client);
  const warnings = [...words, ...(await rowSecurityWarnings(client))];
  const plan = await planSchema(client, files);
  const pending = stepsOf(plan);
  if (pending.length === 0) return { pending, problems, warnings };
  const options = { asOwner, enumerations: problems };
  return { pending, problems: await preflight(client, plan.schema, plan.creates, options), warnings };
}

async function migrateWith(
  client: ClientBase,
  { directory, dryRun = false, log, signal }: CommonOptions,
  progress: Progress,
): Promise<MigrateResult> {
  const files = await readSchemaFiles(directory);
  const { isUpToDate, changesNothing } = await inTransaction(client, { access: 'READ ONLY' }, async () => {
    const { pending, problems, warnings } = await examine(client, files, { asOwner: true });
    for (const warning of warnings) log.warn(warning);
    if (problems.length > 0) throw new MigrationError(problems.join('\n'));
    return { isUpToDate: pending.length === 0, changesNothing: dryRun || (await isStandby(client)) };
  });
  if (isUpToDate && changesNothing) {
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
      (message) => log.warn(message),
      signal,
    );
  } finally {
    client.removeListener('notice', onNotice);
  }
}

async function grant(client: ClientBase): Promise<MigrateResult> {
  const adminStatements = await inTransaction(client, { access: 'READ WRITE' }, () => applyGrants(client));
  return { applied: [], pending: [], adminStatements };
}

async function attempt(
  client: ClientBase,
  files: SchemaFiles,
  { dryRun, log, progress }: { readonly dryRun: boolean; readonly log: MigrationLog; readonly progress: Progress },
): Promise<MigrateResult> {
  const limits = { access: 'READ WRITE', timeoutMs: STATEMENT_TIMEOUT_MS, lockTimeoutMs: LOCK_TIMEOUT_MS } as const;
  progress.isCommitting = false;
  try {
    return await inTransaction(client, limits, async () => {
      await lockRecord(client);
      // Another replica may have been first.
      const plan = await planSchema(client, files);
      const names = await applyPlan(client, plan, files, (message) => log.info(message));
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
async function lockRecord(client: ClientBase): Promise<void> {
  const schema = await targetSchema(client);
  const table = `${client.escapeIdentifier(schema)}.${RECORD_TABLE}`;
  try {
    const { rows } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
    if (rows[0]?.exists !== true) await client.query(CREATE_RECORD);
    await client.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
  } catch (error) {
    throw new TurnError(describeServerError(error), {}, { cause: error });
  }
}
