import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { PROMETHEUS } from '../shared/dataSources.js';
import { legend } from '../shared/legend.js';
import { rangeQuery } from '../shared/promQuery.js';
import { IN_WORDS, trendChart } from '../shared/trendChart.js';

/** Whether what follows alerts keeps up. */
export function actionsWaiting(id: number, at: GridPos): PanelBuilder {
  return trendChart({
    id,
    title: 'Actions: oldest that waits',
    at,
    unit: 's',
    axisLabel: '',
    empty: 'No actions process was seen in this period, or no answer from Prometheus',
    text: {
      shows:
        'Age of the oldest due job, of the oldest notification of Alertmanager that no job has handled, and of the oldest undelivered mail. 0: none waits.',
      whenRed:
        'nothing is red here: on-call is told of jobs and notifications after 5 min (PortfolioActionsQueueLate), of mails after 15 min (PortfolioMailUndelivered).',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(rangeQuery('A', 'max by (kind) (portfolio_actions_oldest_waiting_seconds)', '{{kind}}'))
    .withTransformation(IN_WORDS)
    .min(0)
    .legend(legend());
}
