import { type ClientBase, DatabaseError } from 'pg';
import { applyStatements } from './applyStatements.js';
import { describeServerError, MigrationError } from './migrationError.js';
import { type Applied, RECORD_TABLE, recordApplied } from './migrationRecord.js';
import type { Repeatable } from './repeatables.js';

/** What OR REPLACE cannot change: arguments' names and the result of a function, columns of a view. */
const NOT_REPLACEABLE = new Set(['42P13', '42P16']);
const OTHERS_DEPEND = '2BP01';

/**
 * Applies the files in their order, in the transaction that is open. An object that CREATE OR REPLACE cannot change is dropped
 * and made again, with those of the portfolio that depend on it.
 *
 * @throws MigrationError with file and line; naming what others have made that depends on an object that must be dropped
 */
export async function applyRepeatables(
  client: ClientBase,
  files: readonly Repeatable[],
  { all, removed }: { readonly all: readonly Repeatable[]; readonly removed: readonly Applied[] },
): Promise<void> {
  const dropped = new Set<string>();
  for (const one of removed) await drop(client, one, `${one.name}.sql is gone`, dropped);
  const wanted = new Set(files);
  for (const one of all) {
    if (wanted.has(one) || dropped.has(one.file.name)) await applyOne(client, one, dropped);
  }
}

async function applyOne(client: ClientBase, one: Repeatable, dropped: Set<string>): Promise<void> {
  const [before] = await recorded(client, `name = $1`, [one.file.name]);
  const apply = () => applyStatements(client, one.file, one.statements);
  if (before === undefined || dropped.has(one.file.name)) {
    await apply();
  } else {
    await client.query('SAVEPOINT repeatable');
    try {
      await apply();
    } catch (error) {
      const code = error instanceof MigrationError && error.cause instanceof DatabaseError ? error.cause.code : '';
      if (!NOT_REPLACEABLE.has(code ?? '')) throw error;
      await client.query('ROLLBACK TO SAVEPOINT repeatable');
      await drop(client, before, `${one.file.path} changes what CREATE OR REPLACE cannot`, dropped);
      await apply();
    }
    await client.query('RELEASE SAVEPOINT repeatable');
  }
  dropped.delete(one.file.name);
  const made = await identify(client, one, before);
  // With other arguments it is another function, beside the one that was; so is a view in another schema.
  if (before !== undefined && !made.is_same) {
    await drop(client, before, `${one.file.path} makes ${made.object} instead`, dropped);
    dropped.delete(one.file.name);
  }
  await recordApplied(client, one.file, { kind: kindOf(one), object: made.object });
}

const kindOf = ({ object }: Repeatable): 'view' | 'function' => (object.class === 'relation' ? 'view' : 'function');

/** What a file has just made, and whether it is what it made before. */
async function identify(
  client: ClientBase,
  { file, object: { class: kind, schema, name, argumentCount } }: Repeatable,
  before: Applied | undefined,
): Promise<{ readonly object: string; readonly is_same: boolean }> {
  const { rows } = await client.query<{ object: string; is_same: boolean }>(
    kind === 'relation'
      ? `SELECT oid::regclass::text AS object, oid IS NOT DISTINCT FROM to_regclass($3) AS is_same FROM pg_class
          WHERE relname = $1 AND relnamespace = to_regnamespace(quote_ident(coalesce($2, current_schema()))) AND $4 = 0`
      : // Of several the newest: the one with the arguments of before may still be there.
        `SELECT oid::regprocedure::text AS object, oid IS NOT DISTINCT FROM to_regprocedure($3) AS is_same FROM pg_proc
          WHERE proname = $1 AND pronamespace = to_regnamespace(quote_ident(coalesce($2, current_schema()))) AND pronargs = $4
          ORDER BY age(xmin) LIMIT 1`,
    [name, schema, before?.object ?? null, argumentCount],
  );
  const [made] = rows;
  if (made === undefined) throw new MigrationError('did not make what it says', { file: file.path });
  return made;
}

/** Drops it and, before it, those of the portfolio that depend on it; the names of all go into `dropped`. */
async function drop(client: ClientBase, one: Applied, why: string, dropped: Set<string>): Promise<void> {
  for (const dependent of await recorded(client, DEPENDS, [one.kind, one.object])) {
    await drop(client, dependent, why, dropped);
  }
  await client
    .query(`DROP ${one.kind === 'view' ? 'VIEW' : 'FUNCTION'} IF EXISTS ${one.object ?? ''}`)
    .catch((error: unknown) => {
      throw new MigrationError(dropProblem(one, why, error), {}, { cause: error });
    });
  await client.query(`DELETE FROM ${RECORD_TABLE} WHERE name = $1`, [one.name]);
  dropped.add(one.name);
}

function dropProblem({ kind, object }: Applied, why: string, error: unknown): string {
  if (!(error instanceof DatabaseError) || error.code !== OTHERS_DEPEND) return describeServerError(error);
  const others = (error.detail ?? '').split('\n').map((line) => line.replace(/ depends on .*/, ''));
  return (
    `${why}, so ${kind} ${object ?? ''} must be dropped, and what is not the portfolio's depends on it: ${[...new Set(others)].join(', ')}; ` +
    'fix: keep its definition, drop it, migrate, and create it again'
  );
}

async function recorded(client: ClientBase, condition: string, values: readonly unknown[]): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    `SELECT name, checksum, kind, object, true AS exists FROM ${RECORD_TABLE} WHERE ${condition} ORDER BY name`,
    [...values],
  );
  return rows;
}

/** A view depends through its rule; a function by itself. */
const DEPENDS = `
  kind IS NOT NULL AND coalesce(to_regclass(CASE kind WHEN 'view' THEN object END)::oid,
                                to_regprocedure(CASE kind WHEN 'function' THEN object END)::oid) IN (
    SELECT coalesce(r.ev_class, d.objid)
      FROM pg_depend d
      LEFT JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
     WHERE d.deptype = 'n'
       AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass)
       AND d.refclassid = CASE $1 WHEN 'view' THEN 'pg_class'::regclass ELSE 'pg_proc'::regclass END
       AND d.refobjid = CASE $1 WHEN 'view' THEN to_regclass($2)::oid ELSE to_regprocedure($2)::oid END
       AND coalesce(r.ev_class, d.objid) <> d.refobjid)`;
