import { descendants, parsePromql, selectorsOf } from '../prometheus/promql.js';
import type { PromQuery } from './panelQueries.js';

/** What lets every series through. */
const ALL = '.*';

/** PromQL as Grafana sends it; a portfolio without a label is the empty text. */
export const expandPromql = (expr: string, portfolio = ''): string =>
  expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('${portfolio:regex}', portfolio)
    .replaceAll('$portfolio', portfolio)
    .replaceAll('${chosen_initiatives:raw}', ALL);

/** Each series that the query must find to mean something: a metric with one value of each label that it asks for. */
export function seriesOf({ expr }: PromQuery): string[] {
  return selectorsOf(expandPromql(expr)).flatMap(({ metric, matchers }) =>
    matchers
      .filter(({ operator, value }) => operator.startsWith('=') && value !== ALL)
      .reduce<string[]>(
        (found, { label, value }) =>
          found.flatMap((one) => value.split('|').map((alternative) => `${one},${label}="${alternative}"`)),
        [`{__name__="${metric}"`],
      )
      .map((selector) => `${selector}}`),
  );
}

export interface LabelNames {
  /** That it groups or names series by. */
  readonly read: readonly string[];
  /** That label_replace, label_join and count_values add. */
  readonly made: readonly string[];
}

export function labelsOf({ expr, legend }: Pick<PromQuery, 'expr' | 'legend'>): LabelNames {
  const text = expandPromql(expr);
  const nodes = [...descendants(parsePromql(text))];
  const written = ({ from, to }: { from: number; to: number }): string => text.slice(from, to);
  const makers = nodes.filter(({ name }) => ['LabelReplace', 'LabelJoin', 'CountValues'].includes(name));
  return {
    read: [
      ...nodes
        .filter(({ name }) => name === 'GroupingLabels')
        .flatMap((node) => node.getChildren('LabelName').map(written)),
      ...[...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label),
    ],
    made: makers.flatMap((node) => {
      const strings = node.parent?.parent?.getChild('FunctionCallBody')?.getChildren('StringLiteral') ?? [];
      return strings.slice(0, 1).map((literal) => written(literal).slice(1, -1));
    }),
  };
}
