import type { DashboardCatalogue } from './dashboardCatalogue.js';
import type { PanelModel, TargetModel } from './dashboardModel.js';
import { labelsMadeBy } from './promqlProblems.js';
import { isObject, toRegExp, unknownName } from './shapeProblems.js';
import { outputColumns } from './sqlProblems.js';

/** The fields of a query's answer by refId; null where only the data tell. */
type Fields = ReadonlyMap<string, ReadonlySet<string> | null>;

/** After these the fields are still those of the queries. */
const KEEPS_FIELDS = ['configFromData', 'sortBy', 'filterByValue', 'limit', 'filterFieldsByName', 'organize'];

/** Names of fields and queries that no query of the panel has. Nothing happens then, and nothing says why. */
export async function fieldNameProblems(panel: PanelModel, path: string, known: DashboardCatalogue): Promise<string[]> {
  const fields = await fieldsByQuery(panel, known);
  return [...configProblems(panel, path, fields), ...matcherProblems(panel, path, fields)];
}

async function fieldsByQuery({ targets }: PanelModel, known: DashboardCatalogue): Promise<Fields> {
  const tables = targets.filter(({ expr, format }) => expr !== undefined && format === 'table').length;
  const entries = targets.map(async (target) => {
    const names = target.expr === undefined ? await sqlFields(target) : promqlFields(target, tables, known);
    return [target.refId, names] as const;
  });
  return new Map(await Promise.all(entries));
}

async function sqlFields({ rawSql = '' }: TargetModel): Promise<ReadonlySet<string> | null> {
  const columns = await outputColumns(rawSql);
  return columns === null ? null : new Set(columns.map(({ name }) => name));
}

/** @param tables how many Prometheus queries of the panel are tables: Grafana puts the refId into the names of several */
function promqlFields(
  { refId, expr = '', format, legendFormat }: TargetModel,
  tables: number,
  known: DashboardCatalogue,
): ReadonlySet<string> | null {
  if (format === 'table') {
    const value = tables > 1 ? `Value #${refId}` : 'Value';
    return new Set(['Time', value, ...known.labels, ...labelsMadeBy(expr)]);
  }
  const isFixed = typeof legendFormat === 'string' && /^[^{]+$/.test(legendFormat) && legendFormat !== '__auto';
  return isFixed ? new Set(['Time', legendFormat]) : null;
}

/** configFromData: the query that configures, its columns, and the query that is configured. */
function configProblems({ transformations }: PanelModel, path: string, fields: Fields): string[] {
  return transformations.flatMap(({ id, options }, index) => {
    const at = `${path}.transformations[${index}].options`;
    const { configRefId, mappings, applyTo } = options;
    if (id !== 'configFromData' || typeof configRefId !== 'string') return [];
    if (!fields.has(configRefId)) return [`${at}.configRefId: query ${unknownName(configRefId, fields.keys())}`];
    const columns = fields.get(configRefId);
    const wanted = Array.isArray(mappings) ? mappings : [];
    return [
      ...wanted.flatMap((mapping: unknown, nth) => {
        const name = isObject(mapping) ? mapping['fieldName'] : undefined;
        return typeof name === 'string' && columns instanceof Set && !columns.has(name)
          ? [`${at}.mappings[${nth}].fieldName: field ${unknownName(name, columns)}`]
          : [];
      }),
      ...oneMatcherProblems(applyTo, `${at}.applyTo`, fields, allNames(fields)),
    ];
  });
}

function matcherProblems(panel: PanelModel, path: string, fields: Fields): string[] {
  const { transformations, options, fieldConfig } = panel;
  const isKept = transformations.every(({ id }) => KEEPS_FIELDS.includes(id));
  // With one value a row the names are those of the rows.
  const isByRow = isObject(options['reduceOptions']) && options['reduceOptions']['values'] === true;
  const names = isKept && !isByRow ? withNewNames(panel, allNames(fields)) : null;
  return [
    ...fieldConfig.overrides.flatMap(({ matcher }, index) =>
      oneMatcherProblems(matcher, `${path}.fieldConfig.overrides[${index}].matcher`, fields, names),
    ),
    ...['xField', 'colorByField'].flatMap((key) => {
      const name = options[key];
      return typeof name === 'string' && names !== null && !names.has(name)
        ? [`${path}.options.${key}: field ${unknownName(name, names)}`]
        : [];
    }),
  ];
}

function allNames(fields: Fields): ReadonlySet<string> | null {
  const sets = [...fields.values()];
  return sets.includes(null) ? null : new Set(sets.flatMap((set) => [...(set ?? [])]));
}

/** With those that `organize` and `displayName` give. */
function withNewNames(
  { transformations, fieldConfig }: PanelModel,
  names: ReadonlySet<string> | null,
): ReadonlySet<string> | null {
  if (names === null) return null;
  const renamed = transformations.flatMap(({ options }) => {
    const given: unknown = options['renameByName'];
    return isObject(given) ? Object.values(given) : [];
  });
  const shown = fieldConfig.overrides.flatMap(({ properties }) =>
    properties.filter(({ id }) => id === 'displayName').map(({ value }) => value),
  );
  const given = [...renamed, ...shown, fieldConfig.defaults['displayName']];
  return new Set([...names, ...given.filter((name) => typeof name === 'string')]);
}

function oneMatcherProblems(
  matcher: unknown,
  path: string,
  fields: Fields,
  names: ReadonlySet<string> | null,
): string[] {
  const { id, options } = isObject(matcher) ? matcher : {};
  if (typeof options !== 'string') return [];
  if (id === 'byFrameRefID') {
    return fields.has(options) ? [] : [`${path}.options: query ${unknownName(options, fields.keys())}`];
  }
  if (names === null) return [];
  if (id === 'byName') return names.has(options) ? [] : [`${path}.options: field ${unknownName(options, names)}`];
  const pattern = id === 'byRegexp' ? toRegExp(options) : null;
  return pattern === null || [...names].some((name) => pattern.test(name))
    ? []
    : [`${path}.options: matches none of ${[...names].join(', ')}`];
}
