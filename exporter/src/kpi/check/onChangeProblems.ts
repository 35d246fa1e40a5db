import type { ClientBase } from 'pg';
import { suggestion } from '../../yaml/didYouMean.js';
import { visibleRelations } from './visibleRelations.js';

/** Why changes of a table would start no run. */
export interface OnChangeProblem {
  readonly table: string;
  readonly message: string;
  /** Whether some changes are told of all the same. */
  readonly isPartial: boolean;
}

interface Watched {
  readonly table: string;
  readonly kind: string | null;
  /** Events without a trigger that tells of them. */
  readonly missing: readonly string[];
  /** Events of which a trigger tells only under a condition, or for some columns. */
  readonly partial: readonly string[];
  /** The table of which this one is a partition. */
  readonly parent: string | null;
  /** A partition or child table whose own changes nobody is told of under this table's name. */
  readonly silent_part: string | null;
  /** What a view reads, also through views; itself where it is none. */
  readonly reads: readonly string[];
}

/** The tables of an `on_change` whose committed changes, or some of them, nobody is told of. */
export async function onChangeProblems(client: ClientBase, tables: readonly string[]): Promise<OnChangeProblem[]> {
  if (tables.length === 0) return [];
  const { rows } = await client.query<Watched>(NOTIFIED, [tables]);
  const known = rows.some(({ kind }) => kind === null) ? await visibleRelations(client) : [];
  return rows.flatMap((row): OnChangeProblem[] => {
    const { table } = row;
    const message = unheard(row, known);
    if (message !== null) return [{ table, message, isPartial: false }];
    return partlyHeard(row).map((one) => ({ table, message: one, isPartial: true }));
  });
}

function unheard({ table, kind, missing, parent, reads }: Watched, known: readonly string[]): string | null {
  if (kind === null) return `there is no table ${table}${suggestion(table, known)}`;
  if (kind !== 'r' && kind !== 'p') return `${table} is a view: name the tables that it reads: ${reads.join(', ')}`;
  if (parent !== null)
    return `${table} is a partition of ${parent}, and what is written through ${parent} is told of under that name: name ${parent}`;
  if (missing.length === 0) return null;
  return `${table} has no trigger that tells of ${missing.join(', ')}, so its changes start no run: ${createTrigger(table)}`;
}

function partlyHeard({ table, partial, silent_part: part }: Watched): string[] {
  const messages: string[] = [];
  if (partial.length > 0) {
    messages.push(
      `a trigger of ${table} tells only of some changes (${partial.join(', ')}): the others start no run before the next tick of the schedule; for all of them: ${createTrigger(table)}`,
    );
  }
  if (part !== null) {
    messages.push(
      `what is written to ${part} itself, not through ${table}, starts no run before the next tick of the schedule; write through ${table}, or give ${part} a trigger that calls pg_notify('portfolio_changes', '${table}')`,
    );
  }
  return messages;
}

function createTrigger(table: string): string {
  return `CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change()`;
}

/**
 * Bits of pg_trigger.tgtype: 1 for each row, 4 INSERT, 8 DELETE, 16 UPDATE, 32 TRUNCATE. A trigger of one's own counts that
 * notifies the same channel. A statement fires the triggers of the table that it names, of no partition and no parent; one for
 * each row fires on the partition, and portfolio_notify_change() then tells that one's name.
 */
const NOTIFIED = `
  WITH telling AS (
    SELECT g.tgrelid, g.tgtype, g.tgattr::text <> '' AS has_columns, g.tgqual IS NOT NULL AS has_condition,
           p.proname = 'portfolio_notify_change' AS tells_own_name
      FROM pg_catalog.pg_trigger g
      JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
     WHERE g.tgenabled IN ('O', 'A')
       AND (p.proname = 'portfolio_notify_change' OR p.prosrc LIKE '%portfolio_changes%')
  ),
  watched AS (
    SELECT t.n, t.name, c.oid, c.relkind, c.relispartition
      FROM unnest($1::text[]) WITH ORDINALITY AS t (name, n)
      LEFT JOIN pg_catalog.pg_class c
        ON c.relname = t.name AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND (pg_catalog.pg_table_is_visible(c.oid) OR c.relnamespace = pg_catalog.to_regnamespace('portfolio_actions'))
  ),
  told AS (
    SELECT w.n, event.place, event.name,
           count(g.tgrelid) > 0 AS is_told,
           coalesce(bool_or(NOT g.has_condition AND NOT (g.has_columns AND event.name = 'UPDATE')), false) AS is_told_wholly
      FROM watched w
     CROSS JOIN (VALUES (1, 4, 'INSERT'), (2, 16, 'UPDATE'), (3, 8, 'DELETE'), (4, 32, 'TRUNCATE')) AS event (place, bit, name)
      LEFT JOIN telling g
        ON g.tgrelid = w.oid AND g.tgtype & event.bit <> 0
       AND NOT (w.relkind = 'p' AND g.tells_own_name AND g.tgtype & 1 <> 0)
     GROUP BY w.n, event.place, event.name
  )
  SELECT w.name AS table,
         w.relkind::text AS kind,
         ARRAY(SELECT name FROM told WHERE n = w.n AND NOT is_told AND name <> 'TRUNCATE' ORDER BY place) AS missing,
         ARRAY(SELECT CASE WHEN is_told THEN 'some ' || name ELSE 'no ' || name END
                 FROM told WHERE n = w.n AND NOT is_told_wholly AND (is_told OR name = 'TRUNCATE') ORDER BY place) AS partial,
         CASE WHEN w.relispartition
              THEN (SELECT a.relid::text FROM pg_catalog.pg_partition_ancestors(w.oid) WITH ORDINALITY AS a (relid, n)
                     ORDER BY a.n DESC LIMIT 1) END AS parent,
         (WITH RECURSIVE part (oid) AS (
            SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = w.oid
            UNION
            SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN part ON i.inhparent = part.oid
          )
          SELECT min(part.oid::pg_catalog.regclass::text)
            FROM part
           WHERE NOT EXISTS (SELECT FROM telling g WHERE g.tgrelid = part.oid AND NOT g.tells_own_name)) AS silent_part,
         ARRAY(WITH RECURSIVE behind (oid) AS (
                 SELECT w.oid
                 UNION
                 SELECT d.refobjid
                   FROM behind
                   JOIN pg_catalog.pg_rewrite r ON r.ev_class = behind.oid
                   JOIN pg_catalog.pg_depend d ON d.objid = r.oid AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                                              AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
               )
               SELECT c.relname::text
                 FROM behind JOIN pg_catalog.pg_class c ON c.oid = behind.oid AND c.relkind IN ('r', 'p', 'f')
                ORDER BY 1) AS reads
    FROM watched w
   ORDER BY w.n`;
