import type { ClientBase } from 'pg';
import type { CreatedObject } from './createdObjects.js';

/** pg_class.relkind and pg_type.typtype in words. */
const KINDS: Readonly<Record<string, string>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  p: 'partitioned table',
  S: 'sequence',
  i: 'index',
  I: 'index',
  c: 'type',
  type: 'type',
  function: 'function',
  procedure: 'procedure',
  schema: 'schema',
};

/** Names are quoted where they need it. */
interface Found {
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
}

/** What stands where the pending migrations create something of their own, each with the cure. Only reads. */
export async function objectConflicts(
  client: ClientBase,
  schema: string,
  objects: readonly CreatedObject[],
): Promise<string[]> {
  const { rows } = await client.query<Found>(
    `WITH everything AS (
       SELECT class, coalesce(schema, $1) AS schema, name, arguments
         FROM unnest($2::text[], $3::text[], $4::text[], $5::int[]) AS w (class, schema, name, arguments)
     ),
     wanted AS (
       -- Where the whole schema is in the way, what it holds is not told again.
       SELECT * FROM everything w
        WHERE NOT EXISTS (SELECT FROM everything own WHERE own.class = 'schema' AND own.name = w.schema)
     )
     SELECT c.relkind::text AS kind, quote_ident(w.schema) AS schema, quote_ident(w.name) AS name FROM wanted w
       JOIN pg_class c ON c.relname = w.name AND c.relnamespace = to_regnamespace(quote_ident(w.schema))
      WHERE w.class IN ('relation', 'index')
     UNION
     SELECT 'type', quote_ident(w.schema), quote_ident(w.name) FROM wanted w
       JOIN pg_type t ON t.typname = w.name AND t.typnamespace = to_regnamespace(quote_ident(w.schema))
      WHERE w.class IN ('relation', 'type') AND t.typrelid = 0
        AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
     UNION
     -- A call finds every one whose other arguments have defaults.
     SELECT CASE f.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, quote_ident(w.schema),
            format('%I(%s)', f.proname, pg_get_function_identity_arguments(f.oid)) FROM wanted w
       JOIN pg_proc f ON f.proname = w.name AND f.pronamespace = to_regnamespace(quote_ident(w.schema))
      WHERE w.class = 'function' AND w.arguments BETWEEN f.pronargs - f.pronargdefaults AND f.pronargs
     UNION
     SELECT 'schema', quote_ident(w.name), quote_ident(w.name) FROM wanted w JOIN pg_namespace n ON n.nspname = w.name WHERE w.class = 'schema'
     ORDER BY 2, 3, 1`,
    [
      schema,
      objects.map((object) => object.class),
      objects.map((object) => object.schema),
      objects.map((object) => object.name),
      objects.map((object) => object.argumentCount),
    ],
  );
  return rows.map((found) => describe(found));
}

function describe({ kind, schema, name }: Found): string {
  const word = KINDS[kind] ?? 'object';
  if (kind === 'schema') {
    return `a schema ${name} that is not the portfolio's exists already; fix: ALTER SCHEMA ${name} RENAME TO <another name>; or another database`;
  }
  const place = `${schema}.${name}`;
  return `${word === 'index' ? 'an' : 'a'} ${word} ${place} exists already, where the portfolio creates its own; fix: ALTER ${alterable(kind)} ${place} RENAME TO <another name>; or a schema of its own`;
}

function alterable(kind: string): string {
  const word = KINDS[kind] ?? 'TABLE';
  return (word === 'partitioned table' ? 'table' : word).toUpperCase();
}
