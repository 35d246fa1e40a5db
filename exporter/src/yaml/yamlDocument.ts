import type { z } from 'zod';
import { explainIssue } from './explainIssue.js';
import type { Problem } from './problem.js';
import { ConfigError, formatProblem } from './problem.js';
import type { SchemaKeys } from './schemaKeys.js';
import { schemaKeys } from './schemaKeys.js';
import type { YamlPath } from './yamlLocator.js';
import { locateYaml } from './yamlLocator.js';
import { parseYaml } from './yamlSyntax.js';

/** More problems than a person reads: a binary file, or another program's configuration. */
const MAX_PROBLEMS = 200;

export interface YamlInspection<T> {
  /** The plain content as written, undefined where the syntax is broken. */
  readonly raw: unknown;
  /** The checked content, undefined where anything is wrong. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
  /** A problem at the place of a path, or of its nearest existing parent: for checks that come later. */
  readonly problemAt: (path: YamlPath, message: string) => Problem;
}

/**
 * The content of a YAML file, checked by a zod schema of strict objects.
 * @throws {ConfigError} with every problem of syntax and schema at once, each with line, column and path
 */
export function readYaml<S extends z.ZodType>(text: string, file: string, schema: S): z.output<S> {
  return readYamlDocument(text, file, schema).value;
}

/**
 * Like readYaml, together with `problemAt` for checks that need more than the schema.
 * @throws {ConfigError} with every problem at once
 */
export function readYamlDocument<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
): { readonly value: z.output<S>; readonly problemAt: YamlInspection<unknown>['problemAt'] } {
  const { value, problems, problemAt } = inspectYaml(text, file, schema);
  if (problems.length > 0 || value === undefined) {
    throw new ConfigError(problems);
  }
  return { value, problemAt };
}

/** Reads and checks without throwing, so that a caller can add problems of its own. */
export function inspectYaml<S extends z.ZodType>(text: string, file: string, schema: S): YamlInspection<z.output<S>> {
  const parsed = parseYaml(text, file);
  const locator = locateYaml(parsed.document);
  const problemAt = (path: YamlPath, message: string): Problem => ({
    file,
    ...parsed.positionOf(locator.offsetOf(path)),
    path: formatPath(path),
    message,
  });
  if (parsed.raw === undefined) {
    return { raw: undefined, value: undefined, problems: sortProblems(parsed.problems), problemAt };
  }
  const result = schema.safeParse(parsed.raw);
  let keys: SchemaKeys | undefined;
  const knownKeys = (): SchemaKeys => (keys ??= schemaKeys(schema));
  const found = result.success ? [] : result.error.issues.flatMap((issue) => explainIssue(issue, knownKeys, locator));
  const problems = [...parsed.problems, ...found.map(({ path, message }) => problemAt(path, message))];
  return {
    raw: parsed.raw,
    value: result.success && problems.length === 0 ? result.data : undefined,
    problems: sortProblems(problems),
    problemAt,
  };
}

interface Sound {
  readonly text: string;
  readonly raw: unknown;
  readonly value: unknown;
}

/** Files of the largest installation and some more; a process that reads others all the time must not fill its memory. */
const MAX_SOUND = 200;

const sound = new WeakMap<z.ZodType, Map<string, Sound>>();

/**
 * Like inspectYaml, for files that are read again and again and seldom change: a text that was found to be right is not parsed
 * again, unless somebody asks for a place in it. Not for secrets: it keeps the text.
 */
export function inspectYamlOnce<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
): YamlInspection<z.output<S>> {
  const files = sound.get(schema) ?? new Map<string, Sound>();
  sound.set(schema, files);
  const before = files.get(file);
  if (before?.text === text) {
    return {
      // Whoever reads the file owns what he gets.
      raw: structuredClone(before.raw),
      value: structuredClone(before.value) as z.output<S>,
      problems: [],
      problemAt: (path, message) => inspectYaml(text, file, schema).problemAt(path, message),
    };
  }
  const inspected = inspectYaml(text, file, schema);
  files.delete(file);
  if (inspected.value !== undefined)
    files.set(file, structuredClone({ text, raw: inspected.raw, value: inspected.value }));
  if (files.size > MAX_SOUND) files.delete(files.keys().next().value ?? '');
  return inspected;
}

function formatPath(path: YamlPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') {
      return `${text}[${part}]`;
    }
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** In the order of the file, each place and message once, cut where nobody reads on. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const distinct = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  const sorted = [...distinct.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
  const [first] = sorted;
  if (first === undefined || sorted.length <= MAX_PROBLEMS) {
    return sorted;
  }
  const rest = `and ${sorted.length - MAX_PROBLEMS} more problems`;
  return [...sorted.slice(0, MAX_PROBLEMS), { ...first, path: '', message: rest }];
}
