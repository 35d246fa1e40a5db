import type { ClientBase } from 'pg';
import { DatabaseError } from 'pg';
import { ConfigError, formatProblem } from '../yaml/problem.js';
import type { Problem } from '../yaml/problem.js';
import { takeTurn } from '../database/takeTurn.js';
import { plural } from '../format/plural.js';
import { convertRows } from './convertRows.js';
import { ImportError } from './importError.js';
import { applyStaged, refuseStaged, sumStaged, tableSql } from './load/applyStaged.js';
import type { Applied } from './load/applyStaged.js';
import { readReferences } from './load/references.js';
import type { RefusedRows } from './load/refusals.js';
import { MAX_SHOWN, Refusals } from './load/refusals.js';
import { createStaging, fillStaging, REFUSED, STAGING } from './load/staging.js';
import { plainMapping } from './mapping/mappingFile.js';
import { bindHeader } from './mapping/bindHeader.js';
import type { Binding } from './mapping/bindHeader.js';
import type { Mapping } from './mapping/mappingFile.js';
import { openSource } from './read/openSource.js';
import { readChunks } from './read/readChunks.js';
import { readPlan } from './read/readPlan.js';
import type { Source } from './read/source.js';

export interface ImportTask {
  readonly file: string;
  /** null: a coordination plan. */
  readonly mapping: Mapping | null;
  /** Keeps what is refused, and the rest is loaded; null: nothing of the file is loaded then. */
  readonly refusedRows: RefusedRows | null;
  /** Of days and times without an offset. */
  readonly timeZone: string;
  /** The longest that one statement may take, in ms. */
  readonly timeoutMs: number;
  readonly onProgress: (done: number, total: number) => void;
}

export interface FileResult extends Applied {
  readonly table: string;
  readonly hasHeartbeat: boolean;
  readonly refused: number;
  /** Rows that the mapping does not ask for. */
  readonly leftOut: number;
  readonly problems: readonly Problem[];
}

/** Nothing of a file was loaded because of its rows; the message has what is wrong with each, as many as a person reads. */
export class RefusedFileError extends ImportError {
  constructor(file: string, { shown, problems, rows }: Refusals, read: number) {
    const more = problems - shown.length;
    super(
      [
        ...shown.toSorted((a, b) => a.line - b.line || a.column - b.column).map(formatProblem),
        ...(more > 0 ? [`and ${plural(more, 'more problem')}`] : []),
        `${file}: nothing was loaded: ${rows.toLocaleString('en-US')} of ${plural(read, 'row')} refused; ` +
          'mend them, or let --skip-bad FILE keep them and load the others',
      ].join('\n'),
    );
  }
}

/**
 * Loads one file into its table, a coordination plan into its four, in the transaction of the caller: rows whose key the table has
 * are updated where they differ, the others are added. Imports take turns.
 * @throws {ConfigError} where the header, or a plan, does not fit
 * @throws {ImportError} where the file cannot be read, or rows of it are refused and nobody keeps them; and pg errors
 */
export async function importFile(client: ClientBase, task: ImportTask): Promise<readonly FileResult[]> {
  const { file, mapping } = task;
  await takeTurn(client, 'import');
  await client.query(`SELECT set_config('TimeZone', $1, true), set_config('DateStyle', 'ISO, YMD', true)`, [
    task.timeZone,
  ]);
  if (mapping !== null) {
    const chunks = readChunks(file, { encoding: mapping.encoding ?? null, onProgress: task.onProgress });
    try {
      return [await load(client, task, mapping, await openSource(file, chunks, mapping))];
    } finally {
      // Where nobody read to its end, the file is still open.
      await chunks.return(undefined);
    }
  }
  const results: FileResult[] = [];
  for (const { table, source } of readPlan(file)) results.push(await load(client, task, plainMapping(table), source));
  return results;
}

