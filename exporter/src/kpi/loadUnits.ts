import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExporterConfig } from '../config/exporterConfig.js';
import { ConfigError } from '../config/problem.js';
import type { Problem } from '../config/problem.js';
import { describeFileReadError, FileReadError, readTextFile } from '../config/readTextFile.js';
import { THRESHOLD_NAMES } from '../config/thresholdCatalogue.js';
import { inspectYaml } from '../config/yamlDocument.js';
import { compileSql, SqlError } from './compileSql.js';
import type { CompiledSql } from './compileSql.js';
import { BUILT_IN_PARAMETERS } from './kpiInput.js';
import { RESERVED_METRIC } from './reservedMetrics.js';
import { unitSchema } from './unitSchema.js';
import type { UnitFile } from './unitSchema.js';
import type { KpiUnit } from './unit.js';

type ProblemAt = (path: readonly PropertyKey[], message: string) => Problem;

interface LoadedUnit {
  readonly name: string;
  readonly unit: KpiUnit | null;
  /** What the YAML names, also where something else of the unit is wrong. */
  readonly metrics: readonly string[];
  readonly problems: readonly Problem[];
  readonly problemAt: ProblemAt;
}

const PARAMETER_TYPES: ReadonlyMap<string, string> = new Map([
  ...BUILT_IN_PARAMETERS,
  ...THRESHOLD_NAMES.map((name) => [name, 'numeric'] as const),
]);

/**
 * Loads every unit of a directory: `<name>.yaml` beside `<name>.sql`, nothing else to register. Disabled units are checked
 * and left out. Throws {@link ConfigError} with every problem of every unit at once.
 * `overrideProblem` places a problem in the `kpis` section of exporter.yaml.
 */
export async function loadUnits(
  directory: string,
  config: ExporterConfig,
  overrideProblem: ProblemAt,
): Promise<KpiUnit[]> {
  const { names, problems: misnamed } = await listUnits(directory);
  const loaded = await Promise.all(names.map((name) => loadUnit(directory, name, config)));
  const problems = [...misnamed, ...loaded.flatMap((one) => one.problems)];
  for (const name of Object.keys(config.kpis)) {
    if (names.includes(name)) continue;
    problems.push(
      overrideProblem(['kpis', name], `no such KPI in ${directory}; there are ${names.join(', ') || 'none'}`),
    );
  }
  problems.push(...duplicateMetrics(loaded));
  problems.push(...loaded.flatMap(({ unit }) => (unit === null ? [] : checkOverride(unit, overrideProblem))));
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded.flatMap(({ unit }) => (unit === null || config.kpis[unit.name]?.enabled === false ? [] : [unit]));
}

async function listUnits(directory: string): Promise<{ names: string[]; problems: Problem[] }> {
  let files: string[];
  try {
    files = await readdir(directory);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      { file: directory, line: 1, column: 1, path: '', message: `cannot read the KPI directory: ${reason}` },
    ]);
  }
  // A name that begins with a dot or an underscore is an editor's or a person's, not a unit.
  const stems = files.flatMap((file) => /^([^._].*)\.(?:yaml|sql)$/.exec(file)?.[1] ?? []);
  const yml = files.filter((file) => /^[^._].*\.yml$/.test(file));
  return {
    names: [...new Set(stems)].sort(),
    problems: yml.map((file) => wholeFile(join(directory, file), 'rename it: a KPI file ends in .yaml')),
  };
}

