import { calculate, max, where } from '../shared/promql.js';
import { metric, newest, OF_THIS_ALERT } from '../shared/selectors.js';
import { numberAlert } from '../shared/numberAlert.js';
import { withQuery } from '../shared/texts.js';

const example = newest('portfolio_data_quality_example', { only: { check: OF_THIS_ALERT }, by: ['example'] });

export const portfolioDataQuality = numberAlert({
  name: 'PortfolioDataQuality',
  class: 'exporter',
  severity: 'medium',
  kpi: 'data_quality',
  unit: ['row', 'rows'],
  when: 'rows break a rule of [data-flow.md](data-flow.md)',
  // 0 for each portfolio.
  limit: calculate(0, '*', max(metric('up', { job: 'portfolio-exporter' }))),
  breach: (limit) => where(newest('portfolio_data_quality_violations'), '>', limit),
  texts: ({ label, value, one }) => ({
    summary: `${value} ${one('row breaks', 'rows break')} the rule ${label('check')}`,
    description: `
      Rows that break a rule of the data flow make the KPIs that read them wrong or incomplete. Nothing was dropped or
      repaired.${withQuery(example, ' An example: {{ . | first | label "example" }}.')}`,
    limit: '0 rows',
    nextStep: `Find the rule ${label('check')} in docs/data-flow.md; it says whose rows they are and how to find them.`,
  }),
  dashboard: 'portfolio-operations',
  // Rows to be mended in working hours: a weekly reminder is enough.
  notify: { recipients: ['PortfolioAnalyst'], slack: 'never', groupInterval: '1h', repeatInterval: '168h' },
});
