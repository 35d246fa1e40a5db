import type { ClientBase } from 'pg';
import { z } from 'zod';
import { SERVER_TIMEOUT_MARGIN_MS } from '../database/clientTimeout.js';
import { readBounded } from '../kpi/run/readBounded.js';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import { parameterValue } from '../kpi/unit/kpiInput.js';
import type { KpiUnit, MetricDefinition } from '../kpi/unit/unit.js';
import type { CompiledSql } from '../kpi/unit/grammar/compileSql.js';
import { ExplanationError, PART_GROUPS } from './explanation.js';
import type { Part } from './explanation.js';

/** Ten thousand parts with long names; who has more sees nothing in a table of them. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The parts of one series, and the labels by which the query names it: some of the metric's own. */
export interface SeriesParts {
  readonly labels: Readonly<Record<string, string>>;
  readonly parts: Part[];
}

const number = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : Number(text)));

const rowSchema = z.object({
  part_id: z.string(),
  part: z.string().nullable(),
  component: z.string().nullable(),
  state: z.enum(PART_GROUPS).nullable(),
  numerator: number,
  denominator: number,
});

/** The parts of a metric at a moment, by series. Throws pg errors, and {@link ExplanationError} for more than anybody reads. */
export async function readParts(
  client: ClientBase,
  query: CompiledSql,
  unit: KpiUnit,
  metric: MetricDefinition,
  input: KpiInput,
): Promise<SeriesParts[]> {
  const values = query.parameters.map((name) => parameterValue(name, input));
  const { fields, rows } = await readBounded(
    client,
    {
      text: `SELECT * FROM (${query.text}\n) AS part WHERE metric = $${values.length + 1}`,
      values: [...values, metric.name],
    },
    {
      timeoutMs: unit.timeoutMs + SERVER_TIMEOUT_MARGIN_MS,
      maxBytes: MAX_BYTES,
      tooManyBytes: () => new ExplanationError(`${metric.name} has more parts than ${MAX_BYTES / 2 ** 20} MiB hold`),
      check: () => null,
    },
  );
  const series = new Map<string, SeriesParts>();
  for (const row of rows) {
    const columns = new Map(fields.map(({ name }, index) => [name, row[index] ?? null]));
    const known = metric.labels.filter((label) => columns.has(label));
    const labels = Object.fromEntries(known.map((label) => [label, columns.get(label) ?? '']));
    const key = JSON.stringify(labels);
    const one = series.get(key) ?? { labels, parts: [] };
    series.set(key, one);
    const { part_id: id, part: name, state: group, ...rest } = rowSchema.parse(Object.fromEntries(columns));
    // A table of ventures from elsewhere may hold one without a name.
    one.parts.push({ id, name: name ?? id, group, ...rest });
  }
  return [...series.values()];
}
