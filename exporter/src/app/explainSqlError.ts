import { parse } from 'libpg-query';
import type { ClientBase, DatabaseError } from 'pg';
import { suggestion } from '../yaml/didYouMean.js';
import { placeInFile } from '../kpi/unit/placeInFile.js';
import { DESCRIBE_PREFIX } from '../kpi/run/queryKpi.js';
import { sqlReferences } from '../kpi/unit/grammar/sqlReferences.js';
import type { KpiUnit } from '../kpi/unit/unit.js';
import { visibleRelations } from '../kpi/check/visibleRelations.js';

/**
 * What the server says of a query that it cannot prepare, at its place in the unit's SQL file, with the nearest name of what
 * there is or the GRANT that is missing.
 */
export async function explainSqlError(
  client: ClientBase,
  unit: KpiUnit,
  error: DatabaseError,
): Promise<{ line: number; column: number; message: string }> {
  // The server counts characters, from 1.
  const characters = Array.from(unit.sql);
  const index = Math.max(0, Number(error.position ?? 0) - DESCRIBE_PREFIX.length - 1);
  const place = placeInFile(unit, characters.slice(0, index).join(''));
  const name = lastIdentifier(characters.slice(index).join(''));
  const cure = await cureOf(client, unit, error, name);
  return { ...place, message: `${error.message} (SQLSTATE ${error.code ?? 'unknown'})${cure}` };
}

/** `m.recorded_at` gives `recorded_at`. */
function lastIdentifier(text: string): string {
  const [qualified = ''] = /^("[^"]+"|[\p{L}\w$]+)(\s*\.\s*("[^"]+"|[\p{L}\w$]+))*/u.exec(text) ?? [];
  return /("[^"]+"|[^\s."]+)$/.exec(qualified)?.[0].replaceAll('"', '') ?? '';
}

async function cureOf(client: ClientBase, unit: KpiUnit, error: DatabaseError, name: string): Promise<string> {
  switch (error.code) {
    case '42703': {
      // PostgreSQL looks through the columns of subqueries, too; its words may be in any language.
      const hinted = [...(error.hint ?? '').matchAll(/"([^"]+)"/g)].map(([, column = '']) => column);
      return hinted.length > 0
        ? `; did you mean ${hinted.join(' or ')}?`
        : suggestion(name, await columns(client, unit));
    }
    case '42P01':
      return suggestion(name, await visibleRelations(client));
    case '42883':
      return suggestion(name, await functionNames(client));
    case '42501': {
      const tables = await unreadable(client, unit);
      return tables === null ? '' : `; an administrator has to run: ${tables}`;
    }
    default:
      return '';
  }
}

async function relationsOf(unit: KpiUnit): Promise<{ schemas: (string | null)[]; names: string[] }> {
  const { relations } = sqlReferences(await parse(unit.sql));
  return { schemas: relations.map(({ schema }) => schema), names: relations.map(({ name }) => name) };
}

const READ = `
    FROM unnest($1::text[], $2::text[]) AS r (schema, name)
    JOIN pg_catalog.pg_class c ON c.relname = r.name
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE CASE WHEN r.schema IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = r.schema END`;

async function columns(client: ClientBase, unit: KpiUnit): Promise<string[]> {
  const { schemas, names } = await relationsOf(unit);
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT a.attname AS name
       FROM (SELECT c.oid ${READ}) AS relation
       JOIN pg_catalog.pg_attribute a ON a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped`,
    [schemas, names],
  );
  return rows.map((row) => row.name);
}

async function functionNames(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    // Of two that are equally near, one's own is meant.
    `SELECT proname AS name
       FROM pg_catalog.pg_proc
      WHERE pg_catalog.pg_function_is_visible(oid) AND proname !~ '^pg_'
      ORDER BY pronamespace = 'pg_catalog'::pg_catalog.regnamespace, proname`,
  );
  return rows.map((row) => row.name);
}

/** The statement that lets this role read what the unit reads; null where it may. */
async function unreadable(client: ClientBase, unit: KpiUnit): Promise<string | null> {
  const { schemas, names } = await relationsOf(unit);
  const { rows } = await client.query<{ grant: string | null }>(
    `SELECT 'GRANT SELECT ON ' || string_agg(DISTINCT c.oid::pg_catalog.regclass::text, ', ') || ' TO ' || quote_ident(current_user) AS grant
     ${READ} AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')`,
    [schemas, names],
  );
  return rows[0]?.grant ?? null;
}
