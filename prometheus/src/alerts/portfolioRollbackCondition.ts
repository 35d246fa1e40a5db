import { calculate, max, where } from '../shared/promql.js';
import { metric, newest } from '../shared/selectors.js';
import { numberAlert } from '../shared/numberAlert.js';

export const portfolioRollbackCondition = numberAlert({
  name: 'PortfolioRollbackCondition',
  class: 'kpi',
  severity: 'high',
  kpi: 'rollback',
  unit: ['condition', 'conditions'],
  when: 'a scenario of the rollback procedure is there ([rollback.md](rollback.md))',
  // 0 for each portfolio.
  limit: calculate(0, '*', max(metric('up', { job: 'portfolio-exporter' }))),
  breach: (limit) => where(newest('portfolio_rollback_condition'), '>', limit),
  texts: ({ label, ifLabel }) => ({
    summary: `Decide whether to roll back: ${ifLabel('condition', 'conflicts_escalate', 'conflicts escalate')}${ifLabel(
      'condition',
      'value_below_cost',
      'an initiative is worth less than it cost',
    )}${ifLabel('condition', 'performance_degrades', 'performance degrades')}`,
    description: `
      The rows meet the condition ${label('condition')} of the rollback procedure. Nothing is rolled back by itself: the decision
      is the Chairman's.`,
    limit: 'no condition',
    nextStep: 'Go through the decision tree in docs/rollback.md. Take a snapshot before you change anything.',
  }),
  dashboard: 'portfolio-performance',
  notify: { recipients: ['Chairman'], slack: 'never' },
});
