import { pipeline } from 'node:stream/promises';
import { escapeIdentifier } from 'pg';
import type { ClientBase } from 'pg';
import copyStreams from 'pg-copy-streams';
import { sqlType, targetOf } from '../tables/importTable.js';
import type { ImportColumn } from '../tables/importTable.js';

/** Rows of one file on their way into a table: a temporary table that ends with the transaction. */
export const STAGING = 'pg_temp.portfolio_import';
/** The lines that are not taken, with the reason. */
export const REFUSED = 'pg_temp.portfolio_import_refused';

/** The columns of the staging table that the columns of a file fill, in order. */
export function stagedColumns(columns: readonly ImportColumn[]): { readonly name: string; readonly type: string }[] {
  return columns.flatMap((column) => {
    const own = { name: targetOf(column), type: sqlType(column.type) };
    return column.keepsName === undefined ? [own] : [own, { name: column.keepsName, type: 'text' }];
  });
}

/** Makes both tables anew. Throws pg errors. */
export async function createStaging(
  client: ClientBase,
  columns: readonly ImportColumn[],
  keepsRows: boolean,
): Promise<void> {
  const fields = stagedColumns(columns).map(({ name, type }) => `${escapeIdentifier(name)} ${type}`);
  await client.query(`DROP TABLE IF EXISTS ${STAGING}, ${REFUSED}`);
  await client.query(
    `CREATE TEMPORARY TABLE portfolio_import (import_line integer NOT NULL, ${fields.join(', ')}${keepsRows ? ', import_row text' : ''}) ON COMMIT DROP`,
  );
  await client.query(
    'CREATE TEMPORARY TABLE portfolio_import_refused (line integer NOT NULL, header text NOT NULL, message text NOT NULL) ON COMMIT DROP',
  );
}

/** Copies lines of PostgreSQL's text format into the staging table. Throws pg errors and what `lines` throws. */
export async function fillStaging(client: ClientBase, lines: AsyncIterable<string>, timeoutMs: number): Promise<void> {
  const copy = Object.assign(copyStreams.from(`COPY ${STAGING} FROM STDIN`), { query_timeout: timeoutMs });
  await pipeline(lines, client.query(copy));
  // Without it the server takes a million rows for a thousand.
  await client.query(`ANALYZE ${STAGING}`);
}

/** A line of COPY's text format. */
export function copyLine(values: readonly (string | null)[]): string {
  let line = '';
  for (const [index, value] of values.entries()) {
    line += index === 0 ? '' : '\t';
    line += value === null ? '\\N' : /[\\\t\n\r]/.test(value) ? value.replaceAll(/[\\\t\n\r]/g, escaped) : value;
  }
  return `${line}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(character: string): string {
  return ESCAPES[character] ?? character;
}
