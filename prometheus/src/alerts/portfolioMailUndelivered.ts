import { unlessUntold } from '../shared/actionsAlert.js';
import { written } from '../shared/numbers.js';
import { ownAlert } from '../shared/ownAlert.js';
import { max, or, where } from '../shared/promql.js';
import { metric } from '../shared/selectors.js';
import { FOUND, withQuery } from '../shared/texts.js';
import { portfolioActionsDown } from './portfolioActionsDown.js';
import { portfolioDatabaseDown } from './portfolioDatabaseDown.js';

const NAME = 'PortfolioMailUndelivered';
const oldest = max(metric('portfolio_actions_oldest_waiting_seconds', { kind: 'mail' }));
const number = (state: 'waiting' | 'refused') => max(metric('portfolio_actions_mails', { state }));
const waiting = number('waiting');
const refused = number('refused');
const counted = (words: string): string => `${written('count', FOUND)} ${words}`;

const value = `${withQuery(waiting, counted('wait'), 'not known')}${withQuery(where(refused, '>', 0), `, ${counted('refused within a day')}`)}`;

export const portfolioMailUndelivered = ownAlert({
  name: NAME,
  severity: 'high',
  when: 'a mail of the actions process has waited for its server for 15 min, or one was refused for good within a day',
  condition: unlessUntold(NAME, or(where(oldest, '>', 900), where(refused, '>', 0), [])),
  for: '1m',
  keepFiringFor: '5m',
  texts: () => ({
    summary: `Mails of the actions process are not delivered: ${value}`,
    description: `
      The mail server does not answer, takes no login, or refuses a recipient. Who was to be asked or told has not been: status
      requests and decisions run against their deadlines. What waits is tried every five minutes for five days.`,
    value,
    limit: '15 min, none refused',
    nextStep: 'Open the actions page: undelivered mails stand there with what the server answered.',
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioActionsDown, portfolioDatabaseDown],
});
