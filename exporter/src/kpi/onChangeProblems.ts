import type { ClientBase } from 'pg';
import { suggestion } from '../config/didYouMean.js';
import { visibleRelations } from './visibleRelations.js';

/** Why changes of a table would start no run. */
export interface OnChangeProblem {
  readonly table: string;
  readonly message: string;
}

/** The tables of an `on_change` whose committed changes nobody is told of. */
export async function onChangeProblems(client: ClientBase, tables: readonly string[]): Promise<OnChangeProblem[]> {
  if (tables.length === 0) return [];
  const { rows } = await client.query<{ table: string; kind: string | null; missing: string[] }>(NOTIFIED, [tables]);
  const broken = rows.filter(({ missing }) => missing.length > 0);
  if (broken.length === 0) return [];
  const known = await visibleRelations(client);
  return broken.map(({ table, kind, missing }) => ({ table, message: explain(table, kind, missing, known) }));
}

function explain(table: string, kind: string | null, missing: readonly string[], known: readonly string[]): string {
  if (kind === null) return `there is no table ${table}${suggestion(table, known)}`;
  if (kind !== 'r' && kind !== 'p') return `${table} is a view: name the tables that it reads`;
  return `${table} has no trigger that tells of ${missing.join(', ')}, so its changes start no run: ${createTrigger(table)}`;
}

function createTrigger(table: string): string {
  return `CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change()`;
}

/** Bits of pg_trigger.tgtype: 4 INSERT, 8 DELETE, 16 UPDATE. A trigger of one's own counts that notifies the same channel. */
const NOTIFIED = `
  SELECT t.name AS table,
         c.relkind::text AS kind,
         ARRAY(SELECT event.name
                 FROM (VALUES (1, 4, 'INSERT'), (2, 16, 'UPDATE'), (3, 8, 'DELETE')) AS event (n, bit, name)
                WHERE NOT EXISTS (
                        SELECT
                          FROM pg_catalog.pg_trigger g
                          JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
                         WHERE g.tgrelid = c.oid
                           AND g.tgenabled IN ('O', 'A')
                           AND g.tgtype & event.bit <> 0
                           AND (p.proname = 'portfolio_notify_change' OR p.prosrc LIKE '%portfolio_changes%'))
                ORDER BY event.n) AS missing
    FROM unnest($1::text[]) WITH ORDINALITY AS t (name, n)
    LEFT JOIN pg_catalog.pg_class c
      ON c.relname = t.name AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_catalog.pg_table_is_visible(c.oid)
   ORDER BY t.n`;
