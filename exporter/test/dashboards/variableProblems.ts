import type { DashboardCatalogue } from './dashboardCatalogue.js';
import type { DashboardModel } from './dashboardModel.js';
import { sqlProblems } from './sqlProblems.js';
import { isObject, unknownName } from './shapeProblems.js';

/** `%1$s` is none: PostgreSQL's format(). */
const VARIABLE = /\$\{([a-z_]\w*)[^}]*\}|(?<!%\d+)\$([a-z_]\w*)|\[\[([a-z_]\w*)[^\]]*\]\]/gi;

/** Variables that nothing reads, that nobody defined, or whose own query is wrong. */
export async function variableProblems(dashboard: DashboardModel, known: DashboardCatalogue): Promise<string[]> {
  const { list } = dashboard.templating;
  const defined = list.map(({ name }) => name);
  const elsewhere = [...textsIn({ ...dashboard, templating: undefined }, '')];
  const used = elsewhere.flatMap(({ text, path }) => variablesIn(text).map((name) => ({ name, path })));
  const queries = list.map(async ({ type, datasource, query, allValue }, index) => {
    const path = `templating.list[${index}]`;
    if (type !== 'query' || datasource?.uid !== 'portfolio-postgres') {
      return [`${path}: is not a query to portfolio-postgres`];
    }
    if (typeof query !== 'string') return [`${path}.query: is not a string`];
    return [
      ...(await sqlProblems(query, `${path}.query`, known)),
      // Grafana puts it in as it is, inside of the parentheses of an IN.
      ...(allValue === undefined ? [] : await sqlProblems(allValue, `${path}.allValue`, known)),
    ];
  });
  return [
    ...defined.flatMap((name, index) =>
      used.some((one) => one.name === name) ? [] : [`templating.list[${index}]: nothing reads $${name}`],
    ),
    ...defined.flatMap((name, index) =>
      defined.indexOf(name) < index ? [`templating.list[${index}].name: ${name} is taken`] : [],
    ),
    ...used
      .filter(({ name }) => !defined.includes(name))
      .map(({ name, path }) => `${path}: variable ${unknownName(name, defined)}`),
    ...(await Promise.all(queries)).flat(),
  ];
}

/** `$__interval`, `${__value.raw}` and their like are Grafana's own. */
function variablesIn(text: string): string[] {
  const names = [...text.matchAll(VARIABLE)].map(([, braced, bare, bracketed]) => braced ?? bare ?? bracketed ?? '');
  return [...new Set(names)].filter((name) => !name.startsWith('__'));
}

/** Every string of a JSON value; a panel that is repeated names its variable without the dollar. */
function* textsIn(value: unknown, path: string): Generator<{ text: string; path: string }> {
  if (typeof value === 'string') yield { text: path.endsWith('.repeat') ? `$${value}` : value, path };
  else if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* textsIn(one, `${path}[${index}]`);
  } else if (isObject(value)) {
    for (const [key, one] of Object.entries(value)) yield* textsIn(one, path === '' ? key : `${path}.${key}`);
  }
}
