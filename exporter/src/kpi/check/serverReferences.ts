import type { ClientBase } from 'pg';
import type { SqlReference } from '../unit/grammar/sqlReferences.js';

/** A function that a name may stand for on this server, and what it says of itself. */
export interface ServerFunction {
  /** Which of the references it may answer. */
  readonly reference: SqlReference;
  /** As a person writes it: `portfolio.score(numeric)`. */
  readonly signature: string;
  readonly isVolatile: boolean;
  /** Its answer can come from nowhere but the clock, the session or tables. */
  readonly isConstantCall: boolean;
  /** Whose body can be read: else its declaration has to be believed. */
  readonly language: string;
  /** `sql`: statements, or the whole CREATE FUNCTION; `plpgsql`: the whole CREATE FUNCTION; null: not readable. */
  readonly definition: string | null;
  /** The expressions of the arguments that the call may leave out; null where it gives all. */
  readonly defaults: string | null;
}

/**
 * Every function that calls, operators and casts may come down to, by name and number of arguments: of several that fit,
 * all. Those of PostgreSQL itself are left out where they are neither volatile nor answer without an argument.
 */
export async function serverFunctions(
  client: ClientBase,
  {
    functions,
    attributes,
    operators,
    types,
  }: Record<'functions' | 'attributes' | 'operators' | 'types', readonly SqlReference[]>,
): Promise<ServerFunction[]> {
  // money(x) is a cast as x::money is.
  const casts = [...types, ...functions.filter(({ args }) => args === 1)];
  const references = [...functions, ...attributes, ...operators, ...casts];
  const kinds = [
    ...functions.map(() => 'f'),
    ...attributes.map(() => 'a'),
    ...operators.map(() => 'o'),
    ...casts.map(() => 't'),
  ];
  return answered<Omit<ServerFunction, 'reference'>>(client, references, FUNCTIONS, [
    kinds,
    references.map(({ schema }) => schema),
    references.map(({ name }) => name),
    references.map(({ args }) => args),
  ]);
}

/** The rows of a query, each with the reference whose number `n`, from 1, it bears. */
async function answered<T extends object>(
  client: ClientBase,
  references: readonly SqlReference[],
  text: string,
  values: readonly unknown[],
): Promise<(T & { readonly reference: SqlReference })[]> {
  const { rows } = await client.query<T & { readonly n: number }>(text, [...values]);
  return rows.flatMap((row) => {
    const reference = references[row.n - 1];
    return reference === undefined ? [] : [{ ...row, reference }];
  });
}

