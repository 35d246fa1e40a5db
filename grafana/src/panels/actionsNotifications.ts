import { GraphDrawStyle, StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { PROMETHEUS } from '../shared/dataSources.js';
import { legend } from '../shared/legend.js';
import { rangeQuery } from '../shared/promQuery.js';
import { IN_WORDS, trendChart } from '../shared/trendChart.js';

/** What Alertmanager told, and how that ended. */
export function actionsNotifications(id: number, at: GridPos): PanelBuilder {
  return trendChart({
    id,
    title: 'Actions: notifications',
    at,
    unit: 'none',
    axisLabel: '',
    empty: 'No actions process was seen in this period, or no answer from Prometheus',
    text: {
      shows:
        'Calls of the webhook: accepted, repeated (told before); unauthorized, too large and invalid are refused; failed could not be kept.',
      whenRed:
        'nothing is red here: unauthorized is another token in recipients.yaml than in actions.yaml, failed a database that does not answer. Alertmanager tries again.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(
      rangeQuery(
        'A',
        'sum by (outcome) (increase(portfolio_actions_notifications_total[$__rate_interval]))',
        '{{outcome}}',
      ),
    )
    .withTransformation(IN_WORDS)
    .drawStyle(GraphDrawStyle.Bars)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .lineWidth(0)
    .fillOpacity(80)
    .min(0)
    .axisSoftMax(4)
    .decimals(0)
    .legend(legend());
}
