import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { findImpure } from '../../src/kpi/check/findImpure.js';
import { freshnessQuery } from '../../src/kpi/run/freshness.js';
import {
  compiledSql,
  formKey,
  formsText,
  grammarVersion,
  readForms,
  referencesOf,
} from '../../src/kpi/unit/compiledForms.js';
import { compileSql } from '../../src/kpi/unit/grammar/compileSql.js';
import { SqlError } from '../../src/kpi/unit/grammar/sqlError.js';
import { runGrammarTask } from '../../src/kpi/unit/grammar/grammarTask.js';
import type { GrammarTask } from '../../src/kpi/unit/grammar/grammarTask.js';
import { PARAMETER_TYPES } from '../../src/kpi/unit/kpiInput.js';
import { createDatabase } from '../support/database.js';
import { postgresVersions } from '../support/postgresVersions.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';
import { generatedQueries } from './generatedQueries.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BUILT = pathToFileURL(join(ROOT, 'dist/exporter/src/kpi/unit/compiledForms.js')).href;
const DEFINITIONS = join(ROOT, 'exporter/src/kpi/check/definitions');
const TYPES = [...PARAMETER_TYPES];

const directory = mkdtempSync(join(tmpdir(), 'portfolio-forms-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** As a program runs it: what is printed as JSON by a script that imports the built `compiledForms.js` as `forms`. */
async function inProgram(script: string, input: unknown): Promise<unknown> {
  const files = { input: join(directory, 'input.json'), script: join(directory, 'script.mjs') };
  writeFileSync(files.input, JSON.stringify(input));
  writeFileSync(
    files.script,
    `import { readFileSync } from 'node:fs';
     import { createRequire } from 'node:module';
     import * as forms from ${JSON.stringify(BUILT)};
     const input = JSON.parse(readFileSync(${JSON.stringify(files.input)}, 'utf8'));
     const isGrammarLoaded = () => Object.keys(createRequire(${JSON.stringify(BUILT)}).cache).some((file) => file.includes('libpg-query'));
     const outcomeOf = (promise) => promise.then((result) => ({ result }), ({ name, message, problems }) => ({ name, message, problems }));
     const run = (task) => outcomeOf('compile' in task ? forms.compiledSql(task.compile, new Map(task.types)) : forms.referencesOf(task.language, task.references));
     console.log(JSON.stringify(await (async () => { ${script} })()));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [files.script], { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout) as unknown;
}

async function outcomeOf(task: GrammarTask): Promise<unknown> {
  const outcome = await runGrammarTask(task).then(
    (result) => ({ result }),
    (error: unknown) => {
      if (!(error instanceof SqlError)) throw error;
      return { name: error.name, message: error.message, problems: error.problems };
    },
  );
  return JSON.parse(JSON.stringify(outcome)) as unknown;
}

/** What comes with the program, and what a start of the shipped configuration asks of the grammar. */
async function shippedTasks(): Promise<GrammarTask[]> {
  const { units } = await shippedConfiguration();
  const definitions = readdirSync(DEFINITIONS).flatMap(
    (name) => JSON.parse(readFileSync(join(DEFINITIONS, name), 'utf8')) as GrammarTask[],
  );
  return [
    ...['kpis', 'explain', 'recursion', 'report'].flatMap(sqlTexts).map((compile) => ({ compile, types: TYPES })),
    ...units.flatMap((unit) => [unit.sql, ...one(freshnessQuery(unit))]).map(asReferences),
    ...definitions,
  ];
}

function sqlTexts(name: string): string[] {
  const files = join(ROOT, 'sql', name);
  return readdirSync(files)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => readFileSync(join(files, file), 'utf8'));
}

const one = (text: string | null): string[] => (text === null ? [] : [text]);
const asReferences = (references: string): GrammarTask => ({ references, language: 'sql' });

describe('the built program', () => {
  it('has all that comes with it compiled, the same as the grammar makes of it, and loads no grammar for it', async () => {
    const tasks = await shippedTasks();
    const outcomes = await inProgram(
      `const outcomes = await Promise.all(input.map(run));
       process.getActiveResourcesInfo().includes('ProcessWrap') && outcomes.push('a process was started');
       return isGrammarLoaded() ? ['the grammar was loaded'] : outcomes;`,
      tasks,
    );
    expect(tasks.length).toBeGreaterThan(50);
    expect(outcomes).toEqual(await Promise.all(tasks.map(outcomeOf)));
  });

  it('compiles what it has not seen in another process, the same as in its own, refusals included', async () => {
    const texts = generatedQueries(800);
    const tasks = texts.flatMap((text): GrammarTask[] => [{ compile: text, types: TYPES }, asReferences(text)]);
    const expected = await Promise.all(tasks.map(outcomeOf));
    const outcomes = await inProgram(
      `const outcomes = await Promise.all(input.map(run));
       return isGrammarLoaded() ? ['the grammar was loaded'] : outcomes;`,
      tasks,
    );
    expect(outcomes).toEqual(expected);
    // Both kinds are among them, or nothing was compared.
    const accepted = expected.filter((one) => JSON.stringify(one).startsWith('{"result":{"text"')).length;
    expect(accepted).toBeGreaterThan(200);
    expect(accepted).toBeLessThan(texts.length - 100);
  });

  it('answers what comes after that process has ended', async () => {
    const tasks = ['SELECT 1 AS one', 'SELECT 2 AS two'].map((compile) => ({ compile, types: [] }));
    const outcomes = await inProgram(
      `const outcomes = [];
       for (const task of input) { outcomes.push(await run(task)); await new Promise((resolve) => setTimeout(resolve, 2000)); }
       return outcomes;`,
      tasks,
    );
    expect(outcomes).toEqual(await Promise.all(tasks.map(outcomeOf)));
  });
});

describe.each(postgresVersions().filter(({ isInstalled }) => isInstalled))('$title', ({ title, sharedServer }) => {
  it('defines what the shipped KPIs use as the program knows it', async () => {
    const database = await createDatabase({ server: await sharedServer(), template: 'empty' });
    try {
      const { migrate } = await import('../../src/database/migrate.js');
      const log = { info: () => undefined, warn: () => undefined };
      await migrate({ client: database.client, directory: join(ROOT, 'sql'), log });
      const { units } = await shippedConfiguration();
      const own = new Set(units.flatMap((unit) => [unit.sql, ...one(freshnessQuery(unit))]));
      const found = new Map<string, GrammarTask>();
      for (const sql of own) {
        await findImpure(database.client, sql, (language, references) => {
          if (!own.has(references)) found.set(JSON.stringify(references), { references, language });
          return referencesOf(language, references);
        });
      }
      const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, task]) => task);
      // Bring it up to date with -u, then npm run build.
      const file = `postgresql-${title.replace(/\D/g, '')}.json`;
      await expect(`${JSON.stringify(sorted, null, 2)}\n`).toMatchFileSnapshot(join(DEFINITIONS, file));
    } finally {
      await database.drop();
    }
  });
});

describe('a compiled form is found', () => {
  const task: GrammarTask = { compile: 'SELECT :as_of AS day', types: TYPES };
  it('only for the same text, parameters, kind and language', () => {
    const keys = [
      task,
      { compile: `${task.compile} `, types: TYPES },
      { compile: task.compile, types: TYPES.slice(1) },
      {
        compile: task.compile,
        types: TYPES.map(([name, type], index) => [name, index === 0 ? 'text' : type] as const),
      },
      { references: task.compile, language: 'sql' },
      { references: task.compile, language: 'plpgsql' },
    ].map(formKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(formKey({ ...task })).toBe(keys[0]);
  });

  it('only for the same code and version of the grammar', () => {
    const source = new URL('../../src/kpi/unit/grammar/', import.meta.url);
    const copy = join(directory, 'grammar');
    cpSync(source, copy, { recursive: true });
    const versionOf = (grammar: string): string => grammarVersion(pathToFileURL(`${copy}/`), grammar);
    const before = versionOf('18.1.5');
    expect(versionOf('18.1.5')).toBe(before);
    expect(versionOf('18.1.6')).not.toBe(before);
    for (const name of readdirSync(copy)) {
      const file = join(copy, name);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, `${text} `);
      expect(versionOf('18.1.5'), name).not.toBe(before);
      writeFileSync(file, text);
    }
    expect(versionOf('18.1.5')).toBe(before);
  });

  it('only in a file that is whole', () => {
    const file = pathToFileURL(join(directory, 'forms.txt'));
    const forms = new Map([['a'.repeat(64), '{"text":"SELECT 1","parameters":[]}']]);
    writeFileSync(file, formsText(forms));
    expect(readForms(file)).toEqual(forms);
    for (const damaged of ['', formsText(forms).replace('SELECT 1', 'SELECT 2'), formsText(forms).slice(0, -1)]) {
      writeFileSync(file, damaged);
      expect([...readForms(file)]).toEqual([]);
    }
    rmSync(file);
    expect([...readForms(file)]).toEqual([]);
  });
});

it('what is refused is refused again, and one text is compiled once', async () => {
  const sql = `SELECT :as_of AS day -- ${Math.random()}`;
  expect(await compiledSql(sql, PARAMETER_TYPES)).toBe(await compiledSql(sql, PARAMETER_TYPES));
  expect(await compiledSql(sql, PARAMETER_TYPES)).toEqual(await compileSql(sql, PARAMETER_TYPES));
  for (let time = 0; time < 2; time += 1) {
    await expect(compiledSql('SELECT now()', PARAMETER_TYPES)).rejects.toThrow('1:8: now() reads the clock');
  }
});
