import { type ClientBase, escapeLiteral } from 'pg';

/** What the rows say in columns whose values no constraint of ours holds. */
export interface EnumerationFindings {
  /** Why no value can ever be the one that the KPIs look for, each with the cure; migrate refuses. */
  readonly problems: readonly string[];
  /** Rows that the KPIs leave out although they seem to be meant, each with an example and the cure. */
  readonly warnings: readonly string[];
}

interface Enumeration {
  readonly table: string;
  readonly column: string;
  /** The values that the queries of sql/kpis compare the column with, exactly as written there. Others may stand beside them. */
  readonly known: readonly string[];
}

const VENTURE_STATUS = { table: 'ventures', column: 'status', known: ['active'] } as const;
// Every other column that the KPIs compare with a word has a CHECK; sql/kpis/data_quality.sql counts the same two.
const ENUMERATIONS: readonly Enumeration[] = [
  VENTURE_STATUS,
  {
    table: 'venture_resource_usage',
    column: 'resource_type',
    known: ['coordination', 'duplicate_engineering', 'duplicate_design', 'duplicate_marketing'],
  },
];

/**
 * Looks at the tables of the portfolio's schema, whatever others the search_path names after it; one that is not there, or that
 * this role may not read, has no findings. Only reads.
 */
export async function readEnumerations(client: ClientBase): Promise<EnumerationFindings> {
  const problem = await typeProblem(client);
  if (problem !== null) return { problems: [problem], warnings: [] };
  const warnings: string[] = [];
  for (const enumeration of ENUMERATIONS) {
    const place = await readablePlace(client, enumeration);
    if (place !== null) warnings.push(...(await valueWarnings(client, enumeration, place)));
  }
  return { problems: [], warnings };
}

/** As pg_class has it: a name alone may lead elsewhere. */
const IN_SCHEMA = 'relname = $1 AND relnamespace = to_regnamespace(quote_ident(current_schema()))';
const PLACE = `format('%I.%I', current_schema(), relname)`;

/** Numbers, booleans, arrays and JSON compare with 'active' as text and are never equal to it, without an error. */
async function typeProblem(client: ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ relation: string; type: string; is_boolean: boolean }>(
    `SELECT ${PLACE} AS relation, format_type(a.atttypid, a.atttypmod) AS type, t.typcategory = 'B' AS is_boolean
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
      WHERE ${IN_SCHEMA} AND a.attname = $2 AND a.attnum > 0 AND t.typcategory NOT IN ('S', 'E')`,
    [VENTURE_STATUS.table, VENTURE_STATUS.column],
  );
  const [found] = rows;
  if (found === undefined) return null;
  const { relation, type, is_boolean: isBoolean } = found;
  const using = isBoolean
    ? `CASE WHEN status THEN 'active' ELSE 'inactive' END`
    : `CASE WHEN status::text IN (<the values of an active venture>) THEN 'active' ELSE status::text END`;
  return (
    `the column status of the existing table ${relation} is ${type}, not text or an enum: no venture would count as active; ` +
    `fix: ALTER TABLE ${relation} ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE text USING ${using};`
  );
}

async function readablePlace(client: ClientBase, { table, column }: Enumeration): Promise<string | null> {
  const { rows } = await client.query<{ place: string }>(
    `SELECT ${PLACE} AS place FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE ${IN_SCHEMA} AND a.attname = $2 AND a.attnum > 0 AND has_column_privilege(c.oid, a.attnum, 'SELECT')`,
    [table, column],
  );
  return rows[0]?.place ?? null;
}

/** Full-width letters and every kind of space as the plain ones, and without what draws nothing; of UTF-8 only. */
const PLAIN = (text: string): string =>
  `CASE WHEN getdatabaseencoding() = 'UTF8'
        THEN regexp_replace(normalize(${text}, NFKC), '[\\u00AD\\u1680\\u180E\\u200B-\\u200F\\u2028\\u2029\\u2060\\uFEFF]', ' ', 'g')
        ELSE ${text} END`;

type Kind = 'known' | 'similar' | 'blank' | 'other';

