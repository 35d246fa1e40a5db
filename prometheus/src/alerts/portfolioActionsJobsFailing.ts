import { unlessUntold } from '../shared/actionsAlert.js';
import { written } from '../shared/numbers.js';
import { ownAlert } from '../shared/ownAlert.js';
import { max, sum, where } from '../shared/promql.js';
import { metric, oneOf } from '../shared/selectors.js';
import { FOUND, withQuery } from '../shared/texts.js';
import { portfolioActionsDown } from './portfolioActionsDown.js';
import { portfolioDatabaseDown } from './portfolioDatabaseDown.js';

const NAME = 'PortfolioActionsJobsFailing';
/** Each process counts the same jobs. */
const failing = metric('portfolio_actions_jobs', { state: oneOf('retrying', 'dead') });
const byTask = max(failing, 'task', 'state');

const value = withQuery(sum(byTask), `${written('count', FOUND)} not done`, 'not known');
const tasks = withQuery(
  where(sum(byTask, 'task'), '>', 0),
  ' Tasks:{{ range sortByLabel "task" . }} {{ .Labels.task }}{{ end }}.',
);

/** What fails once and then succeeds is nobody's business: the first tries follow each other within minutes. */
export const portfolioActionsJobsFailing = ownAlert({
  name: NAME,
  severity: 'high',
  when: 'a job of the actions process has failed again and again for 10 min, or was given up',
  condition: unlessUntold(NAME, where(max(failing), '>', 0)),
  for: '10m',
  keepFiringFor: '5m',
  texts: () => ({
    summary: `Jobs of the actions process fail: ${value}`,
    description: `
      Something that follows an alert or a date fails again and again and is not done.${tasks} A job is tried for four days, ever more
      rarely, and then given up.`,
    value,
    limit: '10 min',
    nextStep: 'Open the actions page: it lists each failed job with its reason and runs it again.',
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioActionsDown, portfolioDatabaseDown],
});
