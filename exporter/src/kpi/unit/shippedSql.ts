import { shippedFile } from '../../config/shippedFile.js';
import { readTextFile } from '../../yaml/readTextFile.js';
import { compiledSql } from './compiledForms.js';
import type { CompiledSql } from './grammar/compileSql.js';
import { PARAMETER_TYPES } from './kpiInput.js';

const compiled = new Map<string, Promise<CompiledSql>>();

/**
 * `sql/<path>.sql` of this installation, compiled once. It is written as a KPI's: one SELECT, a function of rows and `:name`
 * parameters; `extra` are the SQL types of those that KPIs do not have. Throws as readTextFile and compiledSql.
 */
export function shippedSql(path: string, extra: ReadonlyMap<string, string> = new Map()): Promise<CompiledSql> {
  const known = compiled.get(path);
  if (known !== undefined) return known;
  const sql = compiledSql(readTextFile(shippedFile(`sql/${path}.sql`)), new Map([...PARAMETER_TYPES, ...extra]));
  compiled.set(path, sql);
  return sql;
}
