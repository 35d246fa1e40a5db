import type { Problem } from '../yaml/problem.js';
import { cellReader } from './cells/readCell.js';
import type { Cell, CellForm, CellReader } from './cells/readCell.js';
import { timeReader } from './cells/readTime.js';
import { Refused } from './cells/refused.js';
import { ImportError } from './importError.js';
import type { References } from './load/references.js';
import { asBefore } from './load/refusals.js';
import type { Refusals } from './load/refusals.js';
import { copyLine } from './load/staging.js';
import { REASON_HEADER } from './mapping/bindHeader.js';
import type { Binding, BoundColumn } from './mapping/bindHeader.js';
import type { Mapping } from './mapping/mappingFile.js';
import type { Source } from './read/source.js';

/** How much text is handed on at once. */
const BATCH_CHARACTERS = 64 * 1024;

export interface Conversion {
  readonly file: string;
  readonly mapping: Mapping;
  readonly source: Source;
  readonly binding: Binding;
  readonly references: References;
  readonly refusals: Refusals;
  /** Whether the row as it was goes with it, for rules that the database finds broken. */
  readonly keepsRows: boolean;
  /** Counts what was read, and what the mapping leaves out. */
  readonly counts: { rows: number; leftOut: number };
}

interface Reader {
  readonly column: BoundColumn;
  /** As the file calls it. */
  readonly header: string;
  readonly read: (cells: readonly Cell[]) => string | null | Refused;
  /** The cell as it is written, for the column that keeps it. */
  readonly written: (cells: readonly Cell[]) => string | null;
}

/**
 * The rows of a file as lines of COPY; those that break a rule go to the refusals, with all that is wrong with them.
 * @throws {ImportError} where a constant is not what its column holds
 */
export async function* convertRows(conversion: Conversion): AsyncGenerator<string> {
  const { file, source, binding, refusals, mapping, counts } = conversion;
  const readers = binding.columns.map((column) => readerOf(column, conversion));
  const pair =
    mapping.table.pair?.map((name) => binding.columns.findIndex(({ column }) => column.name === name)) ?? null;
  const wasRefused = source.headers.includes(REASON_HEADER);
  let batch = '';
  for await (const { line, cells: given, broken } of source.rows) {
    const cells = wasRefused ? asBefore(given) : given;
    if (broken !== undefined) {
      counts.rows += 1;
      await refusals.add([{ file, line, column: broken.field + 1, path: '', message: broken.message }], cells);
      continue;
    }
    if (!binding.isWanted(cells)) {
      counts.leftOut += 1;
      continue;
    }
    counts.rows += 1;
    const problems: Problem[] = [];
    const values: (string | null)[] = [String(line)];
    const start = values.length;
    for (const { column, header, read, written } of readers) {
      const value = read(cells);
      if (value instanceof Refused)
        problems.push({ file, line, column: (column.fields[0] ?? 0) + 1, path: header, message: value.message });
      else values.push(value);
      if (column.column.keepsName !== undefined) values.push(written(cells));
    }
    if (problems.length > 0) {
      await refusals.add(problems, cells);
      continue;
    }
    if (pair !== null) inOrder(values, start + (pair[0] ?? 0), start + (pair[1] ?? 0));
    if (conversion.keepsRows) values.push(JSON.stringify(cells));
    batch += copyLine(values);
    if (batch.length > BATCH_CHARACTERS) {
      yield batch;
      batch = '';
    }
  }
  if (batch !== '') yield batch;
}

function readerOf(bound: BoundColumn, { mapping, source, references }: Conversion): Reader {
  const { column, fields, constant } = bound;
  const read = cellReader(column, cellForm(mapping), references);
  const [field = -1] = fields;
  const header = source.headers[field]?.trim() ?? column.name;
  if (fields.length === 0) return { column: bound, header, ...constantReader(column.name, constant, read) };
  const cellOf = (cells: readonly Cell[]): Cell => {
    if (fields.length === 1) return cells[field] ?? null;
    const filled = fields.find((one) => String(cells[one] ?? '').trim() !== '');
    return cells[filled ?? field] ?? null;
  };
  return {
    column: bound,
    header,
    // A constant stands in where the file says nothing.
    read: (cells) => {
      const cell = cellOf(cells);
      return read(constant !== null && String(cell ?? '').trim() === '' ? constant : cell);
    },
    written: (cells) => String(cellOf(cells) ?? '').trim(),
  };
}

function constantReader(name: string, constant: string | null, read: CellReader): Pick<Reader, 'read' | 'written'> {
  const value = read(constant);
  if (value instanceof Refused) throw new ImportError(`${name}, the same for every row: ${value.message}`);
  return { read: () => value, written: () => constant };
}

function cellForm(mapping: Mapping): CellForm {
  return {
    times: timeReader(mapping.date_format ?? []),
    decimal: mapping.decimal ?? null,
    currency: mapping.currency ?? [],
    round: mapping.round,
    values: new Map(Object.entries(mapping.values).map(([column, words]) => [column, new Map(Object.entries(words))])),
  };
}

/** The database wants the lesser id first. */
function inOrder(values: (string | null)[], first: number, second: number): void {
  const [a, b] = [values[first] ?? null, values[second] ?? null];
  if (a !== null && b !== null && a > b) [values[first], values[second]] = [b, a];
}
