import { z } from 'zod';
import type { PanelModel } from './dashboardModel.js';

/** A query's answer: columns by name; of Prometheus the labels and `Value`. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** What stands in a tile or a cell. */
export interface Shown {
  /** The column, or the name beside a tile's number. */
  readonly name: string;
  /** As a mapping or the panel writes it; `number` for one that nothing writes otherwise. */
  readonly text: string;
  /** null: that of the theme's text. */
  readonly color: string | null;
}

const step = z.object({ value: z.number().nullable(), color: z.string() });
const result = z.object({ text: z.string().optional(), color: z.string().optional() });
const mapping = z.discriminatedUnion('type', [
  z.object({ type: z.literal('value'), options: z.record(z.string(), result) }),
  z.object({ type: z.literal('regex'), options: z.object({ pattern: z.string(), result }) }),
  z.object({ type: z.literal('special'), options: z.object({ match: z.string(), result }) }),
]);
const config = z.object({
  displayName: z.string().optional(),
  noValue: z.string().optional(),
  mappings: z.array(mapping).default([]),
  thresholds: z.object({ steps: z.array(step) }).optional(),
  color: z.object({ mode: z.string(), fixedColor: z.string().optional() }).optional(),
  'custom.cellOptions': z.object({ type: z.string() }).optional(),
  'custom.hideFrom.viz': z.boolean().default(false),
});
type Config = z.infer<typeof config>;
const configFromData = z.object({
  configRefId: z.string(),
  applyTo: z.object({ id: z.string(), options: z.string() }),
  mappings: z.array(
    z.object({
      fieldName: z.string(),
      handlerKey: z.string(),
      handlerArguments: z.object({ threshold: z.object({ color: z.string() }) }).optional(),
    }),
  ),
});
const renaming = z.object({ renameByName: z.record(z.string(), z.string()) });
const excluding = z.object({ excludeByName: z.record(z.string(), z.boolean()) });

/**
 * What Grafana 12 makes of the answers by refId, as far as colours and words go: config from query results (the last one that
 * has steps takes the place of those before), overrides in their order, mappings before thresholds. Charts are left out: their
 * colours are those of their lines.
 * @returns one for a tile; for a table one a cell; of an empty panel its sentence
 */
export function shownBy(panel: PanelModel, answers: ReadonlyMap<string, Rows>): Shown[] {
  if (panel.type === 'stat' || panel.type === 'gauge') {
    const rows = answers.get('A') ?? [];
    const value = rows.at(-1)?.[columnOfValue(rows)] ?? null;
    const field = fieldConfig(panel, 'A', columnOfValue(rows), answers);
    return [{ name: field.displayName ?? '', ...drawn(value, field, true) }];
  }
  if (panel.type === 'piechart' && [...answers.values()].some((rows) => rows.length > 0))
    return [...answers.values()].flat().map((row) => {
      const name = String(row['state']);
      return { name, ...drawn(row['Value'], fieldConfig(panel, '', name, answers), true) };
    });
  const rows = rowsOf(panel, answers);
  const { noValue = '' } = config.parse(panel.fieldConfig.defaults);
  if (rows.length === 0) return [{ name: '', text: noValue, color: null }];
  const names = panel.transformations
    .map(({ options }) => renaming.safeParse(options).data?.renameByName)
    .find((renamed) => renamed !== undefined);
  const excluded = panel.transformations.flatMap(({ options }) =>
    Object.keys(excluding.safeParse(options).data?.excludeByName ?? {}),
  );
  return rows.flatMap((row) =>
    Object.entries(row)
      .filter(([column]) => !excluded.includes(column))
      .map(([column, value]) => ({ name: names === undefined ? column : names[column], value }))
      .flatMap(({ name, value }) => {
        if (name === undefined) return [];
        const field = fieldConfig(panel, 'A', name, answers);
        if (field['custom.hideFrom.viz']) return [];
        const isColored = panel.type !== 'table' || (field['custom.cellOptions']?.type ?? '').startsWith('color-');
        return [{ name, ...drawn(value, field, isColored) }];
      }),
  );
}

