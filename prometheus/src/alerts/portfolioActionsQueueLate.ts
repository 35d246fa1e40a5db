import { unlessUntold } from '../shared/actionsAlert.js';
import { written } from '../shared/numbers.js';
import { ownAlert } from '../shared/ownAlert.js';
import { max, where } from '../shared/promql.js';
import { metric, oneOf } from '../shared/selectors.js';
import { FOUND, withQuery } from '../shared/texts.js';
import { portfolioActionsDown } from './portfolioActionsDown.js';
import { portfolioDatabaseDown } from './portfolioDatabaseDown.js';

const NAME = 'PortfolioActionsQueueLate';
/** Mails wait for the mail server and have an alert of their own. */
const oldest = max(metric('portfolio_actions_oldest_waiting_seconds', { kind: oneOf('job', 'notification') }));

const value = withQuery(oldest, `the oldest has waited ${written('duration', FOUND)}`, 'not known');

export const portfolioActionsQueueLate = ownAlert({
  name: NAME,
  severity: 'high',
  when: 'a job that is due, or what Alertmanager has told, has waited for 5 min',
  condition: unlessUntold(NAME, where(oldest, '>', 300)),
  for: '1m',
  keepFiringFor: '5m',
  texts: () => ({
    summary: `What follows alerts is late: ${value}`,
    description: `
      Jobs are added faster than they are run, one holds up those behind it, or what Alertmanager told has no job that handles it.
      Status requests, decisions and reports come late.`,
    value,
    limit: '5 min',
    nextStep: 'Look at Jobs on the dashboard: which task waits, and which is under way; the log names what failed.',
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioActionsDown, portfolioDatabaseDown],
});
