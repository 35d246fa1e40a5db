import { CsvError, parse } from 'csv-parse';
import { pipeline } from 'node:stream';
import { ImportError } from '../importError.js';
import { MAX_FIELDS, MAX_ROW_CHARACTERS } from './source.js';
import type { Source, SourceRow } from './source.js';

export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Rows by RFC 4180 with any end of line. Lines before the header that begin with # are notes; behind it nothing is.
 * @throws {ImportError} where the quotes do not close, or there are more columns than any file of the kind has
 */
export async function readCsv(file: string, chunks: AsyncIterable<string>, delimiter: string | null): Promise<Source> {
  const records = csvRecords(file, chunks, delimiter);
  for (;;) {
    const { value: record, done } = await records.next();
    if (done === true) throw new ImportError(`${file}: is empty; the first line must be the header`);
    if (record.fields[0]?.startsWith('#') === true || isBlank(record)) continue;
    const { fields: headers, line: headerLine } = record;
    return { headers, headerLine, rows: rowsOf(records, headers.length) };
  }
}

/** Every record of the file, blank lines as well. */
export async function* csvRecords(
  file: string,
  chunks: AsyncIterable<string>,
  delimiter: string | null,
): AsyncGenerator<CsvRecord, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return undefined;
  const options = {
    delimiter: delimiterOf(file, first.value, delimiter),
    info: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_CHARACTERS,
  };
  const parser = pipeline(from(first.value, iterator), parse(options), () => undefined);
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
      if (record.length > MAX_FIELDS) {
        throw new ImportError(
          `${file}:${line}: has ${record.length} columns; more than ${MAX_FIELDS} are no table of this kind`,
        );
      }
      yield { line, fields: record };
      line = info.lines + 1;
    }
  } catch (error) {
    throw error instanceof CsvError ? explain(file, error) : error;
  } finally {
    parser.destroy();
  }
  return undefined;
}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function* from(first: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* rowsOf(records: AsyncIterable<CsvRecord>, length: number): AsyncGenerator<SourceRow> {
  for await (const record of records) {
    if (isBlank(record)) continue;
    const { line, fields } = record;
    if (fields.length === length) yield { line, cells: fields };
    else if (fields.length > length && fields.slice(length).every((field) => field.trim() === '')) {
      yield { line, cells: fields.slice(0, length) };
    } else {
      const message =
        `has ${fields.length} fields, the header ${length}` +
        (fields.length > length ? '; a value that holds a separator stands in double quotes' : '; is its end missing?');
      yield { line, cells: fields, broken: { field: Math.min(fields.length, length), message } };
    }
  }
}

function isBlank({ fields }: CsvRecord): boolean {
  return fields.every((field) => field.trim() === '');
}

/** The one that the header has most of; a header that no table has is refused before it is parsed. */
function delimiterOf(file: string, text: string, given: string | null): string {
  const header = text.split(/\r\n|\n|\r/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((one) => bare.split(one).length);
  const delimiter = given ?? DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
  const fields = bare.split(delimiter).length;
  if (fields > MAX_FIELDS) {
    throw new ImportError(
      `${file}: the first row has ${fields.toLocaleString('en-US')} columns or more; more than ${MAX_FIELDS.toLocaleString('en-US')} are no table of this kind`,
    );
  }
  return delimiter;
}

function explain(file: string, error: CsvError): ImportError {
  const place = `${file}:${Number(error['lines'])}`;
  // Rows before it may wait to be read: the parser's own count is the one that holds.
  const row = Number(error['records']) + 1;
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return new ImportError(
        `${place}: row ${row} is longer than ${MAX_ROW_CHARACTERS.toLocaleString('en-US')} characters; ` +
          'is a double quote not closed, or is this no CSV?',
        { cause: error },
      );
    case 'CSV_QUOTE_NOT_CLOSED':
      return new ImportError(`${place}: a double quote that opens in row ${row} (the first is 1) is never closed`, {
        cause: error,
      });
    default:
      return new ImportError(
        `${place}: a double quote stands in the middle of a value; the value must stand in quotes, and the quote itself be doubled ("")`,
        { cause: error },
      );
  }
}
