import { ownAlert } from '../shared/ownAlert.js';
import { over, sum, where } from '../shared/promql.js';
import { metric } from '../shared/selectors.js';
import { written } from '../shared/numbers.js';

/** Given up after every retry, so one slow answer of a mail server is not counted. */
const value = `${written('count', '$value')} failed in 15 minutes`;

export const notificationsFailing = ownAlert({
  name: 'NotificationsFailing',
  severity: 'critical',
  when: 'messages were given up within the last 15 min',
  condition: where(
    sum(over('increase', metric('alertmanager_notifications_failed_total'), '15m'), 'integration'),
    '>',
    0,
  ),
  for: null,
  keepFiringFor: '5m',
  texts: ({ label }) => ({
    summary: `Alertmanager cannot deliver by ${label('integration')}: ${value}`,
    description: `
      Notifications by ${label('integration')} failed after every retry within the last 15 minutes; somebody was not told of
      something. This message came on the way that works.`,
    // increase() extrapolates: one failure may come out as 1.02.
    value,
    limit: '0',
    nextStep: `Read Alertmanager's log for ${label('integration')}: it names the receiver and the answer of the server.`,
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [],
});
