import { LegendPlacement, SortOrder, VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { PROMETHEUS } from '../shared/dataSources.js';
import { legend, tooltip } from '../shared/legend.js';
import { rangeQuery } from '../shared/promQuery.js';
import { IN_WORDS, trendChart } from '../shared/trendChart.js';

const TWO_HOURS_MS = 7_200_000;

/** How long the SQL takes: what grows towards a timeout is seen days before it fails. */
export function runDurations(id: number, at: GridPos): PanelBuilder {
  return trendChart({
    id,
    title: 'Run duration, 95th percentile',
    at,
    unit: 's',
    axisLabel: '',
    empty: 'No KPI was run in this period, or no answer from Prometheus',
    text: {
      shows:
        'Duration of 95 of 100 runs of each KPI, retries included; a point where a KPI runs only hourly. Resolution: the buckets of the histogram, from 5 ms on.',
      whenRed:
        'nothing is red here: a line that climbs towards the `timeout` of its KPI (5 to 30 s) needs an index or a smaller window.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(
      rangeQuery(
        'A',
        'histogram_quantile(0.95, sum by (kpi, le) (rate(portfolio_kpi_run_duration_seconds_bucket[$__rate_interval])))',
        '{{kpi}}',
      ),
    )
    .withTransformation(IN_WORDS)
    .lineWidth(1)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(TWO_HOURS_MS)
    .min(0)
    .legend(legend().placement(LegendPlacement.Right))
    .tooltip(tooltip('all').sort(SortOrder.Descending));
}
