import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { CompiledSql } from './grammar/compileSql.js';
import type { GrammarResult, GrammarTask } from './grammar/grammarTask.js';
import type { SqlReferences } from './grammar/sqlReferences.js';

/** The compiled forms of what comes with the program, made by `npm run build` (writeCompiledForms.ts). */
export const COMPILED_FORMS = new URL('compiledForms.txt', import.meta.url);

const GRAMMAR = new URL('grammar/', import.meta.url);
/** The sources are run by tools that load them their own way, which a process of Node.js does not know. */
const IS_BUILT = import.meta.url.endsWith('.js');
/** Of all units, functions and views of a large installation; whoever changes them all the time must not fill the memory. */
const MAX_FORMS = 2_000;

const known = new Map<string, Promise<unknown>>();
let shipped: Map<string, string> | null = null;
let version: string | null = null;

/** {@link compileSql}, with the grammar loaded only for a text that was not seen before. Throws SqlError. */
export function compiledSql(source: string, types: ReadonlyMap<string, string>): Promise<CompiledSql> {
  return formOf({ compile: source, types: [...types] });
}

/** What a definition on a server asks for, likewise; `language` is `sql` or `plpgsql`. */
export function referencesOf(language: string, definition: string): Promise<SqlReferences> {
  return formOf({ references: definition, language });
}

function formOf<T extends GrammarTask>(task: T): Promise<GrammarResult<T>> {
  const key = formKey(task);
  // The key stands for the task and the code: what is found under it is what the task yields.
  const found = known.get(key) as Promise<GrammarResult<T>> | undefined;
  if (found !== undefined) {
    // What was asked for last is kept longest.
    known.delete(key);
    known.set(key, found);
    return found;
  }
  shipped ??= readForms(COMPILED_FORMS);
  const kept = shipped.get(key);
  shipped.delete(key);
  const form = kept === undefined ? make(task) : Promise.resolve(JSON.parse(kept) as GrammarResult<T>);
  known.set(key, form);
  if (known.size > MAX_FORMS) known.delete(known.keys().next().value ?? '');
  // What is refused is told anew each time, with the places of the file as it is then.
  form.catch(() => known.delete(key));
  return form;
}

async function make<T extends GrammarTask>(task: T): Promise<GrammarResult<T>> {
  return IS_BUILT
    ? (await import('./grammarProcess.js')).runInProcess(task)
    : (await import('./grammar/grammarTask.js')).runGrammarTask(task);
}

/** A hash of everything that the result depends on: the task, the code that does it, and the version of the grammar. */
export function formKey(task: GrammarTask): string {
  version ??= grammarVersion(GRAMMAR, libraryVersion());
  return createHash('sha256')
    .update(JSON.stringify([version, task]))
    .digest('hex');
}

/** Of the code in `directory` together with a version of the library. */
export function grammarVersion(directory: URL, library: string): string {
  const hash = createHash('sha256').update(library);
  for (const name of readdirSync(directory).sort()) {
    if (/(?<!\.d)\.[jt]s$/.test(name)) hash.update(`\0${name}\0`).update(readFileSync(new URL(name, directory)));
  }
  return hash.digest('hex');
}

function libraryVersion(): string {
  const manifest = new URL('../package.json', pathToFileURL(createRequire(import.meta.url).resolve('libpg-query')));
  return String((JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: unknown }).version);
}

/** As `formsText` wrote them, by key and as JSON; none where the file is missing or not whole: they are made anew then. */
export function readForms(file: URL): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return new Map();
  }
  const [digest, ...lines] = text.split('\n');
  if (digest !== digestOf(lines)) return new Map();
  return new Map(lines.map((line) => [line.slice(0, 64), line.slice(65)]));
}

/** The text of such a file: a digest of the rest, then a key and its form, as JSON, a line. */
export function formsText(forms: ReadonlyMap<string, string>): string {
  const lines = [...forms].map(([key, form]) => `${key} ${form}`).sort();
  return [digestOf(lines), ...lines].join('\n');
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
