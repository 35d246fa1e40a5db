import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExporterConfig } from '../../config/exporterConfig.js';
import { ConfigError } from '../../yaml/problem.js';
import type { Problem } from '../../yaml/problem.js';
import { describeFileReadError, FileReadError, readTextFile } from '../../yaml/readTextFile.js';
import { inspectYamlOnce } from '../../yaml/yamlDocument.js';
import { compiledSql } from './compiledForms.js';
import { SqlError } from './grammar/sqlError.js';
import type { CompiledSql } from './grammar/compileSql.js';
import { PARAMETER_TYPES } from './kpiInput.js';
import { overridesInForce } from './overrides.js';
import { pageLimits } from './pageLimits.js';
import { beyondPage, pageProblems } from './pageProblems.js';
import { unitSchema } from './unitSchema.js';
import type { UnitFile } from './unitSchema.js';
import type { KpiUnit } from './unit.js';

/** Names that the exporter gives to metrics about itself and the process; a KPI's metric may not have them. */
export const RESERVED_METRIC =
  /^(portfolio_(kpi_(acceptable_lag|assigned|lag_alert|last_|data_timestamp|run|queue|series|history_).*|threshold|database_.*|config_.*|build_info|shard_info)|process_.*|nodejs_.*)$/;

type ProblemAt = (path: readonly PropertyKey[], message: string) => Problem;

interface LoadedUnit {
  readonly yamlFile: string;
  readonly unit: KpiUnit | null;
  /** What the YAML names, also where something else of the unit is wrong. */
  readonly metrics: readonly string[];
  readonly problems: readonly Problem[];
  readonly problemAt: ProblemAt;
}

/** The units that run, and what a person should know of how they came about. */
export interface LoadedUnits {
  readonly units: readonly KpiUnit[];
  /** `1h -> 2h` at the place in exporter.yaml that overrides what a unit says. */
  readonly overrides: readonly Problem[];
  /** Units that stand in for one of the same name in a directory before theirs. */
  readonly replacements: readonly Problem[];
}

/**
 * Loads every unit of the directories: `<name>.yaml` beside `<name>.sql`, nothing else to register; one of a later directory
 * replaces one of the same name, which is not looked at then. Disabled units are checked and left out. Throws
 * {@link ConfigError} with every problem of every unit at once. `exporterProblem` places a problem in exporter.yaml.
 */
export async function loadUnits(
  directories: readonly string[],
  config: ExporterConfig,
  exporterProblem: ProblemAt,
): Promise<LoadedUnits> {
  const listed = await Promise.all(directories.map((directory) => listUnits(directory, config, exporterProblem)));
  const problems = listed.flatMap((one) => one.problems);
  const places = new Map<string, string>();
  const replacements: Problem[] = [];
  for (const [index, directory] of directories.entries()) {
    for (const name of listed[index]?.names ?? []) {
      const replaced = places.get(name);
      if (replaced !== undefined) {
        const message = `replaces ${join(replaced, `${name}.yaml`)} and its SQL`;
        replacements.push(wholeFile(join(directory, `${name}.yaml`), message));
      }
      places.set(name, directory);
    }
  }
  const names = [...places.keys()].sort();
  const loaded = await Promise.all(names.map((name) => loadUnit(places.get(name) ?? '', name, config)));
  problems.push(...loaded.flatMap((one) => one.problems));
  for (const name of Object.keys(config.kpis)) {
    if (places.has(name)) continue;
    const message = `no such KPI in ${directories.join(' or ')}; there are ${names.join(', ') || 'none'}`;
    problems.push(exporterProblem(['kpis', name], message));
  }
  // A metric belongs to the directory that comes first.
  const rank = ({ yamlFile }: LoadedUnit): number => directories.indexOf(dirname(yamlFile));
  problems.push(...duplicateMetrics(loaded.toSorted((a, b) => rank(a) - rank(b))));
  const own = loaded.flatMap(({ unit }) => (unit === null ? [] : [{ unit, override: config.kpis[unit.name] ?? {} }]));
  const all = own.map(({ unit, override }): KpiUnit => ({ ...unit, ...override }));
  problems.push(...all.flatMap((unit) => checkOverride(unit, exporterProblem)));
  const units = all.filter(({ name }) => config.kpis[name]?.enabled !== false);
  problems.push(...pageProblems(config, units.length, exporterProblem));
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    units,
    overrides: own.flatMap(({ unit, override }) => overridesInForce(unit, override, exporterProblem)),
    replacements,
  };
}

async function listUnits(
  directory: string,
  config: ExporterConfig,
  exporterProblem: ProblemAt,
): Promise<{ names: string[]; problems: Problem[] }> {
  let files: string[];
  try {
    files = await readdir(directory);
  } catch (error) {
    const reason = `the KPI directory ${directory} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const index = config.kpiDirectories.indexOf(directory);
    return {
      names: [],
      problems: [index < 0 ? wholeFile(directory, reason) : exporterProblem(['kpi_directories', index], reason)],
    };
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
  const inspected = yaml.text === null ? null : inspectYamlOnce(yaml.text, yamlFile, unitSchema);
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
    ...((file?.maxSeries ?? 0) > pageLimits(config.sampleLimit).series
      ? [problemAt(['max_series'], beyondPage(config))]
      : []),
  ];
  const metrics = file?.metrics.map((metric) => metric.name) ?? [];
  const query = compiled?.query ?? null;
  if (problems.length > 0 || file === undefined || query === null || sql.text === null)
    return { yamlFile, unit: null, metrics, problems, problemAt };
  const unit: KpiUnit = {
    ...file,
    name,
    maxSeries: file.maxSeries ?? config.maxSeries,
    maxLabelBytes: config.labelValueLengthLimit,
    sqlFile,
    sqlText: sql.text,
    sql: query.text,
    parameters: query.parameters,
  };
  return { yamlFile, unit, metrics, problems, problemAt };
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
    return { query: await compiledSql(text, PARAMETER_TYPES), problems: [] };
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
  return loaded.flatMap(({ yamlFile, metrics, problemAt }) =>
    metrics.flatMap((metric) => {
      const first = owner.get(metric);
      owner.set(metric, first ?? yamlFile);
      return first === undefined
        ? []
        : [problemAt(['metrics', metric], `${first} already has a metric of this name; a metric belongs to one KPI`)];
    }),
  );
}

/** What exporter.yaml and the KPI's own file say may be right each for itself and wrong together. */
function checkOverride(unit: KpiUnit, exporterProblem: ProblemAt): Problem[] {
  const { schedule, acceptableLagSeconds: lag } = unit;
  if (schedule.kind !== 'every' || schedule.intervalMs <= lag * 1_000) return [];
  const message = 'the interval is longer than acceptable_lag: the KPI would always be late';
  return [exporterProblem(['kpis', unit.name], message)];
}

function wholeFile(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: '', message };
}
