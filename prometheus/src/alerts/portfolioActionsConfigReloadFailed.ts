import { unlessUntold } from '../shared/actionsAlert.js';
import { written } from '../shared/numbers.js';
import { ownAlert } from '../shared/ownAlert.js';
import { count, min, where } from '../shared/promql.js';
import { metric } from '../shared/selectors.js';
import { FOUND, withQuery } from '../shared/texts.js';
import { portfolioActionsDown } from './portfolioActionsDown.js';
import { portfolioConfigReloadFailed } from './portfolioConfigReloadFailed.js';

const NAME = 'PortfolioActionsConfigReloadFailed';
const reloaded = metric('portfolio_actions_config_last_reload_successful');
const number = written('count', FOUND);

const value = withQuery(
  count(where(reloaded, '==', 0)),
  `by ${number} of ${withQuery(count(reloaded), number)} processes`,
  'not known',
);

/** Where the exporter refuses the files that both read, one message is enough. */
export const portfolioActionsConfigReloadFailed = ownAlert({
  name: NAME,
  severity: 'high',
  when: 'an edited configuration of the actions process has been refused for 2 min',
  condition: unlessUntold(NAME, where(min(reloaded), '==', 0), reloaded),
  for: '2m',
  keepFiringFor: '5m',
  texts: () => ({
    summary: `The actions process refused its edited configuration: ${value}`,
    description: `
      actions.yaml, recipients.yaml, a file that one of them names, exporter.yaml, thresholds.yaml or a KPI unit has a mistake.
      Recipients, deadlines and dates of before the edit are in force; a restart would fail.`,
    value,
    limit: '2 min',
    nextStep: 'Read the lines "configuration problem" in its log; they name file, line and fix of every mistake.',
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioActionsDown, portfolioConfigReloadFailed],
});
