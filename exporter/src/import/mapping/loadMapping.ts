import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { shippedFile } from '../../config/shippedFile.js';
import { suggestion } from '../../yaml/didYouMean.js';
import { readTextFile, FileReadError, describeFileReadError } from '../../yaml/readTextFile.js';
import { ImportError } from '../importError.js';
import { findTable, IMPORT_TABLES, TABLE_NAMES } from '../tables/tables.js';
import { parseMapping, plainMapping } from './mappingFile.js';
import type { Mapping } from './mappingFile.js';

/** The folder of the mappings that come with the program. */
export const SHIPPED_MAPPINGS = shippedFile('exporter/config/mappings');

export interface MappingWish {
  readonly file: string;
  /** null: as the mapping or the file's name says. */
  readonly table: string | null;
  /** A path, or the name of a shipped mapping; null: headers as the table's columns. */
  readonly map: string | null;
  /** Constants of this import, before those of the mapping. */
  readonly set: readonly (readonly [column: string, value: string])[];
}

/**
 * How a file is to be read; null: it is a coordination plan.
 * @throws {ConfigError} with every problem of the mapping file
 * @throws {ImportError} where it is not there, or no table is named
 */
export function loadMapping({ file, table, map, set }: MappingWish): Mapping | null {
  if (/\.ya?ml$/i.test(file)) {
    if (table === null && map === null && set.length === 0) return null;
    throw new ImportError(`${file}: a coordination plan says itself where it goes; leave --table, --map and --set out`);
  }
  const mapping = map === null ? plainMapping(table === null ? tableOf(file) : findTable(table)) : readMapping(map);
  if (table !== null && table !== mapping.table.name) {
    throw new ImportError(`the mapping ${String(map)} is about ${mapping.table.name}, not ${table}: leave --table out`);
  }
  const names = mapping.table.columns.map(({ name }) => name);
  for (const [column] of set) {
    if (!names.includes(column))
      throw new ImportError(`--set ${column}: ${mapping.table.name} has no such column${suggestion(column, names)}`);
  }
  return { ...mapping, constants: { ...mapping.constants, ...Object.fromEntries(set) } };
}

function readMapping(map: string): Mapping {
  const isName = /^[\w-]+$/.test(map) && !existsSync(map);
  const file = isName ? join(SHIPPED_MAPPINGS, `${map}.yaml`) : map;
  if (isName && !existsSync(file)) {
    const names = readdirSync(SHIPPED_MAPPINGS).map((name) => basename(name, '.yaml'));
    throw new ImportError(
      `there is no mapping ${map}${suggestion(map, names)}; give a file, or one of ${names.join(', ')}`,
    );
  }
  try {
    return parseMapping(readTextFile(file), file);
  } catch (error) {
    if (error instanceof FileReadError)
      throw new ImportError(`${file}: ${describeFileReadError(error)}`, { cause: error });
    throw error;
  }
}

/** By the longest name of a table that the name of the file begins with: venture_metrics-2026-03.csv. */
function tableOf(file: string): ReturnType<typeof findTable> {
  const [table] = IMPORT_TABLES.filter(({ name }) => basename(file).startsWith(name)).toSorted(
    (a, b) => b.name.length - a.name.length,
  );
  if (table !== undefined) return table;
  throw new ImportError(
    `${file}: into which table? say --table NAME, or name the file after it (venture_metrics.csv); there are ${TABLE_NAMES.join(', ')}`,
  );
}
