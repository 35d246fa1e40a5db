import { isAlert, nameOf } from './ruleFiles.js';
import type { Rule } from './ruleFiles.js';
import { queriesOf, selectorsOf } from './promql.js';
import type { Matcher, Selector } from './promql.js';

/** What rules may name. */
export interface Catalogue {
  readonly metrics: ReadonlySet<string>;
  readonly kpis: ReadonlySet<string>;
  readonly thresholds: ReadonlySet<string>;
}

/** Metrics of Prometheus itself and of Alertmanager. */
export const FOREIGN_METRICS = [
  'ALERTS',
  'up',
  'process_start_time_seconds',
  'alertmanager_notifications_failed_total',
];

/** The expression, and the queries inside labels and annotations. */
export function queriesOfRule(rule: Rule): string[] {
  const templates = [...Object.values(rule.labels), ...(isAlert(rule) ? Object.values(rule.annotations) : [])];
  return [rule.expr, ...templates.flatMap(queriesOf)];
}

/** What a rule names and nobody has. Such a rule is not wrong for Prometheus: it is silent for ever. */
export function referenceProblems(rules: readonly Rule[], catalogue: Catalogue): string[] {
  const recorded = rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]));
  const metrics = new Set([...catalogue.metrics, ...recorded, ...FOREIGN_METRICS]);
  return rules.flatMap((rule) => {
    const selectors = queriesOfRule(rule).flatMap(selectorsOf);
    const problems = selectors.flatMap((selector) => selectorProblems(selector, metrics, catalogue));
    const label = rule.labels['kpi'];
    if (label !== undefined && !catalogue.kpis.has(label)) problems.push(`no such KPI: ${label}`);
    return [...new Set(problems)].map((problem) => `${nameOf(rule)}: ${problem}`);
  });
}

function selectorProblems(selector: Selector, metrics: ReadonlySet<string>, catalogue: Catalogue): string[] {
  const { metric, matchers } = selector;
  if (!metrics.has(metric)) return [`no such metric: ${metric || 'a selector without a name'}`];
  return [
    ...unknownValues(matchers, 'kpi', catalogue.kpis).map((name) => `no such KPI: ${name}`),
    ...(metric === 'portfolio_threshold'
      ? unknownValues(matchers, 'name', catalogue.thresholds).map((name) => `no such threshold: ${name}`)
      : []),
  ];
}

function unknownValues(matchers: readonly Matcher[], label: string, known: ReadonlySet<string>): string[] {
  const values = matchers.filter((matcher) => matcher.label === label).flatMap(alternatives);
  return values.filter((value) => value !== '%s' && value !== '' && !known.has(value));
}

const alternatives = ({ operator, value }: Matcher): string[] => (operator.endsWith('~') ? value.split('|') : [value]);

/** The thresholds that a rule reads. */
export function thresholdsOf(rule: Rule): string[] {
  return queriesOfRule(rule)
    .flatMap(selectorsOf)
    .filter(({ metric }) => metric === 'portfolio_threshold')
    .flatMap(({ matchers }) => matchers.filter(({ label }) => label === 'name').flatMap(alternatives));
}
