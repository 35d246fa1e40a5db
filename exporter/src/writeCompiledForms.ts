import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import writeFileAtomic from 'write-file-atomic';
import { readExporterConfig } from './config/exporterConfig.js';
import { shippedFile } from './config/shippedFile.js';
import { freshnessQuery } from './kpi/run/freshness.js';
import { COMPILED_FORMS, formKey, formsText, readForms } from './kpi/unit/compiledForms.js';
import { compileSql } from './kpi/unit/grammar/compileSql.js';
import { runGrammarTask } from './kpi/unit/grammar/grammarTask.js';
import type { GrammarTask } from './kpi/unit/grammar/grammarTask.js';
import { PARAMETER_TYPES } from './kpi/unit/kpiInput.js';
import { loadUnits } from './kpi/unit/loadUnits.js';
import { readTextFile } from './yaml/readTextFile.js';

/** Directories of `sql` whose files are compiled with the parameters of KPIs. */
const COMPILED = ['kpis', 'explain', 'recursion', 'report'];

/** What servers of each version answer of the functions and views that the shipped KPIs use; a test keeps it. */
const DEFINITIONS = shippedFile('exporter/src/kpi/check/definitions');

/**
 * `node dist/exporter/src/writeCompiledForms.js`, the end of `npm run build`: what comes with the program is compiled once, here, so
 * that a start needs no grammar. With `--check` it writes nothing, compiles all anew and exits with 1 where the file says otherwise.
 */
const tasks = new Map((await shippedTasks()).map((task) => [formKey(task), task]));
const before = readForms(COMPILED_FORMS);
if (process.argv.includes('--check')) {
  if ((await textOf(tasks)) !== formsText(before)) {
    process.stderr.write('the compiled forms of the shipped SQL are not those of its files: npm run build\n');
    process.exitCode = 1;
  }
} else if (before.size !== tasks.size || [...tasks.keys()].some((key) => !before.has(key))) {
  writeFileAtomic.sync(fileURLToPath(COMPILED_FORMS), await textOf(tasks));
}

async function textOf(all: ReadonlyMap<string, GrammarTask>): Promise<string> {
  const forms = await Promise.all(
    [...all].map(async ([key, task]) => [key, JSON.stringify(await runGrammarTask(task))] as const),
  );
  return formsText(new Map(forms));
}

async function shippedTasks(): Promise<GrammarTask[]> {
  const types = [...PARAMETER_TYPES];
  const texts = COMPILED.flatMap((directory) => sqlFiles(shippedFile(`sql/${directory}`))).map(readTextFile);
  const { config, problemAt } = readExporterConfig('{}', 'exporter.yaml');
  const { units } = await loadUnits([shippedFile('sql/kpis')], config, problemAt);
  // Not by the units, which may have it from the file that is to be replaced.
  const queries = await Promise.all(units.map(({ sqlText }) => compileSql(sqlText, PARAMETER_TYPES)));
  const asked = [...queries.map(({ text }) => text), ...units.flatMap((unit) => freshnessQuery(unit) ?? [])];
  return [
    ...texts.map((compile) => ({ compile, types })),
    ...asked.map((references) => ({ references, language: 'sql' })),
    ...readdirSync(DEFINITIONS).flatMap(
      (name) => JSON.parse(readFileSync(`${DEFINITIONS}/${name}`, 'utf8')) as GrammarTask[],
    ),
  ];
}

function sqlFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => `${directory}/${name}`);
}
