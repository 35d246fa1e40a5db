import type { Cell } from '../cells/readCell.js';
import { suggestion } from '../../yaml/didYouMean.js';
import { quoted } from '../cells/refused.js';
import { ImportError } from '../importError.js';
import { MAX_FIELDS, MAX_ROW_CHARACTERS } from './source.js';
import type { Source, SourceRow } from './source.js';

interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * One JSON object a line. The keys of the first one are the columns; a later one may lack some, and has no others.
 * @throws {ImportError} where the first line is no object, or a line is longer than any row
 */
export async function readJsonLines(file: string, chunks: AsyncIterable<string>): Promise<Source> {
  const lines = linesOf(file, chunks);
  const first = await lines.next();
  if (first.done === true) throw new ImportError(`${file}: is empty; the first line must be an object`);
  const { number: headerLine, text } = first.value;
  const object = parseObject(text);
  if (typeof object === 'string') throw new ImportError(`${file}:${headerLine}: ${object}`);
  const headers = Object.keys(object);
  if (headers.length > MAX_FIELDS) {
    throw new ImportError(
      `${file}:${headerLine}: has ${headers.length} keys; more than ${MAX_FIELDS} are no table of this kind`,
    );
  }
  return { headers, headerLine, rows: rowsOf(headers, first.value, lines) };
}

async function* rowsOf(headers: readonly string[], first: Line, rest: AsyncIterable<Line>): AsyncGenerator<SourceRow> {
  yield rowOf(headers, first);
  for await (const line of rest) yield rowOf(headers, line);
}

function rowOf(headers: readonly string[], { number: line, text }: Line): SourceRow {
  const object = parseObject(text);
  if (typeof object === 'string') return { line, cells: [], broken: { field: 0, message: object } };
  const cells = headers.map((header): Cell => plainCell(object[header]));
  const unknown = Object.keys(object).find((key) => !headers.includes(key));
  if (unknown !== undefined) {
    const message = `has a key ${quoted(unknown)} that the first line lacks${suggestion(unknown, headers)}`;
    return { line, cells, broken: { field: headers.length, message } };
  }
  const nested = headers.findIndex(
    (header) => typeof object[header] === 'object' && object[header] !== null && !Array.isArray(object[header]),
  );
  if (nested < 0) return { line, cells };
  return {
    line,
    cells,
    broken: {
      field: nested,
      message: `${quoted(headers[nested] ?? '')} is an object; write a text, a number, true, false or null`,
    },
  };
}

function plainCell(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    return 'is not a JSON object; each line holds one, such as {"venture": "Vela Payments"}';
  } catch (error) {
    if (error instanceof SyntaxError) return `is not JSON (${error.message}); each line holds one whole object`;
    throw error;
  }
}

/** Lines that are not blank. */
async function* linesOf(file: string, chunks: AsyncIterable<string>): AsyncGenerator<Line, undefined> {
  let [kept, number] = ['', 0];
  for await (const chunk of chunks) {
    const parts = (kept + chunk).split('\n');
    kept = parts.pop() ?? '';
    if (kept.length > MAX_ROW_CHARACTERS) {
      throw new ImportError(
        `${file}:${number + parts.length + 1}: the line is longer than ${MAX_ROW_CHARACTERS} characters; is this JSON Lines?`,
      );
    }
    for (const text of parts) {
      number += 1;
      if (text.trim() !== '') yield { number, text };
    }
  }
  if (kept.trim() !== '') yield { number: number + 1, text: kept };
  return undefined;
}