/** The support functions of an aggregate do its work, the function of a cast or an operator that of the sign. */
const FUNCTIONS = `
  WITH reference AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]) WITH ORDINALITY AS r (kind, schema, name, args, n)
  ),
  called AS (
    SELECT r.n, p.oid
      FROM reference r
      JOIN pg_catalog.pg_proc p ON p.proname = r.name
     WHERE r.kind = 'f'
       AND CASE WHEN r.schema IS NULL THEN pg_catalog.pg_function_is_visible(p.oid)
                ELSE p.pronamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = r.schema) END
       AND (r.args < 0 OR r.args BETWEEN p.pronargs - p.pronargdefaults AND p.pronargs
            OR (p.provariadic <> 0 AND r.args >= p.pronargs - p.pronargdefaults - 1))
  ),
  used AS (
    SELECT n, oid FROM called
    UNION
    SELECT c.n, support.oid
      FROM called c
      JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = c.oid
     CROSS JOIN LATERAL unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
                                     a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]::oid[]) AS support (oid)
    UNION
    SELECT r.n, o.oprcode
      FROM reference r
      JOIN pg_catalog.pg_operator o ON o.oprname = r.name
     WHERE r.kind = 'o'
       AND CASE WHEN r.schema IS NULL THEN pg_catalog.pg_operator_is_visible(o.oid)
                ELSE o.oprnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = r.schema) END
    UNION
    SELECT r.n, conversion.oid
      FROM reference r
      JOIN pg_catalog.pg_type t ON t.typname = r.name
     CROSS JOIN LATERAL (SELECT t.typinput AS oid
                         UNION ALL
                         SELECT c.castfunc FROM pg_catalog.pg_cast c WHERE c.casttarget = t.oid) AS conversion
     WHERE r.kind = 't'
       AND CASE WHEN r.schema IS NULL THEN pg_catalog.pg_type_is_visible(t.oid)
                ELSE t.typnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = r.schema) END
    UNION
    -- v.score is score(v) where v has no such column.
    SELECT r.n, p.oid
      FROM reference r
      JOIN pg_catalog.pg_proc p ON p.proname = r.name AND p.pronargs - p.pronargdefaults <= 1
      JOIN pg_catalog.pg_type t ON t.oid = p.proargtypes[0] AND (t.typtype = 'c' OR t.oid = 'record'::pg_catalog.regtype)
     WHERE r.kind = 'a'
       AND pg_catalog.pg_function_is_visible(p.oid)
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attname = r.name)
  ),
  -- Casts of somebody's own (from 16384 on) that the server may add by itself to fit the arguments.
  executed AS (
    SELECT n, oid FROM used
    UNION
    SELECT u.n, c.castfunc
      FROM used u
      JOIN pg_catalog.pg_proc p ON p.oid = u.oid
      JOIN pg_catalog.pg_cast c ON c.casttarget = ANY (p.proargtypes::oid[]) AND c.castcontext = 'i' AND c.oid >= 16384
  )
  SELECT executed.n::int AS n,
         p.oid::pg_catalog.regprocedure::text AS signature,
         p.provolatile = 'v' AS "isVolatile",
         p.provolatile <> 'i' AND p.pronargs = 0 AND p.prokind = 'f' AS "isConstantCall",
         l.lanname AS language,
         CASE WHEN l.lanname = 'sql' AND p.prosqlbody IS NULL THEN p.prosrc
              WHEN l.lanname IN ('sql', 'plpgsql') THEN pg_catalog.pg_get_functiondef(p.oid) END AS definition,
         CASE WHEN r.kind IN ('f', 'a') AND r.args < p.pronargs
              THEN pg_catalog.pg_get_expr(p.proargdefaults, 'pg_catalog.pg_proc'::pg_catalog.regclass) END AS defaults
    FROM executed
    JOIN reference r ON r.n = executed.n
    JOIN pg_catalog.pg_proc p ON p.oid = executed.oid
    JOIN pg_catalog.pg_language l ON l.oid = p.prolang
   WHERE p.prokind <> 'a'
     AND (p.provolatile = 'v'
          OR p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace
          -- json_build_object() and the like: nothing in, nothing out.
          OR (p.provolatile <> 'i' AND p.pronargs = 0 AND p.prokind = 'f' AND p.proname !~ '^jsonb?_build_'))
   ORDER BY executed.n, signature`;

export interface ServerView {
  readonly reference: SqlReference;
  readonly name: string;
  readonly definition: string;
}

/** The definitions of the views among the relations; the rows of a materialized view are what they are. */
export async function serverViews(client: ClientBase, relations: readonly SqlReference[]): Promise<ServerView[]> {
  return answered<Omit<ServerView, 'reference'>>(client, relations, VIEWS, [
    relations.map(({ schema }) => schema),
    relations.map(({ name }) => name),
  ]);
}

const VIEWS = `
  SELECT r.n::int AS n,
         c.oid::pg_catalog.regclass::text AS name,
         pg_catalog.pg_get_viewdef(c.oid) AS definition
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS r (schema, name, n)
    JOIN pg_catalog.pg_class c ON c.relname = r.name
   WHERE c.relkind = 'v'
     AND CASE WHEN r.schema IS NULL THEN pg_catalog.pg_table_is_visible(c.oid)
              ELSE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = r.schema) END
   ORDER BY n`;
