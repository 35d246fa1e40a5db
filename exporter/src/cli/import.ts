import { basename, resolve } from 'node:path';
import type { ClientBase } from 'pg';
import { CommandError, EXIT_FAILURE, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { inTransaction } from '../database/transaction.js';
import { plural } from '../format/plural.js';
import type { FileResult, ImportTask } from '../import/importFile.js';
import type { Mapping } from '../import/mapping/mappingFile.js';
import { ExplainedError } from '../yaml/explainedError.js';
import { formatProblem } from '../yaml/problem.js';
import { withDatabase } from './openDatabase.js';
import { progressLine } from './progressLine.js';

export interface ImportOptions {
  readonly paths: ConfigPaths;
  readonly files: readonly string[];
  readonly table: string | null;
  /** A file, or the name of a mapping that comes with the program. */
  readonly map: string | null;
  readonly set: readonly (readonly [column: string, value: string])[];
  readonly skipBad: string | null;
  readonly dryRun: boolean;
  readonly heartbeat: boolean;
}

/** A million rows take less than a minute; a statement that takes this long waits for somebody, in ms. */
const TIMEOUT_MS = 600_000;

/**
 * `portfolio-exporter import`: loads files into the tables, each in a transaction of its own. Exit code 1 where anything was refused.
 * Its libraries are loaded here: no other command needs them.
 */
export async function importFiles(options: ImportOptions, io: Io): Promise<number> {
  const { RefusedRows } = await import('../import/load/refusals.js');
  const { exporter, settings } = await loadConfiguration(options.paths);
  if (options.skipBad !== null && options.files.length > 1)
    throw new CommandError('--skip-bad keeps the rows of one file: give one');
  const mapped = await mappingsOf(options);
  for (const { mapping } of mapped) {
    if (options.heartbeat && mapping !== null && mapping.table.hasHeartbeat !== true) {
      throw new CommandError(
        `--heartbeat: no service level reads one of ${mapping.table.name}; its newest day tells its age`,
      );
    }
    const isWhole = mapping === null || mapping.months !== undefined || mapping.duplicates === 'sum';
    if (options.skipBad !== null && isWhole) {
      throw new CommandError(
        '--skip-bad: what is added up, or belongs together, would be wrong without its refused parts; leave it out',
      );
    }
  }
  const refusedRows = options.skipBad === null ? null : await RefusedRows.at(resolve(options.skipBad));
  const tasks = mapped.map(({ file, mapping }): ImportTask => ({
    file,
    mapping,
    refusedRows,
    timeZone: settings.timeZone,
    timeoutMs: TIMEOUT_MS,
    onProgress: () => undefined,
  }));
  return withDatabase(
    exporter,
    io,
    (database) => database.withClient((client) => importAll(client, tasks, options, io)),
    { queryTimeoutMs: TIMEOUT_MS },
  );
}

const LIMITS = { access: 'READ WRITE', timeoutMs: TIMEOUT_MS, lockTimeoutMs: TIMEOUT_MS } as const;

async function importAll(
  client: ClientBase,
  tasks: readonly ImportTask[],
  { dryRun, heartbeat }: ImportOptions,
  io: Io,
): Promise<number> {
  const { importFile } = await import('../import/importFile.js');
  const { beat } = await import('../import/load/beat.js');
  let code = EXIT_OK;
  const importOne = async (task: ImportTask): Promise<void> => {
    const progress = progressLine({ write: io.stderr, isTTY: io.isTerminal === true });
    const onProgress =
      io.isTerminal === true
        ? (done: number, total: number) => progress.at(done, total, basename(task.file))
        : () => undefined;
    try {
      const results = await inTransaction(client, LIMITS, async () => {
        const loaded = await importFile(client, { ...task, onProgress });
        for (const { table, hasHeartbeat } of loaded) if (heartbeat && hasHeartbeat) await beat(client, table);
        // On the disk before the rest is in the tables.
        await task.refusedRows?.close();
        return loaded;
      });
      progress.stop();
      if (dryRun) await task.refusedRows?.discard();
      else await task.refusedRows?.publish();
      for (const result of results) {
        io.stderr(result.problems.map((problem) => `${formatProblem(problem)}\n`).join(''));
        io.stdout(`${describe(task.file, result, dryRun)}\n`);
        if (result.refused > 0) code = EXIT_FAILURE;
      }
    } catch (error) {
      progress.stop();
      await task.refusedRows?.discard();
      if (!(error instanceof ExplainedError) || io.shutdown.aborted) throw error;
      io.stderr(`${error.message}\n`);
      code = EXIT_FAILURE;
    }
  };
  if (!dryRun) {
    for (const task of tasks) await importOne(task);
    return code;
  }
  // One transaction for all of them: a file may name what the one before it brings.
  const undone = new Error('a dry run is taken back');
  await inTransaction(client, LIMITS, async () => {
    for (const task of tasks) {
      await client.query('SAVEPOINT import_file');
      const before: number = code;
      code = EXIT_OK;
      await importOne(task);
      if (code !== EXIT_OK) await client.query('ROLLBACK TO SAVEPOINT import_file');
      code = Math.max(before, code);
    }
    throw undone;
  }).catch((error: unknown) => {
    if (error !== undone) throw error;
  });
  return code;
}

function describe(
  file: string,
  { table, inserted, updated, unchanged, refused, leftOut }: FileResult,
  dryRun: boolean,
): string {
  const count = (number: number): string => number.toLocaleString('en-US');
  return [
    `${table}: ${count(inserted)} inserted, ${count(updated)} updated, ${count(unchanged)} unchanged`,
    refused > 0 ? `, ${count(refused)} refused` : '',
    leftOut > 0 ? `; ${plural(leftOut, 'row')} left out, as the mapping says` : '',
    ` (${basename(file)}${dryRun ? '; a dry run: nothing was changed' : ''})`,
  ].join('');
}

/** The mapping of each file. Throws ConfigError and ImportError. */
async function mappingsOf({
  files,
  table,
  map,
  set,
}: ImportOptions): Promise<{ file: string; mapping: Mapping | null }[]> {
  const { loadMapping } = await import('../import/mapping/loadMapping.js');
  return files.map((file) => ({ file, mapping: loadMapping({ file, table, map, set }) }));
}

/** `portfolio-exporter template <table>`: an empty file of the table, to be filled. */
export async function template(table: string, io: Io): Promise<number> {
  const { findTable } = await import('../import/tables/tables.js');
  const { templateOf } = await import('../import/template.js');
  io.stdout(templateOf(findTable(table)));
  return EXIT_OK;
}
