import type { ClientBase } from 'pg';

interface Ventures {
  readonly kind: string;
  readonly has_primary_key: boolean;
  readonly id_type: string | null;
  readonly id_is_uuid: boolean;
  readonly id_is_key: boolean;
  readonly may_read: boolean;
  readonly is_permanent: boolean;
  readonly has_trigger: boolean;
  readonly missing: readonly string[];
  readonly not_text: readonly string[];
  /** Quoted where they need it. */
  readonly role: string;
  readonly schema: string;
}

/** What a ventures table of the portfolio has beside its key; how it is added to one that lacks it. */
const COLUMNS: Readonly<Record<string, string>> = {
  name: 'text',
  status: `text NOT NULL DEFAULT 'active'`,
  lead_name: 'text',
  lead_email: 'text',
  cadence: `text NOT NULL DEFAULT 'daily'`,
};
/** `migrate` adds it to a table that its role owns (0006_cadence.sql). */
const CADENCE = 'cadence';

/**
 * What keeps an existing relation `ventures` of the schema from being the portfolio's, each with the cure; nothing where
 * there is none. It is used as it is; only a column `cadence` is added. Only reads.
 */
export async function venturesProblems(
  client: ClientBase,
  schema: string,
  { asOwner }: { readonly asOwner: boolean },
): Promise<string[]> {
  const { rows } = await client.query<Ventures>(
    `SELECT v.relkind::text AS kind, quote_ident(current_user) AS role, quote_ident($1) AS schema,
            EXISTS (SELECT FROM pg_index WHERE indrelid = v.oid AND indisprimary) AS has_primary_key,
            format_type(id.atttypid, id.atttypmod) AS id_type,
            id.atttypid IS NOT DISTINCT FROM 'uuid'::regtype AS id_is_uuid,
            -- What a foreign key accepts as its target.
            EXISTS (SELECT FROM pg_index i
                     WHERE i.indrelid = v.oid AND i.indisunique AND i.indimmediate AND i.indisvalid
                       AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = id.attnum) AS id_is_key,
            NOT $3 OR (has_table_privilege(v.oid, 'SELECT') AND has_table_privilege(v.oid, 'REFERENCES')
                       AND has_table_privilege(v.oid, 'TRIGGER')) AS may_read,
            v.relpersistence = 'p' AS is_permanent,
            -- One that calls the portfolio's function is of a migration that was applied.
            EXISTS (SELECT FROM pg_trigger
                     WHERE tgrelid = v.oid AND tgname = 'portfolio_notify_change'
                       AND tgfoid IS DISTINCT FROM to_regprocedure(quote_ident($1) || '.portfolio_notify_change()')) AS has_trigger,
            ARRAY(SELECT needed FROM unnest($2::text[]) WITH ORDINALITY AS n (needed, place)
                   WHERE NOT EXISTS (SELECT FROM pg_attribute a
                                      WHERE a.attrelid = v.oid AND a.attname = needed AND a.attnum > 0 AND NOT a.attisdropped)
                     AND NOT (needed = $4 AND (NOT $3 OR pg_has_role(v.relowner, 'USAGE')))
                   ORDER BY place) AS missing,
            -- The type of status is told by what the KPIs compare it with.
            ARRAY(SELECT format('%s is %s', a.attname, format_type(a.atttypid, a.atttypmod))
                    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                   WHERE a.attrelid = v.oid AND a.attname IN ('name', 'lead_name', 'lead_email', $4) AND a.attnum > 0
                     AND t.typcategory NOT IN ('S', 'E')
                   ORDER BY a.attnum) AS not_text
       FROM pg_class v
       LEFT JOIN pg_attribute id ON id.attrelid = v.oid AND id.attname = 'id' AND id.attnum > 0 AND NOT id.attisdropped
      WHERE v.relname = 'ventures' AND v.relnamespace = to_regnamespace(quote_ident($1))`,
    [schema, ['id', ...Object.keys(COLUMNS)], asOwner, CADENCE],
  );
  const [ventures] = rows;
  return ventures === undefined ? [] : problemsOf(ventures);
}

function problemsOf(ventures: Ventures): string[] {
  const place = `${ventures.schema}.ventures`;
  const table = `the existing table ${place}`;
  const key = ventures.has_primary_key ? 'UNIQUE' : 'PRIMARY KEY';
  const problems: string[] = [];
  if (ventures.kind !== 'r' && ventures.kind !== 'p') {
    return [
      `the existing ${place} is not a table, so the portfolio tables cannot refer to its rows; fix: a schema of its own`,
    ];
  }
  if (ventures.missing.length > 0) {
    const additions = ventures.missing.map((column) => {
      const definition =
        column === 'id'
          ? `uuid ${ventures.has_primary_key ? 'NOT NULL UNIQUE' : 'PRIMARY KEY'} DEFAULT gen_random_uuid()`
          : (COLUMNS[column] ?? 'text');
      return `ALTER TABLE ${place} ADD COLUMN ${column} ${definition};`;
    });
    problems.push(`${table} lacks: ${ventures.missing.join(', ')}; fix: ${additions.join(' ')}`);
  }
  if (ventures.id_type !== null && !ventures.id_is_uuid) {
    problems.push(
      `the column id of ${table} is ${ventures.id_type}, not uuid, by which the portfolio tables refer to it; fix: a schema of its own with its own ventures`,
    );
  } else if (ventures.id_type !== null && !ventures.id_is_key) {
    problems.push(`${table} has no primary key or unique constraint on id; fix: ALTER TABLE ${place} ADD ${key} (id);`);
  }
  for (const column of ventures.not_text) {
    const name = column.slice(0, column.indexOf(' '));
    problems.push(
      `the column ${column} in ${table}, not text; fix: ALTER TABLE ${place} ALTER COLUMN ${name} TYPE text;`,
    );
  }
  if (!ventures.is_permanent) {
    problems.push(
      `${table} is unlogged, and the portfolio tables may refer only to one that outlasts a crash; fix: ALTER TABLE ${place} SET LOGGED;`,
    );
  }
  if (ventures.has_trigger) {
    problems.push(
      `${table} has a trigger portfolio_notify_change, where the portfolio creates its own; fix: ALTER TRIGGER portfolio_notify_change ON ${place} RENAME TO <another name>;`,
    );
  }
  if (!ventures.may_read) {
    problems.push(
      `the role ${ventures.role} may not read ${table}, refer to it and be told of its changes; fix: GRANT SELECT, REFERENCES, TRIGGER ON ${place} TO ${ventures.role};`,
    );
  }
  return problems;
}
