import { types } from 'pg';
import type { FieldDef } from 'pg';
import { suggestion } from '../../yaml/didYouMean.js';
import type { KpiUnit } from '../unit/unit.js';

/** OIDs of pg_type: int8, int2, int4, float4, float8, numeric. */
const NUMERIC_TYPES: ReadonlySet<number> = new Set([20, 21, 23, 700, 701, 1700]);

export interface ColumnProblem {
  readonly column: string;
  /** Whether the SELECT has the column; else only the YAML does. */
  readonly isReturned: boolean;
  readonly message: string;
}

/** Every difference between the columns that a unit's YAML declares and those its SQL returns, each a sentence. */
export function checkColumns(
  unit: KpiUnit,
  fields: readonly Pick<FieldDef, 'name' | 'dataTypeID'>[],
  typeName: (oid: number) => string = builtInTypeName,
): ColumnProblem[] {
  const metrics = new Set(unit.metrics.map((metric) => metric.name));
  const labels = new Set(unit.metrics.flatMap((metric) => metric.labels));
  const seen = new Set<string>();
  const problems: ColumnProblem[] = [];
  const returned = (column: string, message: string): void => {
    problems.push({ column, isReturned: true, message: `column ${column} ${message}` });
  };
  const declared = [...metrics, ...labels];
  const missing = declared.filter((name) => !fields.some((field) => field.name === name));
  for (const field of fields) {
    if (seen.has(field.name)) {
      returned(field.name, 'is returned twice; give each column its own name');
    } else if (metrics.has(field.name)) {
      if (!NUMERIC_TYPES.has(field.dataTypeID)) {
        returned(
          field.name,
          `is not numeric (type ${typeName(field.dataTypeID)}); cast it to numeric or double precision`,
        );
      }
    } else if (!labels.has(field.name)) {
      const near = suggestion(field.name, missing);
      returned(field.name, `is not declared; add it to metrics or labels, or drop it from the SELECT${near}`);
    }
    seen.add(field.name);
  }
  const extra = fields.map((field) => field.name).filter((name) => !declared.includes(name));
  for (const column of missing) {
    const message = `column ${column} is declared but the SELECT does not return it${suggestion(column, extra)}`;
    problems.push({ column, isReturned: false, message });
  }
  return problems;
}

const BUILT_INS: Readonly<Record<string, number>> = types.builtins;

function builtInTypeName(oid: number): string {
  const name = Object.entries(BUILT_INS).find(([, value]) => value === oid)?.[0];
  return name?.toLowerCase() ?? `a type of the database's own (oid ${oid})`;
}
