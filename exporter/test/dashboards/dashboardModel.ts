import { z } from 'zod';

const dataSource = z.looseObject({ type: z.string(), uid: z.string() });
const keys = z.record(z.string(), z.unknown());
const whole = z.int();

const target = z.looseObject({
  refId: z.string().min(1),
  datasource: dataSource.optional(),
  rawSql: z.string().optional(),
  expr: z.string().optional(),
});
const property = z.strictObject({ id: z.string(), value: z.unknown() });
const override = z.strictObject({ matcher: keys, properties: z.array(property).min(1) });
const panel = z.looseObject({
  id: whole,
  type: z.string(),
  title: z.string().default(''),
  description: z.string().default(''),
  pluginVersion: z.string().optional(),
  gridPos: z.strictObject({ x: whole, y: whole, w: whole, h: whole }),
  datasource: dataSource.optional(),
  targets: z.array(target).default([]),
  options: keys.default({}),
  fieldConfig: z
    .strictObject({ defaults: keys.default({}), overrides: z.array(override).default([]) })
    .default({ defaults: {}, overrides: [] }),
  transformations: z.array(z.looseObject({ id: z.string(), options: keys.default({}) })).default([]),
  links: z.array(keys).default([]),
  /** Of a row. */
  panels: z.array(z.unknown()).default([]),
});
const variable = z.looseObject({
  name: z.string(),
  type: z.string(),
  datasource: dataSource.optional(),
  query: z.unknown(),
  allValue: z.string().optional(),
});
const annotation = z.looseObject({
  name: z.string(),
  datasource: dataSource,
  target: target.optional(),
  filter: z.looseObject({ ids: z.array(whole) }).optional(),
});
const dashboard = z.looseObject({
  uid: z.string().default(''),
  title: z.string().default(''),
  description: z.string().default(''),
  tags: z.array(z.string()).default([]),
  refresh: z.string().default(''),
  panels: z.array(panel).min(1),
  templating: z.looseObject({ list: z.array(variable).default([]) }).default({ list: [] }),
  annotations: z.looseObject({ list: z.array(annotation).default([]) }).default({ list: [] }),
  links: z.array(keys).default([]),
});

/** A dashboard's JSON as far as the checks read it; every other key is kept. */
export type DashboardModel = z.infer<typeof dashboard>;
export type PanelModel = z.infer<typeof panel>;
export type TargetModel = z.infer<typeof target>;
export type DataSourceModel = z.infer<typeof dataSource>;

/** The dashboard, or why it cannot be read as one. */
export function readDashboard(json: unknown): { readonly dashboard: DashboardModel } | { readonly problems: string[] } {
  const { data, error } = dashboard.safeParse(json);
  if (data !== undefined) return { dashboard: data };
  return { problems: error.issues.map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`) };
}
