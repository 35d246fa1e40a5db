import { GraphDrawStyle, StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { PROMETHEUS } from '../shared/dataSources.js';
import { legend } from '../shared/legend.js';
import { rangeQuery } from '../shared/promQuery.js';
import { IN_WORDS, trendChart } from '../shared/trendChart.js';

const FAILED = 'increase(portfolio_kpi_runs_total{result!="success"}[$__rate_interval])';

/** Runs that ended in anything but success, as bars; a series of zeros says that there was none, which an empty panel would not. */
export function failedRuns(id: number, at: GridPos): PanelBuilder {
  return trendChart({
    id,
    title: 'Failed runs',
    at,
    unit: 'none',
    axisLabel: '',
    empty: 'No exporter was seen in this period, or no answer from Prometheus',
    text: {
      shows:
        'Runs of KPIs that did not succeed, by result: a timeout, an invalid result (the SQL broke its contract), a database that was away, an error; skipped are ticks that came while a run was under way.',
      whenRed:
        '`portfolio-exporter run <kpi>` shows the error; a single one mends itself, the KPI is tried again and keeps its last values.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(
      rangeQuery(
        'A',
        `sum by (kpi, result) (${FAILED}) > 0 or on () label_replace(0 * sum(${FAILED}), "kpi", "none", "", "")`,
        '{{kpi}} {{result}}',
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
