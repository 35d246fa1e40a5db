import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { until } from '../support/alerting/until.js';
import { valueOf } from '../support/metricsText.js';
import type { TextSample } from '../support/metricsText.js';
import { loadRuleFiles, rulesOf } from '../prometheus/ruleFiles.js';
import { DASHBOARDS } from './dashboardModel.js';
import type { TargetModel } from './dashboardModel.js';
import { missingFields } from './missingFields.js';
import type { Fields } from './missingFields.js';
import { figuresOf, figuresOfMetrics } from './overviewFigures.js';
import { PROM_QUERIES, SQL_QUERIES } from './panelQueries.js';
import { startPanelStack } from './panelStack.js';
import type { PanelStack } from './panelStack.js';
import { expandPromql, labelsOf, seriesOf } from './promqlNames.js';
import { runPanelSql } from './runPanelSql.js';

const binaries = findAlertingBinaries();
/** Labels that rules put on what they find: an alert that does not fire on the demo portfolio has none. */
const MADE_BY_RULES = rulesOf(loadRuleFiles().values()).flatMap(({ expr }) => labelsOf({ expr, legend: '' }).made);
/** A portfolio by itself has no such label; that panels tell portfolios apart is in portfolios.slow.test.ts. */
const PORTFOLIO = 'portfolio';

/** Absent while every delay has its answer, as in the demo portfolio. */
const WHILE_UNANSWERED = 'portfolio_initiative_unanswered_seconds';

/** What takes the place of a number that is older than its service level. */
const isOfStale = (name: string): boolean => name.endsWith(' / stale');

