import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendPlacement,
  SortOrder,
} from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { PROMETHEUS } from '../shared/dataSources.js';
import { legend, tooltip } from '../shared/legend.js';
import { rangeQuery } from '../shared/promQuery.js';
import { steps } from '../shared/steps.js';
import { IN_WORDS, trendChart } from '../shared/trendChart.js';

/** When each KPI was too old, and which is about to be. */
export function ageOverLag(id: number, at: GridPos): PanelBuilder {
  return trendChart({
    id,
    title: 'Age over acceptable lag',
    at,
    unit: 'percentunit',
    axisLabel: '',
    empty: 'No KPI was computed in this period, or no answer from Prometheus',
    text: {
      shows:
        "Age of each KPI as a share of what it may be; at 100%, the red line, it is late. A saw's teeth are its runs.",
      target: '`acceptable_lag` of the KPI in exporter.yaml: the line is at all of it.',
      whenRed:
        'above the line alerts that read the KPI are quiet, because its numbers are too old to be believed. Look at Service levels for the reason.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(
      rangeQuery(
        'A',
        'max by (kpi) (kpi:portfolio_kpi_age_seconds:max) / on (kpi) max by (kpi) (portfolio_kpi_acceptable_lag_seconds)',
        '{{kpi}}',
      ),
    )
    .withTransformation(IN_WORDS)
    .lineWidth(1)
    .min(0)
    .axisSoftMax(1.1)
    .legend(legend().placement(LegendPlacement.Right))
    .tooltip(tooltip('all').sort(SortOrder.Descending))
    .thresholds(steps('transparent', [1, 'red']))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}
