import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { shippedFile } from '../config/shippedFile.js';
import { compiledSql } from '../kpi/unit/compiledForms.js';
import type { CompiledSql } from '../kpi/unit/grammar/compileSql.js';
import { SqlError } from '../kpi/unit/grammar/sqlError.js';
import { PARAMETER_TYPES } from '../kpi/unit/kpiInput.js';
import { ConfigError } from '../yaml/problem.js';
import type { Problem } from '../yaml/problem.js';
import { readTextFile } from '../yaml/readTextFile.js';
import { inspectYaml } from '../yaml/yamlDocument.js';

/** How the parts of a metric make its value: their numerators added up, or that over their denominators added up. */
export type MetricKind = 'sum' | 'ratio';

/** How a metric is taken apart. */
export interface ExplainedMetric {
  readonly kind: MetricKind;
  /** What one part is: venture, initiative, type, resource, day, criterion, kind, month. */
  readonly part: string;
  /** What the numerators and denominators of a ratio are, with their unit; null for a sum, whose parts have the metric's unit. */
  readonly terms: { readonly numerator: string; readonly denominator: string } | null;
}

/** What a KPI's metrics are made of: `sql/explain/<kpi>.yaml`, and the query beside it. */
export interface ExplainUnit {
  /** The file stem, which is that of the KPI. */
  readonly kpi: string;
  readonly metrics: ReadonlyMap<string, ExplainedMetric>;
  /** Why a metric is not made of parts, by name. */
  readonly unexplained: ReadonlyMap<string, string>;
  /** null where no metric of the KPI has parts. */
  readonly query: CompiledSql | null;
}

const word = z.string().trim().min(1);
const words = z.record(z.string(), word).default({});

const explainSchema = z.strictObject({
  sums: words.meta({ description: 'Metrics that are sums or counts, each with what its parts are.' }),
  ratios: z
    .record(z.string(), z.strictObject({ part: word, numerator: word, denominator: word }))
    .default({})
    .meta({
      description: 'Metrics that are a sum over a sum, each with what its parts are and what is summed, with the unit.',
    }),
  unexplained: words.meta({ description: 'Metrics that have no parts, each with the reason.' }),
});

/**
 * Every unit of `sql/explain`: `<kpi>.yaml`, and `<kpi>.sql` where a metric has parts; nothing else to register. Throws
 * {@link ConfigError} with every problem at once.
 */
export async function loadExplainUnits(directory = shippedFile('sql/explain')): Promise<readonly ExplainUnit[]> {
  const files = await readdir(directory);
  const stems = [...new Set(files.flatMap((file) => /^([a-z][a-z0-9_]*)\.(?:yaml|sql)$/.exec(file)?.[1] ?? []))].sort();
  const loaded = await Promise.all(stems.map((kpi) => loadUnit(directory, kpi, files)));
  const problems = loaded.flatMap((one) => one.problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded.flatMap(({ unit }) => unit ?? []);
}

async function loadUnit(
  directory: string,
  kpi: string,
  files: readonly string[],
): Promise<{ unit: ExplainUnit | null; problems: readonly Problem[] }> {
  const yamlFile = join(directory, `${kpi}.yaml`);
  const sqlFile = join(directory, `${kpi}.sql`);
  if (!files.includes(`${kpi}.yaml`))
    return { unit: null, problems: [wholeFile(yamlFile, 'is missing; its SQL is there')] };
  const { value, problems } = inspectYaml(readTextFile(yamlFile), yamlFile, explainSchema);
  if (value === undefined) return { unit: null, problems };
  const metrics = new Map<string, ExplainedMetric>();
  for (const [name, part] of Object.entries(value.sums)) metrics.set(name, { kind: 'sum', part, terms: null });
  for (const [name, { part, ...terms }] of Object.entries(value.ratios))
    metrics.set(name, { kind: 'ratio', part, terms });
  const unexplained = new Map(Object.entries(value.unexplained));
  const hasSql = files.includes(`${kpi}.sql`);
  if (hasSql !== metrics.size > 0) {
    const message = hasSql
      ? 'is there, and its YAML names no metric that has parts'
      : 'is missing; its YAML names metrics that have parts';
    return { unit: null, problems: [wholeFile(sqlFile, message)] };
  }
  if (!hasSql) return { unit: { kpi, metrics, unexplained, query: null }, problems: [] };
  try {
    const query = await compiledSql(readTextFile(sqlFile), PARAMETER_TYPES);
    return { unit: { kpi, metrics, unexplained, query }, problems: [] };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { unit: null, problems: error.problems.map((problem) => ({ file: sqlFile, path: '', ...problem })) };
  }
}

function wholeFile(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: '', message };
}
