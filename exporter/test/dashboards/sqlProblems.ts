import { parse } from 'libpg-query';
import { compileSql, SqlError } from '../../src/kpi/compileSql.js';
import { asTree, isTree, list, places, textOf } from '../kpi/syntaxTree.js';
import type { Tree } from '../kpi/syntaxTree.js';
import type { DashboardCatalogue } from './dashboardCatalogue.js';
import { unknownName } from './shapeProblems.js';

const MACROS = ['$__timeFilter', '$__timeFrom', '$__timeTo'];
/** `%1$s` is none: PostgreSQL's format(). */
const VARIABLE = /\$\{([a-z_]\w*)(?::(\w+))?[^}]*\}|(?<!%\d+)\$([a-z_]\w*)|\[\[([a-z_]\w*)[^\]]*\]\]/gi;

/** What is wrong with the SQL of a panel, an annotation or a variable. */
export async function sqlProblems(sql: string, path: string, known: DashboardCatalogue): Promise<string[]> {
  const unsafe = interpolationProblems(sql);
  if (unsafe.length > 0) return unsafe.map((problem) => `${path}: ${problem}`);
  const plain = withoutGrafana(sql);
  try {
    // A dashboard shows the present.
    await compileSql(plain, new Map(), { mayReadClock: true });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return error.problems.map(({ message }) => `${path}: ${message.replace('a KPI is', 'a panel reads by')}`);
  }
  return (await relations(plain)).flatMap((name) =>
    known.relations.has(name) ? [] : [`${path}: relation ${unknownName(name, known.relations)}`],
  );
}

/** Whatever a reader writes into the address bar is in a variable: only `:sqlstring` makes it a quoted value. */
function interpolationProblems(sql: string): string[] {
  return [...sql.matchAll(VARIABLE)].flatMap(([text, braced, format, bare, bracketed]) => {
    const name = braced ?? bare ?? bracketed ?? '';
    if (name.startsWith('__')) return MACROS.includes(text) ? [] : [`macro ${unknownName(text, MACROS)}`];
    return format === 'sqlstring' ? [] : [`${text} is put into the SQL as it is; write \${${name}:sqlstring}`];
  });
}

/** Something of the same kind in place of what Grafana puts in. */
function withoutGrafana(sql: string): string {
  return sql
    .replaceAll(/\$__timeFilter\(([^)]*)\)/g, "$1 BETWEEN '2000-01-01' AND '2000-01-02'")
    .replaceAll(/\$__time(?:From|To)\(\)/g, "'2000-01-01'")
    .replaceAll(/\$\{\w+:sqlstring\}/g, "'x'");
}

/** The relations that a statement reads, `schema.name`, without those that it defines itself (WITH). */
async function relations(sql: string): Promise<string[]> {
  const nodes = places(asTree(await parse(sql))).map(({ node }) => node);
  const own = new Set(nodes.map((node) => bodyOf(node, 'CommonTableExpr')['ctename']));
  const read = nodes.map((node) => bodyOf(node, 'RangeVar')).filter((body) => 'relname' in body);
  const named = read
    .filter((body) => 'schemaname' in body || !own.has(body['relname']))
    .map(({ schemaname, relname }) => [textOf(schemaname), textOf(relname)].filter((part) => part !== '').join('.'));
  return [...new Set(named)];
}

function bodyOf(node: Tree, kind: string): Tree {
  const body = node[kind];
  return isTree(body) ? body : {};
}

export interface OutputColumn {
  readonly name: string;
  /** The column that it is without any computation. */
  readonly reads: string | null;
}

/** The columns that a SELECT returns; null where it does not say them itself (`*`) or is none. */
export async function outputColumns(sql: string): Promise<readonly OutputColumn[] | null> {
  let select: Tree;
  try {
    select = bodyOf(asTree(list(asTree(await parse(withoutGrafana(sql)))['stmts'])[0]?.['stmt']), 'SelectStmt');
  } catch {
    return null;
  }
  while (isTree(select['larg'])) select = select['larg'];
  const columns = list(select['targetList']).map((item) => outputColumn(bodyOf(item, 'ResTarget')));
  return columns.includes(null) ? null : columns.filter((column) => column !== null);
}

function outputColumn(target: Tree): OutputColumn | null {
  const fields = list(bodyOf(asTree(target['val']), 'ColumnRef')['fields']);
  const read = bodyOf(fields.at(-1) ?? {}, 'String')['sval'];
  const reads = typeof read === 'string' ? read : null;
  const name = target['name'] ?? reads;
  return typeof name === 'string' ? { name, reads } : null;
}
