import { escapeIdentifier, escapeLiteral } from 'pg';
import type { ClientBase } from 'pg';
import { ImportError } from '../importError.js';
import { targetOf } from '../tables/importTable.js';
import type { ImportColumn, ImportTable } from '../tables/importTable.js';
import { REFUSED, STAGING } from './staging.js';

export interface Applied {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** SQL of one table for the columns that a file has. `s` is the staged row, `t` the row of the table. */
interface TableSql {
  readonly relation: string;
  readonly sameRow: string;
  readonly keys: readonly string[];
  /** What a row will have, given what the table has of it. */
  readonly valueOf: (name: string) => string;
  readonly written: readonly { readonly target: string; readonly inserted: string; readonly updated: string }[];
}

/**
 * Marks staged rows that break a rule of the table: the same key twice in the file, a key that the table has several rows of, a
 * rule about several columns. Throws pg errors.
 */
export async function refuseStaged(client: ClientBase, table: ImportTable, sql: TableSql): Promise<void> {
  const at = escapeLiteral(table.key[0] ?? '');
  const keys = sql.keys.map((key, index) => `${key} AS k${index}`).join(', ');
  const same = sql.keys.map((key, index) => `${key} = twice.k${index}`).join(' AND ');
  await client.query(
    `INSERT INTO ${REFUSED} (line, header, message)
     WITH twice AS (SELECT ${keys}, min(s.import_line) AS first, max(s.import_line) AS last FROM ${STAGING} s
                     GROUP BY ${sql.keys.map((_, index) => index + 1).join(', ')} HAVING count(*) > 1)
     SELECT s.import_line, ${at},
            format('the same ${table.key.join(', ')} as line %s; leave one of them, or say duplicates: sum in the mapping where they are parts',
                   CASE WHEN s.import_line = twice.first THEN twice.last ELSE twice.first END)
       FROM ${STAGING} s JOIN twice ON ${same}`,
  );
  if (table.isKeyUnique !== true) {
    await client.query(
      `INSERT INTO ${REFUSED} (line, header, message)
       SELECT s.import_line, ${at}, format('the table has %s rows of this ${table.key.join(', ')}; leave one of them', count(*))
         FROM ${STAGING} s JOIN ${sql.relation} t ON ${sql.sameRow} GROUP BY s.import_line HAVING count(*) > 1`,
    );
  }
  for (const { broken, at: header, message } of table.checks ?? []) {
    const condition = broken.replaceAll(/\{(\w+)\}/g, (_, name: string) => sql.valueOf(name));
    await client.query(
      `INSERT INTO ${REFUSED} (line, header, message)
       SELECT DISTINCT s.import_line, ${escapeLiteral(header)}, ${escapeLiteral(message)}
         FROM ${STAGING} s LEFT JOIN ${sql.relation} t ON ${sql.sameRow} WHERE ${condition}`,
    );
  }
}

/** Adds up the amounts of staged rows about the same thing. Throws pg errors. */
export async function sumStaged(
  client: ClientBase,
  columns: readonly ImportColumn[],
  table: ImportTable,
): Promise<void> {
  const fields = columns.map((column) => {
    const name = escapeIdentifier(targetOf(column));
    return table.key.includes(column.name) ? name : `sum(${name}) AS ${name}`;
  });
  const keys = columns
    .filter(({ name }) => table.key.includes(name))
    .map((column) => escapeIdentifier(targetOf(column)));
  await client.query(
    `CREATE TEMPORARY TABLE portfolio_import_sums ON COMMIT DROP AS
     SELECT min(import_line) AS import_line, ${fields.join(', ')} FROM ${STAGING} GROUP BY ${keys.join(', ')}`,
  );
  await client.query(
    `DROP TABLE ${STAGING}; ALTER TABLE pg_temp.portfolio_import_sums RENAME TO portfolio_import; ANALYZE ${STAGING}`,
  );
}

/** Updates the rows that the table has, where they differ, and adds the others. Throws pg errors. */
export async function applyStaged(client: ClientBase, table: ImportTable, sql: TableSql): Promise<Applied> {
  const { rowCount: refused } = await client.query(
    `DELETE FROM ${STAGING} s USING (SELECT DISTINCT line FROM ${REFUSED}) r WHERE s.import_line = r.line`,
  );
  if ((refused ?? 0) > 0) await client.query(`ANALYZE ${STAGING}`);
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${STAGING}`);
  const changeable = sql.written.filter(({ updated }) => updated !== '');
  let updated = 0;
  if (changeable.length > 0) {
    const set = changeable.map(({ target, updated: value }) => `${target} = ${value}`);
    const touched = table.touched === undefined ? null : escapeIdentifier(table.touched);
    if (touched !== null && !sql.written.some(({ target }) => target === touched)) set.push(`${touched} = now()`);
    const result = await client.query(
      `UPDATE ${sql.relation} t SET ${set.join(', ')} FROM ${STAGING} s
        WHERE ${sql.sameRow}
          AND (${changeable.map(({ target }) => `t.${target}`).join(', ')}) IS DISTINCT FROM (${changeable.map((one) => one.updated).join(', ')})`,
    );
    updated = result.rowCount ?? 0;
  }
  const { rowCount } = await client.query(
    `INSERT INTO ${sql.relation} (${sql.written.map(({ target }) => target).join(', ')})
     SELECT ${sql.written.map(({ inserted }) => inserted).join(', ')} FROM ${STAGING} s
      WHERE NOT EXISTS (SELECT FROM ${sql.relation} t WHERE ${sql.sameRow}) ORDER BY s.import_line`,
  );
  const inserted = rowCount ?? 0;
  return { inserted, updated, unchanged: Number(rows[0]?.count) - inserted - updated };
}

/**
 * The statements' parts for the columns that a file fills.
 * @throws {ImportError} where the table, or a column of it, is not there
 */
export async function tableSql(
  client: ClientBase,
  table: ImportTable,
  columns: readonly ImportColumn[],
): Promise<TableSql> {
  const types = await columnTypes(client, table);
  const isFilled = (column: ImportColumn): boolean => columns.includes(column);
  const typeOf = (target: string): string => {
    const type = types.get(target);
    if (type === undefined)
      throw new ImportError(`the table ${table.name} has no column ${target}; run \`portfolio-exporter migrate\``);
    return type;
  };
  const staged = (column: ImportColumn): string => {
    const target = targetOf(column);
    return `s.${escapeIdentifier(target)}::${typeOf(target)}`;
  };
  const standard = (column: ImportColumn): string => `${column.standard ?? 'NULL'}::${typeOf(targetOf(column))}`;
  const inserted = (column: ImportColumn): string => {
    if (!isFilled(column)) return standard(column);
    return column.standard === undefined ? staged(column) : `coalesce(${staged(column)}, ${standard(column)})`;
  };
  const inTable = (column: ImportColumn): string => `t.${escapeIdentifier(targetOf(column))}`;
  const updated = (column: ImportColumn): string => {
    if (!isFilled(column)) return inTable(column);
    return column.standard === undefined ? staged(column) : `coalesce(${staged(column)}, ${inTable(column)})`;
  };
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const find = (name: string): ImportColumn => {
    const column = byName.get(name);
    if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
    return column;
  };
  const key = table.key.map(find);
  // What may be empty is compared as text, so that the comparison can be hashed.
  const mayBeEmpty = (column: ImportColumn): boolean => column.isRequired !== true && column.standard === undefined;
  const keyOf = (column: ImportColumn): string =>
    mayBeEmpty(column) ? `coalesce(${inserted(column)}::text, '')` : inserted(column);
  const keyInTable = (column: ImportColumn): string =>
    mayBeEmpty(column) ? `coalesce(${inTable(column)}::text, '')` : inTable(column);
  const named = columns.flatMap(({ keepsName }) => (keepsName === undefined ? [] : [escapeIdentifier(keepsName)]));
  return {
    relation: types.relation,
    keys: key.map(keyOf),
    sameRow: key.map((column) => `${keyInTable(column)} = ${keyOf(column)}`).join(' AND '),
    valueOf: (name) => {
      const column = find(name);
      return isFilled(column) && column.standard !== undefined
        ? `coalesce(${updated(column)}, ${standard(column)})`
        : updated(column);
    },
    written: [
      ...columns.map((column) => ({
        target: escapeIdentifier(targetOf(column)),
        inserted: inserted(column),
        updated: table.key.includes(column.name) ? '' : updated(column),
      })),
      ...named.map((target) => ({ target, inserted: `s.${target}`, updated: '' })),
    ],
  };
}

/** By name, as the database has them: somebody else's ventures may have enums and domains. */
async function columnTypes(
  client: ClientBase,
  { name }: ImportTable,
): Promise<Map<string, string> & { readonly relation: string }> {
  const { rows } = await client.query<{ relation: string; name: string; type: string }>(
    `SELECT c.oid::regclass::text AS relation, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.oid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`,
    [name],
  );
  const [first] = rows;
  if (first === undefined) throw new ImportError(`there is no table ${name}; run \`portfolio-exporter migrate\` first`);
  return Object.assign(new Map(rows.map((row) => [row.name, row.type])), { relation: first.relation });
}
