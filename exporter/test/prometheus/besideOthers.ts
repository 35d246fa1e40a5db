import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { firingSeries } from './firingSeries.js';
import { descendants, parsePromql } from './promql.js';
import { secondsOf } from './ruleTests.js';
import type { RuleTestFile } from './ruleTests.js';

type TestGroup = RuleTestFile['tests'][number];
type Series = TestGroup['input_series'][number];

const LONG = 3_000;

/** What another portfolio has where the tested one has this: the same, the same but later, all well, or nothing that answers. */
const OTHERS: Readonly<Record<string, (metric: string, values: string, step: number) => string>> = {
  same: (_metric, values) => values,
  later: (_metric, values) => `_x12 ${values}`,
  well: (metric, values, step) => {
    if (metric === 'portfolio_threshold') return `1000000000x${LONG}`;
    if (/^up$|_up$|_enabled$/.test(metric)) return `1x${LONG}`;
    return metric.endsWith('_timestamp_seconds') ? `0+${step}x${LONG}` : values;
  },
  down: (metric) => (metric === 'portfolio_threshold' ? `-1000000000x${LONG}` : `0x${LONG}`),
};
const UP = 'up{job="portfolio-exporter"';
const MINE = 'mine';
const NOT_OTHERS = `portfolio!~"${Object.keys(OTHERS).join('|')}"`;

/**
 * The tests with other portfolios beside the tested one, of which they ask nothing: a rule that keeps portfolios apart says
 * the same as without them. Alerts are asked for as series, so that those of the others do not count.
 */
export function besideOthers(file: RuleTestFile): RuleTestFile {
  return { ...file, tests: file.tests.map((group) => withOthers(group)) };
}

/**
 * The first test of a file in which an alert fires, beside other portfolios: at that moment the tested one goes with its
 * targets, and an hour and what is kept after it later the alert has ended, although the others are still there.
 */
export function goneBesideOthers(file: RuleTestFile): RuleTestFile {
  const firing = file.tests
    .filter((group) => !group.input_series.some(({ series }) => isLabelled(series)))
    .flatMap((group) => group.alert_rule_test.map((one) => ({ group, ...one, at: secondsOf(one.eval_time) })))
    .filter(({ exp_alerts }) => exp_alerts.length > 0)
    .toSorted((a, b) => a.at - b.at)[0];
  if (firing === undefined) return { ...file, tests: [] };
  const { group, alertname, at } = firing;
  const last = Math.floor(at / secondsOf(group.interval));
  const cut = ({ series, values }: Series): Series => ({
    series,
    values: [...samples(values).slice(0, last + 1), 'stale'].join(' '),
  });
  const up = { series: `${UP},instance="up:10039"}`, values: `1x${LONG}` };
  const ended = {
    ...group,
    input_series: [up, ...group.input_series],
    promql_expr_test: [],
    alert_rule_test: [{ eval_time: `${at + 80 * 60}s`, alertname, exp_alerts: [] }],
  };
  return { ...file, tests: [withOthers(ended, cut)] };
}

/** promtool's notation written out: `0+5x2 _ stale` is 0, 5, 10, none, the end. */
function samples(notation: string): string[] {
  return notation.split(/\s+/).flatMap((part) => {
    const [, first = '', step = '0', times] = /^(_|-?[\d.]+)([+-][\d.]+)?x(\d+)$/.exec(part) ?? [];
    if (times === undefined) return [part];
    if (first === '_') return Array<string>(Number(times)).fill('_');
    return Array.from({ length: Number(times) + 1 }, (_, index) => String(Number(first) + index * Number(step)));
  });
}

function withOthers(group: TestGroup, mineOf: (series: Series) => Series = (one) => one): TestGroup {
  // Where portfolios are named already, or no target is there to have the label, the tested one has none.
  const isNamed = group.input_series.some(({ series }) => isLabelled(series));
  const isBare = isNamed || !group.input_series.some(({ series }) => series.startsWith(UP));
  const mine = group.input_series.map(mineOf).map(({ series, values }) => ({
    series: isBare ? series : withMatcher(series, `portfolio="${MINE}"`),
    values,
  }));
  const step = secondsOf(group.interval);
  const others = Object.entries(OTHERS).flatMap(([portfolio, valuesOf]): Series[] =>
    group.input_series.flatMap(({ series, values }) => {
      if (isLabelled(series)) return [];
      const [metric = ''] = series.split('{');
      return [{ series: withMatcher(series, `portfolio="${portfolio}"`), values: valuesOf(metric, values, step) }];
    }),
  );
  const thresholds = Object.keys(DEFAULT_THRESHOLDS).map((name) => ({
    series: `portfolio_threshold{job="portfolio-exporter",instance="well:10039",portfolio="well",name="${name}"}`,
    values: `1000000000x${LONG}`,
  }));
  const labels = isBare ? {} : { portfolio: MINE };
  const alerts = group.alert_rule_test.map((one) => firingSeries(one, [NOT_OTHERS], labels));
  const queries = group.promql_expr_test.map((one) => ({
    ...one,
    expr: `label_replace(${ofMine(one.expr)}, "portfolio", "", "portfolio", "${MINE}")`,
  }));
  return {
    ...group,
    input_series: [...mine, ...others, ...thresholds],
    alert_rule_test: [],
    promql_expr_test: [...queries, ...alerts],
  };
}

const isLabelled = (series: string): boolean => /[{,]portfolio=/.test(series);

/** The query of the tested portfolio alone. */
function ofMine(expr: string): string {
  const selectors = [...descendants(parsePromql(expr))].filter(({ name }) => name === 'VectorSelector');
  return selectors.reduceRight(
    (text, { from, to }) => text.slice(0, from) + withMatcher(text.slice(from, to), NOT_OTHERS) + text.slice(to),
    expr,
  );
}

const withMatcher = (selector: string, matcher: string): string =>
  selector.includes('{')
    ? selector.replace(/\{\s*(?=(\S))/, (_all, next) => `{${matcher}${next === '}' ? '' : ','}`)
    : `${selector}{${matcher}}`;
