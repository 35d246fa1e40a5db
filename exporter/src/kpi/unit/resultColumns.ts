import { parse } from 'libpg-query';
import type { Node, SelectStmt } from 'libpg-query';

/** Where each column of a SELECT's result stands in its text, in bytes; columns of a `*` stand nowhere. */
export async function resultColumns(sql: string): Promise<Map<string, number>> {
  const statement = (await parse(sql)).stmts?.[0]?.stmt;
  const places = new Map<string, number>();
  if (statement === undefined || !('SelectStmt' in statement)) return places;
  // The first arm of a UNION names the columns.
  let select: SelectStmt = statement.SelectStmt;
  while (select.larg !== undefined) select = select.larg;
  for (const target of select.targetList ?? []) {
    if (!('ResTarget' in target)) continue;
    const { name = columnName(target.ResTarget.val), location = 0 } = target.ResTarget;
    if (name !== null && !places.has(name)) places.set(name, location);
  }
  return places;
}

function columnName(value: Node | undefined): string | null {
  if (value === undefined || !('ColumnRef' in value)) return null;
  const last = value.ColumnRef.fields?.at(-1);
  return last !== undefined && 'String' in last ? (last.String.sval ?? null) : null;
}
