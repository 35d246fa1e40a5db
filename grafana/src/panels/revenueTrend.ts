import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { POSTGRES } from '../shared/dataSources.js';
import { MONTHS_OF_A_LINE, noMonths } from '../shared/months.js';
import { DASHED, DOTTED, MONTH_ENDS, SOLID, fixedColor, lineWidth, property } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { trendChart } from '../shared/trendChart.js';
import { CHOSEN_VENTURES } from '../shared/variables.js';

/** Dashboard 1, panel 1: baseline dotted, current solid, target dashed at +20% of the baseline. */
export function revenueTrend(id: number, at: GridPos): PanelBuilder {
  return trendChart({
    id,
    title: 'Portfolio revenue trend',
    at,
    unit: 'currencyUSD',
    axisLabel: "Revenue, at month's end",
    empty: noMonths('venture metrics'),
    text: {
      shows:
        'Monthly revenue of the chosen ventures against the baseline and the target. A point stands at the end of its month, that of the running month at today, and is the newest figure then. Dotted: revenue on the day when coordination started (purple line). Dashed: the target above it. In a month in which an active venture is silent all three lines are without it.',
      target: 'baseline plus `portfolio_revenue_improvement_target` in thresholds.yaml.',
      whenRed:
        'with the line below the dashed one, open the scorecard and look for the ventures that fell; choose them above to see their own trend.',
    },
  })
    .datasource(POSTGRES)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT day,
       sum(baseline_revenue) AS "Baseline revenue",
       sum(current_revenue) AS "Current revenue",
       sum(target_revenue) AS "Target revenue"
  FROM portfolio_reporting.portfolio_revenue_trend
 WHERE ${MONTHS_OF_A_LINE}
   AND ${CHOSEN_VENTURES}
 GROUP BY day
 ORDER BY day`,
      ),
    )
    .overrideByName('Baseline revenue', [DOTTED, lineWidth(3), fixedColor('#8e8e8e')])
    .overrideByName('Current revenue', [
      SOLID,
      lineWidth(3),
      fixedColor('blue'),
      property('custom.showPoints', VisibilityMode.Always),
    ])
    .overrideByName('Target revenue', [DASHED, fixedColor('orange')])
    .overrideByName('day', [MONTH_ENDS]);
}
