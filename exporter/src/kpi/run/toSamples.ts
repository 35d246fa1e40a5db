import { KpiResultError } from '../unit/unit.js';
import { labelOf } from './labelOf.js';
import type { RowsRead } from './readBounded.js';
import { maxResultBytes, tooManyBytes, tooManySeries } from '../unit/resultLimits.js';
import type { KpiUnit, MetricDefinition, Sample } from '../unit/unit.js';

/**
 * Turns rows (arrays of PostgreSQL's text in the order of `fields`) into samples. A NULL value is no sample; a NULL label is the empty string,
 * which Prometheus treats as an absent label. All or nothing: throws {@link KpiResultError} on the first broken rule.
 */
export function toSamples(unit: KpiUnit, { fields, rows }: RowsRead): Sample[] {
  const columns = new Map(fields.map((field, index) => [field.name, index]));
  const samples = unit.metrics.flatMap((metric) => samplesOf(unit, metric, columns, rows));
  if (samples.length > unit.maxSeries) throw tooManySeries(unit);
  // The labels of one row stand on the page once for each of its metrics.
  const bytes = samples.reduce((sum, sample) => sum + lineBytes(sample), 0);
  if (bytes > maxResultBytes(unit)) throw tooManyBytes(unit);
  return samples;
}

/** `name{label="value",...} 0.1` on the page, in bytes. */
function lineBytes({ metric, labels, value }: Sample): number {
  let bytes = metric.length + String(value).length + '{} \n'.length;
  for (const name in labels) bytes += name.length + escapedBytes(labels[name] ?? '') + '="",'.length;
  return bytes;
}

/** As the text format writes it: a backslash before each quote, backslash and line break. */
function escapedBytes(text: string): number {
  const bytes = Buffer.byteLength(text);
  return /["\\\n]/.test(text) ? bytes + (text.match(/["\\\n]/g)?.length ?? 0) : bytes;
}

function samplesOf(
  unit: KpiUnit,
  metric: MetricDefinition,
  columns: ReadonlyMap<string, number>,
  rows: RowsRead['rows'],
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
    for (const label of metric.labels) {
      labels[label] = labelOf(unit, metric, { label, text: row[columns.get(label) ?? -1] ?? '', row: index + 1 });
    }
    // No text of PostgreSQL has a NUL in it.
    const key = metric.labels.map((label) => labels[label]).join('\0');
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
