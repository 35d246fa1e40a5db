import type { ThresholdName } from '../../../exporter/src/config/thresholdCatalogue.js';
import { METRICS, OWN_METRICS } from '../catalogue.js';
import type { KPIS } from '../catalogue.js';
import { absent, and, max, or, over, unless, unlessAnywhere, where } from './promql.js';
import type { Expr, SelectorNode } from './promql.js';
import { RECORDED } from './recorded.js';

export type KpiName = keyof typeof KPIS;
export type KpiMetric = keyof typeof METRICS;
type ScrapeLabel = 'job' | 'instance';

/** The jobs of prometheus.yml that rules ask about. */
type Job = 'portfolio-exporter' | 'portfolio-actions' | 'grafana';

/** What others export, with the labels that rules read. */
const FOREIGN = {
  up: ['job', 'instance'],
  process_start_time_seconds: ['job', 'instance'],
  ALERTS: ['alertname', 'alertstate', 'class', 'kpi', 'name'],
  alertmanager_notifications_failed_total: ['job', 'instance', 'integration'],
} as const;

export type MetricName = KpiMetric | keyof typeof OWN_METRICS | keyof typeof RECORDED | keyof typeof FOREIGN;
export type KpiLabel<M extends KpiMetric> = (typeof METRICS)[M]['labels'][number];
export type LabelOf<M extends MetricName> = M extends KpiMetric
  ? KpiLabel<M> | ScrapeLabel
  : M extends keyof typeof OWN_METRICS
    ? (typeof OWN_METRICS)[M][number] | ScrapeLabel
    : M extends keyof typeof RECORDED
      ? (typeof RECORDED)[M][number]
      : M extends keyof typeof FOREIGN
        ? (typeof FOREIGN)[M][number]
        : never;

type ValueOf<L extends string> = L extends 'kpi'
  ? KpiName
  : L extends 'name'
    ? ThresholdName
    : L extends 'job'
      ? Job
      : L extends 'alertstate'
        ? 'firing' | 'pending'
        : string;

interface Matcher<out V extends string> {
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /** Only in the types. */
  readonly of?: V;
}
type Matchers<M extends MetricName> = { readonly [L in LabelOf<M>]?: ValueOf<L> | Matcher<ValueOf<L>> };

export function oneOf<V extends string>(...values: readonly V[]): Matcher<V> {
  return { operator: values.length === 1 ? '=' : '=~', value: values.join('|') };
}

export function noneOf<V extends string>(...values: readonly V[]): Matcher<V> {
  return { operator: values.length === 1 ? '!=' : '!~', value: values.join('|') };
}

export const PRESENT: Matcher<never> = { operator: '!=', value: '' };

/** In a template: what the alert itself has in this label. */
export const OF_THIS_ALERT: Matcher<never> = { operator: '=', value: '%s' };

/** The series of a metric: `metric('up', { job: 'portfolio-exporter' })`. */
export function metric<M extends MetricName>(name: M, matchers: Matchers<M> = {}): Expr<LabelOf<M>> {
  const given = Object.entries(matchers as Readonly<Record<string, string | Matcher<string>>>);
  const node: SelectorNode = {
    kind: 'selector',
    metric: name,
    matchers: given.map(([label, value]) =>
      typeof value === 'string' ? { label, operator: '=', value } : { label, ...value },
    ),
    range: null,
    threshold: null,
  };
  return { node, labels: labelsOf(name) };
}

/** A selector with further matchers. */
export function withMatchers(of: Expr, matchers: Readonly<Record<string, Matcher<string>>>): Expr {
  if (of.node.kind !== 'selector') throw new Error('matchers are of a selector alone');
  const more = Object.entries(matchers).map(([label, { operator, value }]) => ({ label, operator, value }));
  return { node: { ...of.node, matchers: [...of.node.matchers, ...more] }, labels: of.labels };
}

