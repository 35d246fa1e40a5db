import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ClientBase } from 'pg';
import { applyStatements } from './applyStatements.js';
import { MigrationError } from './migrationError.js';
import { readSqlFiles, type SqlFile, splitStatements } from './sqlFiles.js';

/** The schema of graphile-worker's tables. */
export const JOB_ENGINE_SCHEMA = 'graphile_worker';

/** A migration that comes with graphile-worker. */
export interface JobEngineFile extends SqlFile {
  /** As graphile-worker records it. */
  readonly id: number;
  /** Whether a worker of before can go on after it. */
  readonly isBreaking: boolean;
}

/**
 * The migrations of the installed graphile-worker, for a directory whose own migrations make a schema for them; none
 * otherwise. Its own `migrate` runs each in a transaction of its own, and only as the owner of a session: here they are
 * part of the one transaction of ours, so that a dry run takes them back too.
 */
export async function readJobEngine(migrations: readonly SqlFile[]): Promise<JobEngineFile[]> {
  if (!migrations.some(({ text }) => text.includes(`\nCREATE SCHEMA ${JOB_ENGINE_SCHEMA};\n`))) return [];
  const { resolve } = createRequire(import.meta.url);
  const files = await readSqlFiles(join(dirname(resolve('graphile-worker/package.json')), 'sql'));
  return files.map((file) => ({
    ...file,
    text: file.text.replaceAll(':GRAPHILE_WORKER_SCHEMA', `"${JOB_ENGINE_SCHEMA}"`),
    id: Number(file.name),
    isBreaking: file.text.startsWith('--! breaking'),
  }));
}

/**
 * Those that were not applied to this database. Only reads; none for a role that may not read which were.
 *
 * @throws MigrationError where a newer graphile-worker has changed the schema so that this one cannot work with it
 */
export async function pendingJobEngine(client: ClientBase, files: readonly JobEngineFile[]): Promise<JobEngineFile[]> {
  if (files.length === 0) return [];
  const applied = await readAppliedJobEngine(client);
  if (applied === 'unknown') return [];
  const known = new Set(files.map(({ id }) => id));
  const newer = applied.filter(({ id, breaking }) => breaking && !known.has(id)).map(({ id }) => id);
  if (newer.length > 0) {
    throw new MigrationError(
      `the job engine's tables are of a newer graphile-worker (${newer.join(', ')}): start the version that migrated this database`,
    );
  }
  const ids = new Set(applied.map(({ id }) => id));
  return files.filter(({ id }) => !ids.has(id));
}

/** What is wrong with the job engine's tables for a program that comes with these files, with the cure; null: nothing. */
export async function jobEngineProblem(client: ClientBase, files: readonly JobEngineFile[]): Promise<string | null> {
  try {
    const [missing] = jobEngineSteps(await pendingJobEngine(client, files));
    return missing === undefined ? null : `not applied yet: ${missing}; run \`portfolio-exporter migrate\``;
  } catch (error) {
    if (error instanceof MigrationError) return error.message;
    throw error;
  }
}

interface AppliedJobEngine {
  readonly id: number;
  readonly breaking: boolean;
}

/** Asked of the catalog first: a table that is not there would end the transaction that is open. */
async function readAppliedJobEngine(client: ClientBase): Promise<AppliedJobEngine[] | 'unknown'> {
  const { rows } = await client.query<{ may_read: boolean }>(
    `SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS may_read
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = 'migrations' AND c.relkind = 'r'`,
    [JOB_ENGINE_SCHEMA],
  );
  if (rows[0] === undefined) return [];
  if (!rows[0].may_read) return 'unknown';
  const applied = await client.query<AppliedJobEngine>(`SELECT id, breaking FROM ${JOB_ENGINE_SCHEMA}.migrations`);
  return applied.rows;
}

/** As people read it. */
export function jobEngineSteps(files: readonly JobEngineFile[]): string[] {
  const [first, last] = [files[0]?.id, files.at(-1)?.id];
  if (first === undefined || last === undefined) return [];
  return [`graphile-worker ${first}${first === last ? '' : ` to ${last}`}`];
}

/** In the transaction that is open; records them as graphile-worker does, and tells the workers that run. */
export async function applyJobEngine(client: ClientBase, files: readonly JobEngineFile[]): Promise<void> {
  if (files.length === 0) return;
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${JOB_ENGINE_SCHEMA}.migrations (
       id int PRIMARY KEY, ts timestamptz DEFAULT now() NOT NULL, breaking boolean NOT NULL DEFAULT false)`,
  );
  for (const file of files) {
    await applyStatements(client, file, await splitStatements(file));
    await client.query(
      `WITH applied AS (INSERT INTO ${JOB_ENGINE_SCHEMA}.migrations (id, breaking) VALUES ($1, $2) RETURNING id, breaking)
       SELECT pg_notify('worker:migrate', json_build_object('migrationNumber', id, 'breaking', breaking)::text) FROM applied`,
      [file.id, file.isBreaking],
    );
  }
}
