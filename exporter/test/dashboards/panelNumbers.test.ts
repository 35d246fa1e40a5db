import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { valueOf } from '../support/metricsText.js';
import type { TextSample } from '../support/metricsText.js';
import { EMPTY_ON_DEMO } from './emptyOnDemo.js';
import { PROM_QUERIES, SQL_QUERIES } from './panelQueries.js';
import { startPanelStack } from './panelStack.js';
import type { PanelStack } from './panelStack.js';
import { runPanelSql } from './runPanelSql.js';

const binaries = findAlertingBinaries();

/** The demo portfolio, two exporters (as in production, so that duplicate series show), Prometheus with the shipped rules. */
describe.skipIf(binaries === null)('on a Prometheus that has scraped the exporters', () => {
  let stack: PanelStack;
  let metrics: TextSample[];

  beforeAll(async () => {
    if (binaries === null) return;
    stack = await startPanelStack(binaries);
    metrics = await stack.metrics();
  }, 240_000);

  afterAll(() => stack.stop());

  /** The number of /metrics; throws where the sample is not there. */
  const metric = (name: string, labels: Readonly<Record<string, string>> = {}): number => {
    const value = valueOf(metrics, name, labels);
    if (value === undefined) throw new Error(`no ${name}`);
    return value;
  };
  const every = (name: string): TextSample[] => {
    const found = metrics.filter((sample) => sample.metric === name);
    if (found.length === 0) throw new Error(`no ${name}`);
    return found;
  };
  const rowsOf = async (name: string): Promise<Readonly<Record<string, unknown>>[]> => {
    const query = SQL_QUERIES.find((one) => one.name === name);
    if (query === undefined) throw new Error(`no query ${name}`);
    return [...(await runPanelSql(stack.client, query.sql)).rows];
  };
  const numberOf = async (name: string): Promise<number> => {
    const query = PROM_QUERIES.find((one) => one.name === name);
    if (query === undefined) throw new Error(`no query ${name}`);
    const [only, ...others] = await stack.prometheus.query(query.expr);
    if (only === undefined || others.length > 0) throw new Error(`${name} is not one number`);
    return only.value;
  };

  it.each(PROM_QUERIES)('$name is answered', async ({ name, expr }) => {
    const series = await stack.prometheus.query(expr.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '1h'));
    if (EMPTY_ON_DEMO.includes(name)) expect(series).toEqual([]);
    else expect(series).not.toEqual([]);
  });

  it('has no exception for a query that is gone', () => {
    const names = PROM_QUERIES.map(({ name }) => name);
    expect(EMPTY_ON_DEMO.filter((name) => !names.includes(name))).toEqual([]);
  });

  describe('shows the numbers of /metrics', () => {
    it('revenue, baseline and target', async () => {
      const last = (await rowsOf('portfolio-performance / Portfolio revenue trend / A')).at(-1);
      const baseline = metric('portfolio_baseline_revenue_dollars');
      expect(Number(last?.['Current revenue'])).toBe(metric('portfolio_revenue_dollars'));
      expect(Number(last?.['Baseline revenue'])).toBe(baseline);
      expect(Number(last?.['Target revenue'])).toBeCloseTo(
        baseline * (1 + DEFAULT_THRESHOLDS.portfolio_revenue_improvement_target),
        6,
      );
    });

    it('burn, profit and margin', async () => {
      const last = (await rowsOf('portfolio-performance / Portfolio profit margin / A')).at(-1);
      const [revenue, profit] = [metric('portfolio_revenue_dollars'), metric('portfolio_profit_dollars')];
      expect(Number(last?.['Revenue'])).toBe(revenue);
      expect(Number(last?.['Burn rate'])).toBe(metric('portfolio_burn_dollars'));
      expect(Number(last?.['Profit'])).toBe(profit);
      expect(Number(last?.['Profit margin'])).toBeCloseTo((100 * profit) / revenue, 9);
    });

    it('venture scores', async () => {
      const rows = await rowsOf('portfolio-performance / Venture scorecard / A');
      const scores = every('portfolio_venture_score');
      expect(rows).toHaveLength(scores.length);
      for (const { labels, value } of scores)
        expect(Number(rows.find((row) => row['Venture'] === labels['venture'])?.['Total score'])).toBeCloseTo(value, 2);
    });

    it('the five best and the five worst', async () => {
      const scores = every('portfolio_venture_score').toSorted((one, other) => other.value - one.value);
      const names = scores.map(({ labels }) => labels['venture']);
      const top = await rowsOf('portfolio-performance / Top 5 performers / A');
      const bottom = await rowsOf('portfolio-performance / Bottom 5 performers / A');
      expect(top.map((row) => row['Venture'])).toEqual(names.slice(0, 5));
      expect(bottom.map((row) => row['Venture'])).toEqual(names.toReversed().slice(0, 5));
    });

    it('improvement against the baseline', async () => {
      for (const [panel, name] of [
        ['Revenue growth', 'portfolio_revenue_improvement_ratio'],
        ['Profit growth', 'portfolio_profit_improvement_ratio'],
        ['User growth', 'portfolio_user_growth_ratio'],
      ] as const)
        expect(await numberOf(`portfolio-performance / ${panel} / A`)).toBeCloseTo(100 * metric(name), 6);
    });
  });
});
