import { DASHBOARDS } from './dashboardModel.js';

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
  /** How its series are named: `{{kpi}}`; empty for a table. */
  readonly legend: string;
}

/** What All stands for, by variable. */
export const ALL_VALUES: Readonly<Record<string, string>> = Object.fromEntries(
  DASHBOARDS.flatMap(({ templating }) =>
    templating.list.flatMap(({ name, allValue }) => (allValue === undefined ? [] : [[name, allValue] as const])),
  ),
);

const targets = DASHBOARDS.flatMap(({ uid, panels, annotations }) => [
  ...panels.flatMap((panel) =>
    panel.targets.map((target) => ({ name: `${uid} / ${panel.title} / ${target.refId}`, target })),
  ),
  ...annotations.list.map(({ name, target }) => ({ name: `${uid} / annotation ${name} / ${target.refId}`, target })),
]);

export const SQL_QUERIES: readonly SqlQuery[] = [
  ...targets.flatMap(({ name, target: { rawSql } }) => (rawSql === undefined ? [] : [{ name, sql: rawSql }])),
  ...DASHBOARDS.flatMap(({ uid, templating }) =>
    templating.list
      .filter(({ datasource }) => datasource?.type === 'grafana-postgresql-datasource')
      .map(({ name, query }) => ({ name: `${uid} / variable ${name}`, sql: query })),
  ),
];

export const PROM_QUERIES: readonly PromQuery[] = targets.flatMap(
  ({ name, target: { expr, instant, legendFormat: legend } }) =>
    expr === undefined ? [] : [{ name, expr, instant, legend }],
);
