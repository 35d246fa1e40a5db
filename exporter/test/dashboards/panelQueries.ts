import { z } from 'zod';
import { BUILDERS } from '../../../grafana/src/dashboards.js';

/** One query of a panel, an annotation or a variable. */
interface Query {
  /** `synergy-value / Value by initiative / A` */
  readonly name: string;
}

export interface SqlQuery extends Query {
  readonly sql: string;
}

export interface PromQuery extends Query {
  readonly expr: string;
  readonly instant: boolean;
}

const targetSchema = z.object({
  refId: z.string(),
  rawSql: z.string().optional(),
  expr: z.string().optional(),
  instant: z.boolean().optional(),
});
const dashboardSchema = z.object({
  uid: z.string(),
  panels: z.array(
    z.object({ id: z.number(), title: z.string().default(''), targets: z.array(targetSchema).default([]) }),
  ),
  annotations: z.object({ list: z.array(z.object({ name: z.string(), target: targetSchema.optional() })).default([]) }),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), query: z.string(), allValue: z.string() })).default([]),
  }),
});

/** Every dashboard as its JSON is read. */
export const DASHBOARDS = BUILDERS.map((build) => dashboardSchema.parse(JSON.parse(JSON.stringify(build()))));

/** What All stands for, by variable. */
export const ALL_VALUES: Readonly<Record<string, string>> = Object.fromEntries(
  DASHBOARDS.flatMap(({ templating }) => templating.list.map(({ name, allValue }) => [name, allValue] as const)),
);

const targets = DASHBOARDS.flatMap(({ uid, panels, annotations }) => [
  ...panels.flatMap((panel) =>
    panel.targets.map((target) => ({ name: `${uid} / ${panel.title} / ${target.refId}`, target })),
  ),
  ...annotations.list.flatMap(({ name, target }) =>
    target === undefined ? [] : [{ name: `${uid} / annotation ${name} / ${target.refId}`, target }],
  ),
]);

export const SQL_QUERIES: readonly SqlQuery[] = [
  ...targets.flatMap(({ name, target: { rawSql } }) => (rawSql === undefined ? [] : [{ name, sql: rawSql }])),
  ...DASHBOARDS.flatMap(({ uid, templating }) =>
    templating.list.map(({ name, query }) => ({ name: `${uid} / variable ${name}`, sql: query })),
  ),
];

export const PROM_QUERIES: readonly PromQuery[] = targets.flatMap(({ name, target: { expr, instant } }) =>
  expr === undefined ? [] : [{ name, expr, instant: instant === true }],
);