async function valueWarnings(
  client: ClientBase,
  { table, column, known }: Enumeration,
  place: string,
): Promise<string[]> {
  // Equal as the queries see it, under whatever collation the column has. Only the beginning of a value leaves the server.
  const { rows } = await client.query<{ kind: Kind; count: string; example: string | null; alike: string | null }>(
    `WITH value AS (
       SELECT ${column}::text COLLATE "C" AS text, ${PLAIN(`(${column}::text COLLATE "C")`)} AS plain, ${column}::text IN (${known.map(escapeLiteral).join(', ')}) AS is_known, count(*) AS rows
         FROM ${place} GROUP BY ${column}
     )
     SELECT CASE WHEN is_known THEN 'known' WHEN alike IS NOT NULL THEN 'similar'
                 WHEN plain ~ '[^[:space:]]' THEN 'other' ELSE 'blank' END AS kind,
            sum(rows) AS count,
            left((array_agg(text ORDER BY rows DESC, text))[1], 60) AS example,
            (array_agg(alike ORDER BY rows DESC, text))[1] AS alike
       FROM value LEFT JOIN unnest($1::text[]) AS alike
         ON replace(alike, '_', '') COLLATE "C" = lower(regexp_replace(plain, '[^A-Za-z0-9]', '', 'g'))
      GROUP BY 1`,
    [known],
  );
  const of = (kind: Kind) => rows.find((row) => row.kind === kind);
  const warnings: string[] = [];
  const similar = of('similar');
  if (similar !== undefined) {
    warnings.push(
      `${table}.${column}: ${rowCount(similar.count)} written almost like a value that the KPIs look for and ${left(similar.count)} out ` +
        `(such as ${quoted(similar.example)}); fix: write exactly ${quoted(similar.alike)}`,
    );
  }
  const blank = of('blank');
  if (blank !== undefined) {
    warnings.push(
      `${table}.${column}: ${rowCount(blank.count)} NULL or blank and ${left(blank.count)} out of the KPIs; fix: write ` +
        `${known.map(quoted).join(', ')}, or what else it is`,
    );
  }
  const other = of('other');
  if (table === VENTURE_STATUS.table && other !== undefined && of('known') === undefined && similar === undefined) {
    warnings.push(
      `${table}.${column}: no venture is ${known.map(quoted).join(', ')}; ${other.count} are something else ` +
        `(such as ${quoted(other.example)}); fix: write exactly ${known.map(quoted).join(', ')} where a venture is active`,
    );
  }
  if (table === VENTURE_STATUS.table && rows.length === 0) warnings.push(...(await labelWarnings(client, place)));
  return warnings;
}

/** Of an empty table only its type tells. */
async function labelWarnings(client: ClientBase, place: string): Promise<string[]> {
  const { column, known } = VENTURE_STATUS;
  const { rows } = await client.query<{ type: string; labels: string[] }>(
    `SELECT format_type(e.enumtypid, NULL) AS type, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels
       FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
       JOIN pg_enum e ON e.enumtypid = coalesce(nullif(t.typbasetype, 0), t.oid)
      WHERE a.attrelid = $1::regclass AND a.attname = $2 GROUP BY 1`,
    [place, column],
  );
  return rows
    .filter(({ labels }) => !known.some((word) => labels.includes(word)))
    .map(
      ({ type, labels }) =>
        `ventures.status: its type ${type} has no value ${known.map(quoted).join(', ')} (but ${labels.map(quoted).join(', ')}), so no venture can be it; ` +
        `fix: ALTER TYPE ${type} RENAME VALUE '<the one of an active venture>' TO ${known.map(quoted).join(', ')};`,
    );
}

const rowCount = (count: string): string => (count === '1' ? '1 row is' : `${count} rows are`);
const left = (count: string): string => (count === '1' ? 'is left' : 'are left');

/** As an SQL literal; what draws nothing, such as a no-break space, by its code. */
function quoted(value: string | null): string {
  if (value === null) return 'NULL';
  const shown = value
    .replaceAll("'", "''")
    .replace(/[^ -~]/gu, (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
  return `'${shown}'`;
}
