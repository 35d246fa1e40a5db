import { extname } from 'node:path';
import type { Mapping } from '../mapping/mappingFile.js';
import { readCsv } from './readCsv.js';
import { readMonths } from './readMonths.js';
import { readJsonLines } from './readJsonLines.js';
import type { Source } from './source.js';

/**
 * The rows of a file by its extension: .jsonl and .ndjson are JSON Lines, anything else is CSV, with months as columns where the mapping says.
 * @throws {ImportError} where it has no header, or is not what it seems
 */
export async function openSource(file: string, chunks: AsyncIterable<string>, mapping: Mapping): Promise<Source> {
  if (/^\.(jsonl|ndjson)$/i.test(extname(file))) return readJsonLines(file, chunks);
  if (mapping.months !== undefined) return readMonths(file, chunks, mapping, mapping.months);
  return readCsv(file, chunks, mapping.delimiter ?? null);
}