function labelsOf<M extends MetricName>(name: M): LabelOf<M>[] {
  const scraped = name in METRICS || name in OWN_METRICS ? ['job', 'instance'] : [];
  const own =
    name in METRICS
      ? METRICS[name as KpiMetric].labels
      : ({ ...OWN_METRICS, ...RECORDED, ...FOREIGN } as Readonly<Record<string, readonly string[]>>)[name];
  return [...scraped, ...(own ?? [])] as LabelOf<M>[];
}

/** A number of thresholds.yaml, in base units: an edit takes effect without touching a rule. max(): every exporter has it. */
export function threshold(name: ThresholdName): Expr<never> {
  const read = metric('portfolio_threshold', { name });
  return max({ ...read, node: { ...(read.node as SelectorNode), threshold: name } });
}

/** The exporter that computed the KPI last. */
export function newestExporter(kpi: KpiName): Expr<LabelOf<'instance_kpi:portfolio_kpi_newest:bool'>> {
  return where(metric('instance_kpi:portfolio_kpi_newest:bool', { kpi }), '==', 1);
}

export interface NewestOptions<M extends KpiMetric, B extends KpiLabel<M>> {
  readonly only?: Matchers<M>;
  /** By default all labels of the metric. */
  readonly by?: readonly B[];
}

/**
 * A metric as the exporter that computed its KPI last serves it: another replica may still show what it saw before it lost its
 * database.
 */
export function newest<M extends KpiMetric, B extends KpiLabel<M> = KpiLabel<M>>(
  name: M,
  { only = {}, by }: NewestOptions<M, B> = {},
): Expr<B> {
  const { kpi, labels } = METRICS[name];
  const kept = (by ?? labels) as readonly B[];
  const series = metric(name, only) as Expr;
  return max(and(series, newestExporter(kpi), ['job', 'instance']) as Expr<B>, ...kept);
}

/** Nothing while the KPI is older than its service level: `and(x, fresh('portfolio_performance'), [])`. */
export function fresh(kpi: KpiName): Expr<'kpi'> {
  return where(metric('kpi:portfolio_kpi_fresh:bool', { kpi }), '==', 1);
}

const exporters = metric('up', { job: 'portfolio-exporter' });

/** An exporter that answers. */
export const exporterUp = where(exporters, '==', 1);

const scraped = over('last_over_time', exporters, '1h');

/**
 * What had an exporter within an hour, or nothing had. What is carried on because nobody can tell whether it is over ends with
 * its portfolio: else giving the targets a label would leave everything firing for ever under the old one.
 */
export const portfolioKnown = or(scraped, absent(scraped));

/** No exporter of the portfolio answers. For an hour it is known that there was one, unless its targets are another's now. */
export const exporterDown = unless(
  max(or(or(exporters, unlessAnywhere(scraped, exporters, ['job', 'instance'])), absent(scraped))),
  exporterUp,
  [],
);

const actions = metric('up', { job: 'portfolio-actions' });

/** An actions process that answers; where none is configured there is no `up` of it, and nothing is said. */
export const actionsUp = where(actions, '==', 1);

/** Had an actions process within an hour: what is carried on ends where its job is taken out of Prometheus. */
export const actionsKnown = over('last_over_time', actions, '1h');

/** No actions process answers. */
export const actionsDown = where(max(actions), '==', 0);

/** Of each exporter: its newest try of a KPI, and its newest that succeeded, which bears the time of its try. */
export const lastAttempt = metric('portfolio_kpi_last_attempt_timestamp_seconds');
export const lastSuccess = metric('portfolio_kpi_last_success_timestamp_seconds');

/** KPIs that every exporter leaves to another one: their shard does not answer. Nobody can tell what became of them. */
export const unassigned = where(max(metric('portfolio_kpi_assigned'), 'kpi'), '==', 0);

/** While no exporter reaches its database. */
export const databaseDown = where(max(metric('portfolio_database_up')), '==', 0);
