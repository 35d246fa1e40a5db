import ts from 'typescript';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';

/** Everything that reads thresholds. */
export interface Readers {
  readonly units: readonly Pick<KpiUnit, 'parameters' | 'metrics'>[];
  /** TypeScript of the program, the dashboards and the alerts, without the folder that declares the thresholds. */
  readonly sources: readonly string[];
  /** SQL of the reporting views, and of the recursion triggers' rows. */
  readonly views: readonly string[];
  /** SQL of the recursion triggers' conditions, with psql's parameters. */
  readonly conditions: readonly string[];
}

export function readThresholds({ units, sources, views, conditions }: Readers): Set<string> {
  return new Set([
    ...units.flatMap(({ parameters }) => parameters),
    ...units.flatMap(({ metrics }) => metrics.flatMap(({ target }) => targetThresholds(target))),
    ...sources.flatMap(namesIn),
    ...views.flatMap(literalsIn),
    ...conditions.flatMap((sql) => [...sql.replaceAll(/--.*$/gm, '').matchAll(/:(\w+)/g)].map(([, name = '']) => name)),
  ]);
}

function targetThresholds(target: KpiUnit['metrics'][number]['target']): string[] {
  if (target === null) return [];
  return [target.threshold, ...(target.onlyWhen === null ? [] : [target.onlyWhen.atLeast])];
}

/** Identifiers and string literals; a word in a comment reads nothing. */
function namesIn(source: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) names.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.tsx', source, ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX));
  return names;
}

/** What stands in single quotes in a SQL script, without its comments. */
function literalsIn(sql: string): string[] {
  const code = sql.replaceAll(/--.*$/gm, '');
  return [...code.matchAll(/'([^']*)'/g)].map(([, text = '']) => text);
}

/**
 * The thresholds that nothing reads and that nobody is expected to read, and the expected ones that are read by now.
 * @param later by name, who will read it
 */
export function unreadThresholdProblems(
  catalogue: readonly string[],
  read: ReadonlySet<string>,
  later: Readonly<Record<string, string>>,
): string[] {
  const expected = Object.keys(later);
  return [
    ...catalogue
      .filter((name) => !read.has(name) && !expected.includes(name))
      .map((name) => `${name} is read by nothing`),
    ...expected.filter((name) => read.has(name)).map((name) => `${name} is read by now: take it off the list`),
    ...expected.filter((name) => !catalogue.includes(name)).map((name) => `${name} on the list is no threshold`),
  ];
}
