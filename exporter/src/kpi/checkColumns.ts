import type { FieldDef } from 'pg';
import type { KpiUnit } from './unit.js';

/** OIDs of pg_type: int8, int2, int4, float4, float8, numeric. */
const NUMERIC_TYPES: ReadonlySet<number> = new Set([20, 21, 23, 700, 701, 1700]);

/** Every difference between the columns that a unit's YAML declares and those its SQL returns, each a sentence. */
export function checkColumns(unit: KpiUnit, fields: readonly Pick<FieldDef, 'name' | 'dataTypeID'>[]): string[] {
  const metrics = new Set(unit.metrics.map((metric) => metric.name));
  const labels = new Set(unit.metrics.flatMap((metric) => metric.labels));
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const field of fields) {
    if (seen.has(field.name)) {
      problems.push(`column ${field.name} is returned twice; give each column its own name`);
    } else if (metrics.has(field.name)) {
      if (!NUMERIC_TYPES.has(field.dataTypeID)) {
        problems.push(
          `column ${field.name} is not numeric (type oid ${field.dataTypeID}); cast it to numeric or double precision`,
        );
      }
    } else if (!labels.has(field.name)) {
      problems.push(`column ${field.name} is not declared; add it to metrics or labels, or drop it from the SELECT`);
    }
    seen.add(field.name);
  }
  for (const name of [...metrics, ...labels]) {
    if (!seen.has(name)) problems.push(`column ${name} is declared but the SELECT does not return it`);
  }
  return problems;
}