/** Those of the query A, or of several queries of Prometheus, which are joined by a label that all have. */
function rowsOf({ transformations }: PanelModel, answers: ReadonlyMap<string, Rows>): Rows {
  const join = transformations.find(({ id }) => id === 'joinByField');
  if (join === undefined) return answers.get('A') ?? [];
  const key = z.object({ byField: z.string() }).parse(join.options).byField;
  const joined = new Map<unknown, Record<string, unknown>>();
  for (const [refId, rows] of answers)
    for (const { Value, ...labels } of rows)
      joined.set(labels[key], { ...joined.get(labels[key]), ...labels, [`Value #${refId}`]: Value });
  return [...joined.values()];
}

const columnOfValue = (rows: Rows): string => {
  const columns = Object.keys(rows[0] ?? {});
  return columns.includes('Value') ? 'Value' : (columns[0] ?? 'Value');
};

function fieldConfig(panel: PanelModel, refId: string, column: string, answers: ReadonlyMap<string, Rows>): Config {
  const matches = ({ id, options }: { id: string; options: string }): boolean =>
    id === 'byFrameRefID'
      ? options === refId
      : id === 'byName'
        ? options === column
        : new RegExp(options.slice(1, -1)).test(column);
  const field: Record<string, unknown> = { ...panel.fieldConfig.defaults };
  for (const { matcher, properties } of panel.fieldConfig.overrides)
    if (matches(matcher)) for (const { id, value } of properties) field[id] = value;
  for (const { id, options } of panel.transformations) {
    if (id !== 'configFromData') continue;
    const { configRefId, applyTo, mappings } = configFromData.parse(options);
    const row = answers.get(configRefId)?.at(-1);
    if (row === undefined || !matches(applyTo)) continue;
    const found = mappings.flatMap((one) => {
      const value = row[one.fieldName.replace(/^Value #.*/, 'Value')];
      return value === undefined || value === null ? [] : [{ ...one, value }];
    });
    for (const { handlerKey, value } of found) if (handlerKey === 'displayName') field['displayName'] = value;
    const steps = found.flatMap(({ handlerArguments, value }) =>
      handlerArguments === undefined ? [] : [{ value: Number(value), color: handlerArguments.threshold.color }],
    );
    const base = config.parse(panel.fieldConfig.defaults).thresholds?.steps.slice(0, 1) ?? [];
    if (steps.length > 0) field['thresholds'] = { steps: [...base, ...steps] };
  }
  return config.parse(field);
}

function drawn(value: unknown, field: Config, isColored: boolean): Omit<Shown, 'name'> {
  const mapped = field.mappings.map((one) => mappedBy(one, value)).find((one) => one !== null);
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
  const isAbsent = value === null || value === undefined || Number.isNaN(value);
  const text =
    mapped?.text ??
    (isAbsent ? (field.noValue ?? '') : typeof value === 'string' && !isNumber ? value : isNumber ? 'number' : 'date');
  if (!isColored) return { text, color: null };
  const reached = (field.thresholds?.steps ?? []).filter(
    (one) => one.value === null || (isNumber && Number(value) >= one.value),
  );
  const mode = field.color?.mode ?? 'thresholds';
  const own = mode === 'fixed' ? field.color?.fixedColor : mode === 'thresholds' ? reached.at(-1)?.color : undefined;
  const color = mapped?.color ?? own ?? null;
  return { text, color: color === 'text' || color === 'transparent' ? null : color };
}

function mappedBy(one: z.infer<typeof mapping>, value: unknown): z.infer<typeof result> | null {
  if (one.type === 'value') return one.options[String(value)] ?? null;
  if (one.type === 'special') {
    const isNull = value === null || value === undefined;
    const isMatch = one.options.match.includes('null') && isNull;
    return isMatch || (one.options.match.includes('nan') && Number.isNaN(value)) ? one.options.result : null;
  }
  const pattern = new RegExp(one.options.pattern);
  if (typeof value !== 'string' || !pattern.test(value)) return null;
  const { text, color } = one.options.result;
  return { color, text: text === undefined ? undefined : value.replace(pattern, text) };
}
