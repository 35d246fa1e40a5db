import { z } from 'zod';
import type { PanelModel } from './dashboardModel.js';

/** The fields of a query's answer; null where only the data tell. */
export type Fields = ReadonlySet<string> | null;

/** After these the fields are still those of the queries, under their own names or `organize`'s. */
const KEEPS_FIELDS = ['configFromData', 'filterFieldsByName', 'joinByField', 'organize'];

const settings = z.object({
  configRefId: z.string().optional(),
  applyTo: z.object({ id: z.string(), options: z.string() }).optional(),
  mappings: z.array(z.object({ fieldName: z.string() })).default([]),
  include: z.object({ names: z.array(z.string()) }).default({ names: [] }),
  byField: z.string().optional(),
  renameByName: z.record(z.string(), z.string()).default({}),
});
const options = z.object({
  xField: z.string().optional(),
  colorByField: z.string().optional(),
  sortBy: z.array(z.object({ displayName: z.string() })).default([]),
  reduceOptions: z.object({ values: z.boolean() }).default({ values: false }),
});

/**
 * Names of fields and queries that a panel configures and no query of it has: nothing happens then, and nothing says why.
 * @param fields by refId
 */
export function missingFields(panel: PanelModel, fields: ReadonlyMap<string, Fields>): string[] {
  const all = union([...fields.values()]);
  const steps = panel.transformations.map(({ id, options: given }) => ({ id, ...settings.parse(given) }));
  const shown = options.parse(panel.options);
  const { overrides, defaults } = panel.fieldConfig;
  const renamed = [
    ...steps.flatMap(({ renameByName }) => Object.values(renameByName)),
    ...overrides.flatMap(({ properties }) =>
      properties.filter(({ id }) => id === 'displayName').map(({ value }) => value),
    ),
    defaults['displayName'],
  ].filter((name) => typeof name === 'string');
  // With one value a row the names are those of the rows.
  const isKept = steps.every(({ id }) => KEEPS_FIELDS.includes(id)) && !shown.reduceOptions.values;
  const last = isKept && all !== null ? new Set([...all, ...renamed]) : null;
  const named = (name: string | undefined, known: Fields = new Set()): string[] =>
    name === undefined || known === null || known.has(name) ? [] : [`no field ${name}`];
  const matched = (matcher: { id: string; options: string } | undefined, known: Fields): string[] => {
    if (matcher === undefined) return [];
    if (matcher.id === 'byFrameRefID') return fields.has(matcher.options) ? [] : [`no query ${matcher.options}`];
    if (matcher.id === 'byName') return named(matcher.options, known);
    const pattern = new RegExp(matcher.options.slice(1, -1));
    return known === null || [...known].some((name) => pattern.test(name)) ? [] : [`no field like ${matcher.options}`];
  };
  return [
    ...steps.flatMap(({ configRefId, applyTo, mappings, include, byField }) => [
      ...(configRefId === undefined || fields.has(configRefId) ? [] : [`no query ${configRefId}`]),
      ...mappings.flatMap(({ fieldName }) => named(fieldName, fields.get(configRefId ?? ''))),
      ...matched(applyTo, all),
      ...[...include.names, byField].flatMap((name) => named(name, all)),
    ]),
    ...overrides.flatMap(({ matcher }) => matched(matcher, last)),
    ...[shown.xField, shown.colorByField, ...shown.sortBy.map(({ displayName }) => displayName)].flatMap((name) =>
      named(name, last),
    ),
  ];
}

function union(all: readonly Fields[]): Fields {
  return all.includes(null) ? null : new Set(all.flatMap((one) => [...(one ?? [])]));
}