/** The demo portfolio, two exporters (as in production, so that duplicate series show), Prometheus with the shipped rules. */
describe.skipIf(binaries === null)('on a Prometheus that has scraped the exporters', () => {
  let stack: PanelStack;
  let metrics: TextSample[];

  beforeAll(async () => {
    if (binaries === null) return;
    stack = await startPanelStack(binaries);
    metrics = await stack.metrics();
  }, 900_000);

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
    const [only, ...others] = await stack.prometheus.query(expandPromql(query.expr));
    if (only === undefined || others.length > 0) throw new Error(`${name} is not one number`);
    return only.value;
  };

  it.each(PROM_QUERIES.filter(({ name }) => !isOfStale(name)))(
    '$name is answered',
    async ({ expr }) => {
      const query = expandPromql(expr);
      // A rate needs two scrapes, a rule its turn, which comes once a minute.
      await until(async () => (await stack.prometheus.query(query)).length > 0, 75_000);
      expect(await stack.prometheus.query(query)).not.toEqual([]);
    },
    90_000,
  );

  it.each(PROM_QUERIES.filter(({ name }) => isOfStale(name)))(
    '$name is answered where its KPI is late, and only there',
    async ({ expr }) => {
      const query = expandPromql(expr);
      const ofFresh = query.replace('== 0', '== 1');
      expect(ofFresh).not.toBe(query);
      await until(async () => (await stack.prometheus.query(ofFresh)).length > 0, 75_000);
      expect(await stack.prometheus.query(ofFresh)).toHaveLength(1);
      expect(await stack.prometheus.query(query)).toEqual([]);
    },
    90_000,
  );

  it('reads series and labels that there are, also where another part of the query answers', async () => {
    const isThere = async (query: string): Promise<boolean> => (await stack.prometheus.query(query)).length > 0;
    const missing = new Set<string>();
    const series = PROM_QUERIES.flatMap(seriesOf).filter((one) => !one.includes(`"${WHILE_UNANSWERED}"`));
    for (const one of new Set(series)) if (!(await isThere(one))) missing.add(one);
    for (const { read, made } of PROM_QUERIES.map(labelsOf)) {
      for (const label of read)
        if (![...made, ...MADE_BY_RULES, PORTFOLIO].includes(label) && !(await isThere(`count({${label}!=""})`)))
          missing.add(`label ${label}`);
    }
    expect([...missing]).toEqual([]);
  });

  it('configures fields and queries that there are', async () => {
    const missing = [];
    for (const { uid, panels } of DASHBOARDS)
      for (const panel of panels) {
        const fields = new Map<string, Fields>();
        for (const target of panel.targets) fields.set(target.refId, await fieldsOf(target, panel.targets));
        missing.push(...missingFields(panel, fields).map((problem) => `${uid} / ${panel.title}: ${problem}`));
      }
    expect(missing).toEqual([]);
  });

  /** As Grafana names them. */
  const fieldsOf = async (target: TargetModel, all: readonly TargetModel[]): Promise<Fields> => {
    const { refId, rawSql, expr = '', format, legendFormat: legend } = target;
    if (rawSql !== undefined) return new Set((await runPanelSql(stack.client, rawSql)).names);
    if (format !== 'table') return legend.includes('{{') ? null : new Set(['Time', legend]);
    const { read, made } = labelsOf({ expr, legend });
    const answered = (await stack.prometheus.query(expandPromql(expr))).flatMap(({ labels }) => Object.keys(labels));
    const tables = all.filter((one) => one.expr !== undefined && one.format === 'table');
    return new Set(['Time', tables.length > 1 ? `Value #${refId}` : 'Value', ...answered, ...read, ...made]);
  };

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

    it('the sentences of the overview', async () => {
      const query = PROM_QUERIES.find(({ name }) => name === 'portfolio-overview / Where the portfolio stands / A');
      const answers = await stack.prometheus.query(expandPromql(query?.expr ?? ''));
      expect(figuresOf(answers.map(({ labels }) => labels))).toEqual(figuresOfMetrics(metric, every));
    });

    it('what changed since the end of last month', async () => {
      const [portfolio] = await rowsOf('portfolio-overview / What changed most since last month / A');
      for (const [column, now, change] of [
        ['Revenue', 'portfolio_revenue_dollars', 'portfolio_revenue_month_change_ratio'],
        ['Profit', 'portfolio_profit_dollars', 'portfolio_profit_month_change_ratio'],
      ] as const) {
        const moved = Number(portfolio?.[column]);
        expect(moved / Math.abs(metric(now) - moved)).toBeCloseTo(metric(change), 6);
      }
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
      const top = await rowsOf('portfolio-performance / Top 5 of the whole portfolio / A');
      const bottom = await rowsOf('portfolio-performance / Bottom 5 of the whole portfolio / A');
      expect(top.map((row) => row['Venture'])).toEqual(names.slice(0, 5));
      expect(bottom.map((row) => row['Venture'])).toEqual(names.toReversed().slice(0, 5));
    });

    it('return on each initiative', async () => {
      const rows = [
        ...(await rowsOf('synergy-value / Synergy ROI by initiative (size: ventures involved) / A')),
        ...(await rowsOf('synergy-value / Synergy ROI by initiative (size: ventures involved) / B')),
      ];
      for (const { labels, value } of every('portfolio_synergy_roi_ratio'))
        expect(Number(rows.find((row) => row['Initiative'] === labels['initiative'])?.['ROI'])).toBeCloseTo(
          100 * value,
          6,
        );
    });

    it('the year to date, and the month in it', async () => {
      const total = metric('portfolio_synergy_value_year_to_date_dollars');
      const [yearToDate] = await rowsOf('synergy-value / Total synergy value, YTD / A');
      expect(Number(yearToDate?.['Value captured'])).toBeCloseTo(total, 6);
      const year = new Date().getUTCFullYear();
      const months = await rowsOf('synergy-value / Value capture timeline, complete months / A');
      const kinds = ['Cost saved', 'Revenue generated', 'Time saved'];
      const complete = months
        .filter((row) => z.date().parse(row['day']).getUTCFullYear() === year)
        .reduce((sum, row) => sum + kinds.reduce((all, kind) => all + Number(row[kind]), 0), 0);
      const [running] = await rowsOf('synergy-value / Captured this month so far / A');
      expect(complete + Number(running?.['Value captured'])).toBeCloseTo(total, 6);
    });

    it('what is captured of each target value', async () => {
      const rows = await rowsOf('initiative-tracking / Value capture progress / A');
      for (const { labels, value } of every('portfolio_initiative_value_progress_ratio')) {
        const shown = rows.find((row) => row['Initiative'] === labels['initiative'])?.['Captured of target value'];
        expect(/([\d,]+)%/.exec(String(shown))?.[1]).toBe(String(Math.floor(100 * value)));
      }
    });

    it('allocation of each resource', async () => {
      const rows = await rowsOf('resource-efficiency / Resource allocation matrix / A');
      for (const { labels, value } of every('portfolio_resource_allocation_ratio')) {
        const cells = rows.filter((row) => String(row['resource']).endsWith(` · ${labels['resource'] ?? ''}`));
        const [totals, shares] = [
          cells.filter((row) => row['venture'] === 'Total'),
          cells.filter((row) => row['venture'] !== 'Total'),
        ];
        expect(totals.map((row) => Number(row['pct']))).toEqual([expect.closeTo(100 * value, 6)]);
        expect(shares.reduce((sum, row) => sum + Number(row['pct']), 0)).toBeCloseTo(100 * value, 6);
      }
    });

    it('duplicate efforts, baseline and target', async () => {
      const last = (await rowsOf('resource-efficiency / Duplicate efforts trend / A')).at(-1);
      const baseline = metric('portfolio_duplicate_effort_baseline_seconds') / 3600;
      expect(Number(last?.['Current duplicate hours'])).toBeCloseTo(
        metric('portfolio_duplicate_effort_seconds') / 3600,
        6,
      );
      expect(Number(last?.['Baseline duplicate hours'])).toBeCloseTo(baseline, 6);
      expect(Number(last?.['Target duplicate hours'])).toBeCloseTo(
        baseline * (1 - DEFAULT_THRESHOLDS.resource_efficiency_improvement_target),
        6,
      );
    });

    it('conflicts, utilization and how long conflicts took', async () => {
      const status = async (refId: string): Promise<number> =>
        numberOf(`resource-efficiency / Conflicts, whole portfolio / ${refId}`);
      const resolved = metric('portfolio_conflicts', { status: 'RESOLVED' });
      const open = every('portfolio_conflict_open_seconds').map(({ labels }) => labels['status']);
      expect(await status('A')).toBe(resolved);
      expect(await status('B')).toBe(open.filter((one) => one === 'IN_PROGRESS').length);
      expect(await status('C')).toBe(open.filter((one) => one !== 'IN_PROGRESS').length);
      expect(await numberOf('resource-efficiency / Utilization, 30 days / A')).toBeCloseTo(
        100 * metric('portfolio_resource_utilization_ratio'),
        6,
      );
      const bins = await rowsOf('resource-efficiency / Conflict resolution time, 30 days / A');
      const drawn = bins.reduce((sum, row) => sum + Number(row['Within target']) + Number(row['Over target']), 0);
      expect(drawn).toBe(resolved);
    });

    it('active and stalled initiatives', async () => {
      const active = await rowsOf('initiative-tracking / Active initiatives / A');
      expect(active).toHaveLength(metric('portfolio_initiatives_active'));
      const [counted] = await rowsOf('initiative-tracking / Active initiatives, now / A');
      expect(Number(counted?.['Active'])).toBe(active.length);
      const idle = every('portfolio_initiative_idle_seconds');
      for (const { labels, value } of idle) {
        const row = active.find((one) => String(one['Initiative']).replace('★ ', '') === labels['initiative']);
        expect(row?.['Last update']).toBe(Math.floor(value / 86_400));
      }
      const stalled = idle.filter(({ value }) => value >= DEFAULT_THRESHOLDS.stalled_initiative_threshold);
      expect(await rowsOf('initiative-tracking / Stalled initiatives / A')).toHaveLength(stalled.length);
      expect(await numberOf('initiative-tracking / Stalled initiatives / A')).toBe(stalled.length);
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
