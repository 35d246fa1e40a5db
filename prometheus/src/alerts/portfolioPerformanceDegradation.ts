import { calculate, labelled, union, where } from '../shared/promql.js';
import { newest, threshold } from '../shared/selectors.js';
import { numberAlert } from '../shared/numberAlert.js';
import { written } from '../shared/numbers.js';
import { FOUND, one, withQuery } from '../shared/texts.js';

const silent = where(newest('portfolio_ventures_missing_metrics'), '>', 0);
const ofAll = withQuery(newest('portfolio_active_ventures'), `of ${written('count', FOUND)} `);
const notReported = withQuery(
  silent,
  ` (${written('count', FOUND)} ${ofAll}ventures ${one('has', 'have', FOUND)} not reported)`,
);

export const portfolioPerformanceDegradation = numberAlert({
  name: 'PortfolioPerformanceDegradation',
  class: 'kpi',
  severity: 'critical',
  kpi: 'portfolio_performance',
  unit: 'percent',
  when: 'revenue or profit below the end of last month by more than `performance_drop_alert`',
  limit: calculate(-1, '*', threshold('performance_drop_alert')),
  breach: (limit) =>
    where(
      union(
        labelled(newest('portfolio_revenue_month_change_ratio'), 'measure', 'revenue'),
        labelled(newest('portfolio_profit_month_change_ratio'), 'measure', 'profit'),
      ),
      '<',
      limit,
    ),
  texts: ({ label, value }) => ({
    summary: `Portfolio ${label('measure')} changed by ${value} since the end of last month${notReported}`,
    description: `
      The ${label('measure')} of all ventures together, by their newest rows, stands at ${value} against
      the last day of the previous month.`,
    nextStep:
      'Open the dashboard and find the venture that explains the fall; then hold the review with the Portfolio Optimization Advisor.',
  }),
  dashboard: 'portfolio-performance',
  notify: { recipients: ['Chairman', 'PortfolioOptimizationAdvisor'], slack: 'always' },
});