async function load(client: ClientBase, task: ImportTask, mapping: Mapping, source: Source): Promise<FileResult> {
  const { file, refusedRows } = task;
  const { table } = mapping;
  const refusals = new Refusals(refusedRows);
  const counts = { rows: 0, leftOut: 0 };
  try {
    refusedRows?.begin(source.headers);
    const binding = bindHeader(source.headers, { file, line: source.headerLine }, mapping);
    if (binding.problems.length > 0) throw new ConfigError(binding.problems);
    const columns = binding.columns.map(({ column }) => column);
    const sql = await tableSql(client, table, columns);
    const kinds = new Set(columns.flatMap(({ type }) => (type.kind === 'reference' ? [type.to] : [])));
    const references = await readReferences(client, kinds);
    const keepsRows = refusedRows !== null;
    await createStaging(client, columns, keepsRows);
    const rows = convertRows({ file, mapping, source, binding, references, refusals, keepsRows, counts });
    await fillStaging(client, rows, task.timeoutMs);
    if (mapping.duplicates === 'sum') await sumStaged(client, columns, table);
    await refuseStaged(client, table, sql);
    await collectRefused(client, task, binding, source, refusals);
    if (refusals.rows > 0 && refusedRows === null) throw new RefusedFileError(file, refusals, counts.rows);
    const applied = await applyStaged(client, table, sql);
    return {
      table: table.name,
      hasHeartbeat: table.hasHeartbeat === true,
      ...applied,
      refused: refusals.rows,
      leftOut: counts.leftOut,
      problems: refusals.shown,
    };
  } catch (error) {
    throw error instanceof DatabaseError ? explainWrite(error, file, table.name) : error;
  }
}

/** What the database found, line by line. */
async function collectRefused(
  client: ClientBase,
  { file, refusedRows }: ImportTask,
  { columns }: Binding,
  { headers }: Source,
  refusals: Refusals,
): Promise<void> {
  const row = refusedRows === null ? 'NULL' : 'min(s.import_row)';
  await client.query(
    `DECLARE import_refused CURSOR FOR
     SELECT r.line, array_agg(r.header) AS at, array_agg(r.message) AS messages, ${row} AS row
       FROM ${REFUSED} r JOIN ${STAGING} s ON s.import_line = r.line GROUP BY r.line ORDER BY r.line`,
  );
  for (;;) {
    const { rows } = await client.query<{ line: number; at: string[]; messages: string[]; row: string | null }>(
      `FETCH ${MAX_SHOWN} FROM import_refused`,
    );
    if (rows.length === 0) break;
    for (const { line, at, messages, row: cells } of rows) {
      const problems = messages.map((message, index): Problem => {
        const field = columns.find(({ column }) => column.name === at[index])?.fields[0];
        return { file, line, column: (field ?? 0) + 1, path: headers[field ?? -1]?.trim() ?? at[index] ?? '', message };
      });
      await refusals.add(problems, cells === null ? [] : (JSON.parse(cells) as string[]));
    }
  }
  await client.query('CLOSE import_refused');
}

/** The refusals of the database that have a cure of their own. */
function explainWrite(error: DatabaseError, file: string, table: string): Error {
  const nothing = `${file}: nothing was loaded`;
  switch (error.code) {
    case '53100':
      return new ImportError(
        `${nothing}: the disk of the database server is full (${error.message}); free some of it and import again`,
        {
          cause: error,
        },
      );
    case '23505':
      return new ImportError(
        `${nothing}: another program wrote rows of the same key to ${table} meanwhile; import again`,
        {
          cause: error,
        },
      );
    case '23502':
      return new ImportError(
        `${nothing}: ${table} has a column ${error.column ?? ''} that must not be empty and that no file fills; give it a default`,
        { cause: error },
      );
    case '42501':
      return new ImportError(
        `${nothing}: ${error.message}; as owner: GRANT SELECT, INSERT, UPDATE ON ${table} TO <role>, with what else ` +
          'docs/data-flow.md lists under "Who may import"',
        { cause: error },
      );
    default:
      return error;
  }
}
