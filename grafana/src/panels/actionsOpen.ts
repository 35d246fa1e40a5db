import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { PROMETHEUS } from '../shared/dataSources.js';
import { legend } from '../shared/legend.js';
import { rangeQuery } from '../shared/promQuery.js';
import { IN_WORDS, trendChart } from '../shared/trendChart.js';

/** What is not done: by the process, by the mail server, by people. */
export function actionsOpen(id: number, at: GridPos): PanelBuilder {
  return trendChart({
    id,
    title: 'Actions: not done',
    at,
    unit: 'none',
    axisLabel: '',
    empty: 'No actions process was seen in this period, or no answer from Prometheus',
    text: {
      shows:
        'Jobs that failed and are tried again (retrying) or were given up (dead); mails that wait or were refused within a day; approvals and status requests that nobody has answered.',
      whenRed:
        'nothing is red here: the page of the actions process names each job, mail and request. Jobs and mails that stay have an alert; requests that stay are reminded of.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(
      rangeQuery(
        'jobs',
        'sum by (state) (max by (task, state) (portfolio_actions_jobs{state=~"retrying|dead"}))',
        'jobs {{state}}',
      ),
    )
    .withTarget(rangeQuery('mails', 'max by (state) (portfolio_actions_mails)', 'mails {{state}}'))
    .withTarget(
      rangeQuery('requests', 'max by (kind) (portfolio_actions_open_requests{state="open"})', '{{kind}} requests open'),
    )
    .withTransformation(IN_WORDS)
    .min(0)
    .axisSoftMax(4)
    .decimals(0)
    .legend(legend());
}
