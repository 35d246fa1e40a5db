import { written } from '../shared/numbers.js';
import { ownAlert } from '../shared/ownAlert.js';
import { count, max, min, or, over, sum, where } from '../shared/promql.js';
import { actionsDown, metric } from '../shared/selectors.js';
import { FOUND, withQuery } from '../shared/texts.js';
import { portfolioDatabaseDown } from './portfolioDatabaseDown.js';

const processes = metric('up', { job: 'portfolio-actions' });
const ready = metric('portfolio_actions_ready');
const idle = where(max(ready), '==', 0);
const starts = min(over('changes', metric('process_start_time_seconds', { job: 'portfolio-actions' }), '15m'));
const number = written('count', FOUND);

const restarts = withQuery(where(starts, '>', 0), `, started ${number} times in 15 minutes`);

const value = `${withQuery(sum(processes), number, '0')} of ${withQuery(count(processes), number, '0')} processes answer${withQuery(idle, ', none runs jobs')}${restarts}`;

/** One that is well is enough: all work on the same rows. Where Prometheus watches none there is nothing to say. */
export const portfolioActionsDown = ownAlert({
  name: 'PortfolioActionsDown',
  severity: 'critical',
  when: 'no actions process has answered and run jobs for 2 min, or each was started more than 3 times in 15 min',
  condition: or(or(actionsDown, idle, []), where(starts, '>', 3), []),
  for: '2m',
  keepFiringFor: null,
  texts: () => ({
    summary: `Nothing follows alerts: ${value}`,
    description: `
      Alertmanager sends its messages as before, but no status is asked for, no decision, no report and no reminder goes out, and
      links in mails lead nowhere. What Alertmanager tells meanwhile it repeats; what fell due is made up for.`,
    value,
    limit: 'at least 1, started at most 3 times in 15 minutes',
    nextStep:
      'Ask /readyz of the actions process for the reason; where it does not answer, read the last lines of its log.',
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioDatabaseDown],
});
