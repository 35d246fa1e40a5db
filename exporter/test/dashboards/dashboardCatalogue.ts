import { readdirSync, readFileSync } from 'node:fs';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import { createSelfMetrics } from '../../src/metrics/selfMetrics.js';
import { isAlert, loadRuleFiles, rulesOf } from '../prometheus/ruleFiles.js';
import { FOREIGN_METRICS } from '../prometheus/ruleReferences.js';
import { fillSelfMetrics } from '../support/fillSelfMetrics.js';
import { parseMetrics } from '../support/metricsText.js';
import { guardedColumns } from './linkProblems.js';

/** What dashboards may name. */
export interface DashboardCatalogue {
  /** Each metric's labels. */
  readonly metrics: ReadonlyMap<string, ReadonlySet<string>>;
  /** The labels of any metric. */
  readonly labels: ReadonlySet<string>;
  readonly kpis: ReadonlySet<string>;
  readonly thresholds: ReadonlySet<string>;
  /** `reporting.view`: what the role of Grafana may read. */
  readonly relations: ReadonlySet<string>;
  /** Columns of those that hold NULL or an http(s) address. */
  readonly links: ReadonlySet<string>;
}

const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url);

/** Prometheus makes these itself, a series for each alert that is not inactive. */
const ALERTS = ['ALERTS', 'ALERTS_FOR_STATE'];

/** Prometheus adds these to every scraped sample, and its own to alerts. */
const SCRAPED = ['job', 'instance'];
const OF_ALERTS = ['alertname', 'alertstate'];

/** The metrics, KPIs, thresholds and views as they are shipped. */
export async function shippedCatalogue(): Promise<DashboardCatalogue> {
  const units = await shippedUnits();
  const rules = rulesOf(loadRuleFiles().values());
  const scraped = new Map([
    ...units.flatMap(({ metrics }) => metrics.map(({ name, labels }) => [name, labels] as const)),
    ...(await selfMetricLabels()),
  ]);
  const added = rules.flatMap((rule) => Object.keys(rule.labels));
  const labels = new Set([...[...scraped.values()].flat(), ...SCRAPED, ...OF_ALERTS, ...added]);
  // What labels an expression leaves is not worked out: they may have any.
  const others = [...rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record])), ...FOREIGN_METRICS, ...ALERTS];
  const migrations = readdirSync(MIGRATIONS).map((name) => readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  const views = migrations.flatMap((sql) => [...sql.matchAll(/^CREATE (?:OR REPLACE )?VIEW (reporting\.\w+)/gim)]);
  return {
    metrics: new Map([
      ...[...scraped].map(([name, own]) => [name, new Set([...own, ...SCRAPED])] as const),
      ...others.map((name) => [name, labels] as const),
    ]),
    labels,
    kpis: new Set(units.map(({ name }) => name)),
    thresholds: new Set(THRESHOLD_NAMES),
    relations: new Set(views.map(([, name = '']) => name)),
    links: new Set(migrations.flatMap(guardedColumns)),
  };
}

async function selfMetricLabels(): Promise<Map<string, string[]>> {
  const self = createSelfMetrics({ version: '1.2.3', nodeVersion: 'v20.19.0' });
  fillSelfMetrics(self);
  const samples = parseMetrics(await self.registry.metrics());
  return new Map(
    samples.map(({ metric }) => {
      const own = samples.filter((sample) => sample.metric === metric);
      return [metric, own.flatMap(({ labels }) => Object.keys(labels))];
    }),
  );
}
