import { DataqueryBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus';
import type { ThresholdName } from '../../../exporter/src/config/thresholdCatalogue.js';
import { PROMETHEUS } from './dataSources.js';
import { ofPortfolio } from './ofPortfolio.js';

/** The value of the chosen portfolio at the end of the dashboard's time range, one row a series with its labels as columns. */
export function instantQuery(refId: string, expr: string): DataqueryBuilder {
  return query(refId, expr).instant().format(PromQueryFormat.Table);
}

/** Series of the chosen portfolio over the dashboard's time range, named by `legend` (`{{kpi}}`). */
export function rangeQuery(refId: string, expr: string, legend: string): DataqueryBuilder {
  return query(refId, expr).range().format(PromQueryFormat.TimeSeries).legendFormat(legend);
}

function query(refId: string, expr: string): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId)
    .datasource(PROMETHEUS)
    .editorMode(QueryEditorMode.Code)
    .expr(ofPortfolio(expr.trim().replace(/\s+/g, ' ')));
}

/**
 * A metric as the exporter that computed the KPI last serves it: another replica may still show what it saw before it lost
 * its database. The alerts read the same (prometheus/src/recorded/freshness.ts).
 */
export function newest(metric: string, kpi: string): string {
  return `${metric} and on (job, instance) (instance_kpi:portfolio_kpi_newest:bool{kpi="${kpi}"} == 1)`;
}

/** A threshold of thresholds.yaml in base units. max() because every exporter exposes it. */
export function threshold(name: ThresholdName): string {
  return `max(portfolio_threshold{name="${name}"})`;
}

/** 1 where an exporter serves the KPI (of several, `one|other`, any): then its number is absent because there is none, not because nobody knows it. */
export function computed(kpi: string): string {
  return `max(instance_kpi:portfolio_kpi_newest:bool{kpi=~"${kpi}"} == 1)`;
}
