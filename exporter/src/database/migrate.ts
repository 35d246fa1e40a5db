import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import { Client, type ClientBase, type ClientConfig } from 'pg';
import { applyMigration } from './applyMigration.js';
import { readEnumerations } from './enumerations.js';
import { MigrationError } from './migrationError.js';
import { type MigrationFile, readMigrationFiles, splitStatements } from './migrationFiles.js';
import { CHECKSUMS_TABLE, pendingFiles, readApplied, targetSchema } from './migrationState.js';
import { applyGrants, missingGrants } from './roles.js';

/** Where progress and what the server says go; a pino logger is one. */
export interface MigrationLog {
  info(message: string): void;
  warn(message: string): void;
}

interface CommonOptions {
  /** Holds `NNNN_name.sql`. */
  readonly directory: string;
  /** Lists what would be applied, and changes nothing. */
  readonly dryRun?: boolean;
  readonly log: MigrationLog;
}

/** A connected client that stays open, or the settings of one to open and close. */
export type MigrateOptions = CommonOptions & ({ readonly client: ClientBase } | { readonly config: ClientConfig });

export interface MigrateResult {
  /** Names of the migrations applied now, in order. */
  readonly applied: readonly string[];
  /** Names of the migrations that a dry run would apply; empty otherwise. */
  readonly pending: readonly string[];
  /** Complete SQL statements that this role may not run and an administrator must, in order. */
  readonly adminStatements: readonly string[];
}

/**
 * Brings a database to the newest schema: each file in one transaction together with its record, all under an advisory
 * lock, so that replicas that start together apply each file once. Rights of the roles are granted as far as this
 * role may; the rest is returned, and said in the log.
 *
 * @throws MigrationError when a file fails (the database is then as before that file), when an applied file was edited,
 *   deleted, or overtaken by one with a smaller number, or when an existing table cannot say what the KPIs look for
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  if ('client' in options) return migrateWith(options.client, options);
  const client = new Client(options.config);
  // A lost connection also fails the query that waits; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // Waiting for another replica, or building an index, may outlast a limit meant for queries.
    await client.query('SET statement_timeout = 0');
    return await migrateWith(client, options);
  } finally {
    await client.end();
  }
}

async function migrateWith(
  client: ClientBase,
  { directory, dryRun = false, log }: CommonOptions,
): Promise<MigrateResult> {
  const files = await readMigrationFiles(directory);
  const schema = await targetSchema(client);
  const { problems, warnings } = await readEnumerations(client);
  if (problems.length > 0) throw new MigrationError(problems.join('\n'));
  for (const warning of warnings) log.warn(warning);
  if (dryRun) {
    const pending = pendingFiles(files, await readApplied(client, schema));
    for (const file of pending) await splitStatements(file);
    return { applied: [], pending: pending.map(({ name }) => name), adminStatements: await missingGrants(client) };
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
    await lock(client, log);
    try {
      const applied = await applyPending(client, schema, files, log);
      const adminStatements = await applyGrants(client);
      return { applied, pending: [], adminStatements };
    } finally {
      // Fails only on a lost connection, and then the server has let go of the lock.
      await client.query(`SELECT pg_advisory_unlock(${PG_MIGRATE_LOCK_ID})`).catch(() => undefined);
    }
  } finally {
    client.removeListener('notice', onNotice);
  }
}

// The lock is the library's, but taken here: the comparison of files with the database must lie inside it.
async function lock(client: ClientBase, log: MigrationLog): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>(
    `SELECT pg_try_advisory_lock(${PG_MIGRATE_LOCK_ID}) AS taken`,
  );
  if (rows[0]?.taken === true) return;
  log.info('waiting for another migration of this database to end');
  await client.query(`SELECT pg_advisory_lock(${PG_MIGRATE_LOCK_ID})`);
}

async function applyPending(
  client: ClientBase,
  schema: string,
  files: readonly MigrationFile[],
  log: MigrationLog,
): Promise<string[]> {
  const pending = pendingFiles(files, await readApplied(client, schema));
  // Every pending file is read before the first is applied: a syntax error changes nothing.
  const ready = await Promise.all(pending.map(async (file) => ({ file, statements: await splitStatements(file) })));
  if (ready.length > 0) await createChecksumsTable(client, schema);
  for (const { file, statements } of ready) {
    log.info(`applying ${file.name}`);
    await applyMigration(client, schema, file, statements);
  }
  return pending.map(({ name }) => name);
}

async function createChecksumsTable(client: ClientBase, schema: string): Promise<void> {
  const table = `${client.escapeIdentifier(schema)}.${CHECKSUMS_TABLE}`;
  const { rows } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
  if (rows[0]?.exists !== true) {
    await client.query(`CREATE TABLE ${table} (name text PRIMARY KEY, checksum text NOT NULL)`);
  }
}
