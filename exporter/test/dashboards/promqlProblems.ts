import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { descendants, parsePromql, selectorsOf } from '../prometheus/promql.js';
import { referenceProblems } from '../prometheus/ruleReferences.js';
import type { DashboardCatalogue } from './dashboardCatalogue.js';
import { unknownName } from './shapeProblems.js';

/**
 * What is wrong with a panel's PromQL: such a query is no error for Prometheus, it has no series.
 * @param legend names the series by labels: `{{kpi}}`
 * @param path of the target
 */
export function promqlProblems(expr: string, legend: string, path: string, known: DashboardCatalogue): string[] {
  const at = `${path}.expr`;
  // A window of one step misses the scrapes that a rate needs.
  const narrow = /\b(?:rate|irate|increase)\s*\([^[]*\[\$\{?__interval\b/.test(expr)
    ? [`${at}: rate() needs $__rate_interval in place of $__interval`]
    : [];
  const plain = withoutGrafana(expr);
  try {
    parsePromql(plain);
  } catch {
    return [...narrow, `${at}: is not PromQL`];
  }
  const rule = { record: at, expr: plain, labels: {} };
  const references = referenceProblems([rule], { ...known, metrics: new Set(known.metrics.keys()) });
  return [...narrow, ...references, ...labelProblems(plain, legend, path, known)];
}

/** Durations and texts in place of what Grafana puts in. */
function withoutGrafana(expr: string): string {
  return expr
    .replaceAll(/\$\{?__\w+_m?s\b\}?/g, '300')
    .replaceAll(/\$\{?__(?:rate_interval|interval|range)\b\}?/g, '5m')
    .replaceAll(/\$\{\w+(?::\w+)?\}|\$[a-z]\w*/gi, 'x');
}

function labelProblems(expr: string, legend: string, path: string, known: DashboardCatalogue): string[] {
  const made = labelsMadeBy(expr);
  const unknown = (label: string, labels: Iterable<string>): string => `label ${unknownName(label, labels)}`;
  const inSelectors = selectorsOf(expr).flatMap(({ metric, matchers }) => {
    const labels = known.metrics.get(metric) ?? known.labels;
    return matchers
      .filter(({ label }) => !labels.has(label))
      .map(({ label }) => `${path}.expr: ${metric} has no ${unknown(label, labels)}`);
  });
  const anywhere = new Set([...known.labels, ...made]);
  const grouped = groupingLabels(expr).filter((label) => !anywhere.has(label));
  const shown = [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].flatMap(([, label = '']) => label);
  return [
    ...new Set(inSelectors),
    ...[...new Set(grouped)].map((label) => `${path}.expr: ${unknown(label, anywhere)}`),
    ...shown
      .filter((label) => !anywhere.has(label))
      .map((label) => `${path}.legendFormat: ${unknown(label, anywhere)}`),
  ];
}

const textOf = (expr: string, node: SyntaxNode): string => expr.slice(node.from, node.to);

function groupingLabels(expr: string): string[] {
  const nodes = [...descendants(parsePromql(expr))].filter(({ name }) => name === 'GroupingLabels');
  return nodes.flatMap((node) => node.getChildren('LabelName').map((label) => textOf(expr, label)));
}

/** The labels that label_replace, label_join and count_values add; none where it cannot be read. */
export function labelsMadeBy(expr: string): string[] {
  const plain = withoutGrafana(expr);
  return [...descendants(parser.parse(plain).topNode)]
    .filter(({ name }) => ['LabelReplace', 'LabelJoin', 'CountValues'].includes(name))
    .flatMap((node) => {
      const strings = node.parent?.parent?.getChild('FunctionCallBody')?.getChildren('StringLiteral') ?? [];
      return strings.slice(0, 1).map((literal) => textOf(plain, literal).slice(1, -1));
    });
}
