import { shippedFile } from '../config/shippedFile.js';
import type { ClientBase } from 'pg';
import type { CreatedObject } from './createdObjects.js';
import { type JobEngineFile, jobEngineSteps, pendingJobEngine, readJobEngine } from './jobEngine.js';
import { type Migration, readMigration, readMigrationFiles } from './migrationFiles.js';
import { type Applied, pendingFiles, readApplied, RECORD_OBJECT, targetSchema } from './migrationRecord.js';
import { readRepeatableFiles, readRepeatables, type Repeatable } from './repeatables.js';
import type { SqlFile } from './sqlFiles.js';

/** The files under `sql`, read once. */
export interface SchemaFiles {
  readonly migrations: readonly SqlFile[];
  /** Each behind those that it names. */
  readonly repeatables: readonly Repeatable[];
  /** The job engine's own migrations; empty where no migration makes a schema for it. */
  readonly jobEngine: readonly JobEngineFile[];
}

/** What comes with the program: migrations, views and functions. */
export const SCHEMA = shippedFile('sql');

/** Reads `migrations` and `repeatable` of the directory. Throws MigrationError. */
export async function readSchemaFiles(directory: string): Promise<SchemaFiles> {
  const migrations = await readMigrationFiles(directory);
  return { migrations, repeatables: await readRepeatables(directory), jobEngine: await readJobEngine(migrations) };
}

/** The same files as the database records them, without their statements: those take PostgreSQL's grammar and half a second. */
export async function listSchemaFiles(directory: string): Promise<SqlFile[]> {
  return [...(await readMigrationFiles(directory)), ...(await readRepeatableFiles(directory))];
}

/** What is to do in a database. */
export interface SchemaPlan {
  readonly schema: string;
  readonly migrations: readonly Migration[];
  /** New, changed, or gone from the database. */
  readonly repeatables: readonly Repeatable[];
  /** What a file made that is no longer there. */
  readonly removed: readonly Applied[];
  readonly jobEngine: readonly JobEngineFile[];
  readonly applied: readonly Applied[];
  /** What must not be there yet. */
  readonly creates: readonly CreatedObject[];
}

/** Compares the files with the record of the database; every pending migration is read. Only reads. Throws MigrationError. */
export async function planSchema(client: ClientBase, files: SchemaFiles): Promise<SchemaPlan> {
  const schema = await targetSchema(client);
  const record = await readApplied(client, schema);
  const applied = record ?? [];
  const byName = new Map(applied.map((one) => [one.name, one]));
  const pending = pendingFiles(
    files.migrations,
    applied.filter(({ kind }) => kind === null),
  );
  const migrations = await Promise.all(pending.map(readMigration));
  const repeatables = files.repeatables.filter(({ file }) => {
    const before = byName.get(file.name);
    return before?.checksum !== file.checksum || !before.exists;
  });
  const names = new Set(files.repeatables.map(({ file }) => file.name));
  const unmade = repeatables.filter(({ file }) => byName.get(file.name)?.exists !== true);
  return {
    schema,
    migrations,
    repeatables,
    removed: applied.filter(({ name, kind }) => kind !== null && !names.has(name)),
    jobEngine: await pendingJobEngine(client, files.jobEngine),
    applied,
    creates: [
      ...(record === null ? [RECORD_OBJECT] : []),
      ...migrations.flatMap(({ creates }) => creates),
      ...unmade.map(({ object }) => object),
    ],
  };
}

/** What the plan does, in its order, as people read it; empty where the schema is up to date. */
export function stepsOf({ migrations, repeatables, removed, jobEngine }: SchemaPlan): string[] {
  return [
    ...migrations.map(({ file }) => file.name),
    ...jobEngineSteps(jobEngine),
    ...removed.map(({ name }) => `drop of ${name}`),
    ...repeatables.map(({ file }) => file.name),
  ];
}