async function loadUnit(directory: string, name: string, config: ExporterConfig): Promise<LoadedUnit> {
  const yamlFile = join(directory, `${name}.yaml`);
  const sqlFile = join(directory, `${name}.sql`);
  const [yaml, sql] = [readPart(yamlFile, sqlFile), readPart(sqlFile, yamlFile)];
  const inspected = yaml.text === null ? null : inspectYaml(yaml.text, yamlFile, unitSchema);
  const compiled = sql.text === null ? null : await compileFile(sql.text, sqlFile);
  const problemAt: ProblemAt = inspected?.problemAt ?? ((_path, message) => wholeFile(yamlFile, message));
  const file = inspected?.value;
  const problems = [
    ...(/^[a-z][a-z0-9_]*$/.test(name)
      ? []
      : [wholeFile(yamlFile, 'a KPI is named in lower-case letters, digits and _')]),
    ...yaml.problems,
    ...sql.problems,
    ...(inspected?.problems ?? []),
    ...(compiled?.problems ?? []),
    ...(file === undefined ? [] : checkNames(file, problemAt)),
  ];
  const metrics = file?.metrics.map((metric) => metric.name) ?? [];
  const query = compiled?.query ?? null;
  if (problems.length > 0 || file === undefined || query === null)
    return { name, unit: null, metrics, problems, problemAt };
  const override = config.kpis[name] ?? {};
  const unit: KpiUnit = {
    ...file,
    name,
    schedule: override.schedule ?? file.schedule,
    onChange: override.onChange ?? file.onChange,
    timeoutMs: override.timeoutMs ?? file.timeoutMs,
    acceptableLagSeconds: override.acceptableLagSeconds ?? file.acceptableLagSeconds,
    alertWhenLate: override.alertWhenLate ?? file.alertWhenLate,
    maxSeries: override.maxSeries ?? file.maxSeries ?? config.maxSeries,
    maxLabelBytes: config.labelValueLengthLimit,
    sqlFile,
    sql: query.text,
    parameters: query.parameters,
  };
  return { name, unit, metrics, problems, problemAt };
}

function readPart(path: string, partner: string): { text: string | null; problems: readonly Problem[] } {
  try {
    return { text: readTextFile(path), problems: [] };
  } catch (error) {
    if (!(error instanceof FileReadError)) throw error;
    const missing = error.code === 'ENOENT';
    const message = missing
      ? `is missing; a KPI is two files, and ${basename(partner)} is there`
      : describeFileReadError(error);
    return { text: null, problems: [{ ...wholeFile(path, message), line: error.line, column: error.column }] };
  }
}

async function compileFile(
  text: string,
  file: string,
): Promise<{ query: CompiledSql | null; problems: readonly Problem[] }> {
  try {
    return { query: await compileSql(text, PARAMETER_TYPES), problems: [] };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { query: null, problems: error.problems.map((problem) => ({ file, path: '', ...problem })) };
  }
}

function checkNames(file: UnitFile, problemAt: ProblemAt): Problem[] {
  const metrics = new Set(file.metrics.map((metric) => metric.name));
  return file.metrics.flatMap(({ name, labels }) => [
    ...(RESERVED_METRIC.test(name)
      ? [problemAt(['metrics', name], "the exporter's own metrics have this name or prefix; choose another")]
      : []),
    ...labels
      .filter((label) => metrics.has(label))
      .map((label) =>
        problemAt(['metrics', name], `column ${label} is both a metric and a label; it can be one of them`),
      ),
  ]);
}

function duplicateMetrics(loaded: readonly LoadedUnit[]): Problem[] {
  const owner = new Map<string, string>();
  return loaded.flatMap(({ name, metrics, problemAt }) =>
    metrics.flatMap((metric) => {
      const first = owner.get(metric);
      owner.set(metric, first ?? name);
      return first === undefined
        ? []
        : [
            problemAt(
              ['metrics', metric],
              `${first}.yaml already has a metric of this name; a metric belongs to one KPI`,
            ),
          ];
    }),
  );
}

/** What exporter.yaml and the KPI's own file say may be right each for itself and wrong together. */
function checkOverride(unit: KpiUnit, overrideProblem: ProblemAt): Problem[] {
  const { schedule, acceptableLagSeconds: lag } = unit;
  if (schedule.kind !== 'every' || schedule.intervalMs <= lag * 1_000) return [];
  const message = 'the interval is longer than acceptable_lag: the KPI would always be late';
  return [overrideProblem(['kpis', unit.name], message)];
}

function wholeFile(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: '', message };
}
