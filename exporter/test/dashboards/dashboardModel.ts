import { VariableHide } from '@grafana/grafana-foundation-sdk/dashboard';
import { z } from 'zod';
import { BUILDERS } from '../../../grafana/src/dashboards.js';

const keys = z.record(z.string(), z.unknown());
const dataSource = z.object({ type: z.string(), uid: z.string() });
const target = z.object({
  refId: z.string(),
  datasource: dataSource,
  rawSql: z.string().optional(),
  expr: z.string().optional(),
  instant: z.boolean().default(false),
  format: z.string(),
  legendFormat: z.string().default(''),
});
const override = z.object({
  matcher: z.object({ id: z.string(), options: z.string() }),
  properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
});
const panel = z.object({
  id: z.int(),
  type: z.string(),
  title: z.string().default(''),
  description: z.string().default(''),
  gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  datasource: dataSource.optional(),
  timeFrom: z.string().optional(),
  hideTimeOverride: z.boolean().default(false),
  targets: z.array(target).default([]),
  options: keys.default({}),
  fieldConfig: z.object({ defaults: keys, overrides: z.array(override) }),
  transformations: z.array(z.object({ id: z.string(), options: keys })).default([]),
});
const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  time: z.object({ from: z.string(), to: z.string() }),
  panels: z.array(panel),
  annotations: z.object({
    list: z.array(z.looseObject({ name: z.string(), filter: z.object({ ids: z.array(z.int()) }), target })).default([]),
  }),
  templating: z.object({
    list: z.array(
      z.looseObject({
        name: z.string(),
        type: z.string(),
        query: z.string(),
        datasource: dataSource.optional(),
        allValue: z.string().optional(),
        regex: z.string().optional(),
        hide: z.enum(VariableHide).default(VariableHide.DontHide),
        current: z.object({ value: z.union([z.string(), z.array(z.string())]) }),
      }),
    ),
  }),
  links: z.array(keys),
});

/** A dashboard's JSON as far as the tests read it. */
export type DashboardModel = z.infer<typeof dashboard>;
export type PanelModel = z.infer<typeof panel>;
export type TargetModel = z.infer<typeof target>;

/** Every dashboard as its JSON is read. */
export const DASHBOARDS: readonly DashboardModel[] = BUILDERS.map((build) =>
  dashboard.parse(JSON.parse(JSON.stringify(build()))),
);
