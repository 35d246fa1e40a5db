import type { Node } from 'libpg-query';

/**
 * The relations and functions that a statement names, as written: `portfolio_reporting.clock`, `ventures`. Subqueries that
 * WITH names are among them, which harms nothing where no other object has such a name.
 */
export function sqlNames(statement: Node): Set<string> {
  const names = new Set<string>();
  walk(statement, names);
  return names;
}

function walk(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if ('relname' in value) names.add(dotted(['schemaname' in value ? value.schemaname : null, value.relname]));
  if ('funcname' in value && Array.isArray(value.funcname)) names.add(dotted(value.funcname.map(textOf)));
  for (const child of Object.values(value)) walk(child, names);
}

/** Of a String node. */
function textOf(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || !('String' in node)) return null;
  return typeof node.String === 'object' && node.String !== null && 'sval' in node.String ? node.String.sval : null;
}

function dotted(parts: readonly unknown[]): string {
  return parts.filter((part) => typeof part === 'string').join('.');
}
