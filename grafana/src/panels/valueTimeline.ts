import { StackingConfigBuilder, StackingMode, VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { VALUE_COLORS, hourlyRateInLegend, hourlyRateQuery } from '../shared/capturedValue.js';
import { POSTGRES } from '../shared/dataSources.js';
import { legend } from '../shared/legend.js';
import { WHOLE_MONTHS, noMonths } from '../shared/months.js';
import { MONTH_ENDS, fixedColor } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { trendChart } from '../shared/trendChart.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

/** Dashboard 2, panel 3: stacked areas a month; cost saved blue, revenue generated green, time saved orange. */
export function valueTimeline(id: number, at: GridPos): PanelBuilder {
  return (
    trendChart({
      id,
      title: 'Value capture timeline, complete months',
      at,
      unit: 'currencyUSD',
      axisLabel: "Captured, by month's end",
      empty: noMonths('captured value'),
      text: {
        shows:
          'What the chosen initiatives captured in each complete calendar month; saved hours count in dollars. A month stands at its end. The running month is left out, because the chart would always end in a fall; it has a number of its own above.',
        whenRed:
          'it never is. Where the areas get thinner, choose single initiatives above to see which one stopped paying.',
        source: 'saved hours count at `hourly_rate` of thresholds.yaml.',
      },
    })
      .datasource(POSTGRES)
      .withTarget(
        sqlQuery(
          'A',
          `
SELECT day,
       sum(cost_saved) AS "Cost saved",
       sum(revenue_generated) AS "Revenue generated",
       sum(time_value) AS "Time saved"
  FROM portfolio_reporting.value_capture_timeline
 WHERE NOT running
   AND ${WHOLE_MONTHS}
   AND ${CHOSEN_INITIATIVES}
 GROUP BY day
 ORDER BY day`,
        ),
      )
      .withTarget(hourlyRateQuery())
      .withTransformation(hourlyRateInLegend())
      .legend(legend('last', 'sum'))
      .lineWidth(1)
      // A single month has no area.
      .showPoints(VisibilityMode.Always)
      .fillOpacity(60)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
      .overrideByName('Cost saved', [fixedColor(VALUE_COLORS['Cost saved'])])
      .overrideByName('Revenue generated', [fixedColor(VALUE_COLORS['Revenue generated'])])
      .overrideByName('Time saved', [fixedColor(VALUE_COLORS['Time saved'])])
      .overrideByName('day', [MONTH_ENDS])
  );
}
