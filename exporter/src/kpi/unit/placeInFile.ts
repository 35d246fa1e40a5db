import type { KpiUnit } from './unit.js';

/** Line and column of the SQL file, from 1, of what stands behind `before`, the beginning of the unit's compiled SQL. */
export function placeInFile(unit: Pick<KpiUnit, 'parameters'>, before: string): { line: number; column: number } {
  const lines = before.split('\n');
  // `:as_of` has become `($1::date)`, which is longer.
  const written = (lines.at(-1) ?? '').replace(/\(\$(\d+)::[a-z]+\)/g, (text, digits) => {
    const name = unit.parameters[Number(digits) - 1];
    return name === undefined ? text : `:${name}`;
  });
  return { line: lines.length, column: written.length + 1 };
}
