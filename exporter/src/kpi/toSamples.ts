import type { FieldDef } from 'pg';
import { checkColumns } from './checkColumns.js';
import { KpiResultError } from './kpiResultError.js';
import type { KpiUnit, MetricDefinition, Sample } from './unit.js';

/**
 * Turns rows (arrays of PostgreSQL's text in the order of `fields`) into samples. A NULL value is no sample; a NULL label is the empty string,
 * which Prometheus treats as an absent label. All or nothing: throws {@link KpiResultError} on the first broken rule.
 */
export function toSamples(
  unit: KpiUnit,
  fields: readonly Pick<FieldDef, 'name' | 'dataTypeID'>[],
  rows: readonly (readonly (string | null)[])[],
): Sample[] {
  const problems = checkColumns(unit, fields);
  if (problems.length > 0) throw new KpiResultError(problems.join('; '));
  if (rows.length > unit.maxSeries) {
    throw new KpiResultError(
      `${rows.length} rows, more than max_series ${unit.maxSeries}; narrow the query or raise max_series of ${unit.name}`,
    );
  }
  const columns = new Map(fields.map((field, index) => [field.name, index]));
  return unit.metrics.flatMap((metric) => samplesOf(metric, columns, rows));
}

function samplesOf(
  metric: MetricDefinition,
  columns: ReadonlyMap<string, number>,
  rows: readonly (readonly (string | null)[])[],
): Sample[] {
  const firstRow = new Map<string, number>();
  const samples: Sample[] = [];
  for (const [index, row] of rows.entries()) {
    const raw = row[columns.get(metric.name) ?? -1];
    if (raw === null || raw === undefined) continue;
    // Prometheus knows float64 only, so the nearest one is the value of a numeric beyond its precision.
    const value = Number(raw);
    if (!Number.isFinite(value)) {
      throw new KpiResultError(`column ${metric.name} is not a finite number in row ${index + 1}`);
    }
    const labels: Record<string, string> = {};
    for (const label of metric.labels) labels[label] = row[columns.get(label) ?? -1] ?? '';
    const key = JSON.stringify(metric.labels.map((label) => labels[label]));
    const earlier = firstRow.get(key);
    if (earlier !== undefined) {
      const names = metric.labels.length === 0 ? 'no labels' : `the same labels (${metric.labels.join(', ')})`;
      throw new KpiResultError(`${metric.name} has ${names} in rows ${earlier + 1} and ${index + 1}`);
    }
    firstRow.set(key, index);
    samples.push({ metric: metric.name, labels, value });
  }
  return samples;
}
