import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { POSTGRES } from '../shared/dataSources.js';
import { MONTHS_OF_A_LINE, noMonths } from '../shared/months.js';
import { DASHED, DOTTED, MONTH_ENDS, SOLID, fixedColor, lineWidth, property } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { trendChart } from '../shared/trendChart.js';
import { CHOSEN_VENTURES } from '../shared/variables.js';

/** Dashboard 3, panel 2: baseline dotted, current solid, target dashed at -30% of the baseline. */
export function duplicateEfforts(id: number, at: GridPos): PanelBuilder {
  return trendChart({
    id,
    title: 'Duplicate efforts trend',
    at,
    // h would turn 305 hours into 1.8 weeks.
    unit: 'suffix:h',
    axisLabel: "30-day hours, month's end",
    empty: noMonths('duplicate effort'),
    text: {
      shows:
        "Hours that the chosen ventures spent on work that another one does as well: the 30 days up to each month's end, where the point stands, in the running month up to today. Dotted: before coordination started (purple line), per 30 days. Dashed: the target; below it is good. An active venture without any usage in the 30 days is in none of the lines.",
      target: 'baseline less `resource_efficiency_improvement_target` (thresholds.yaml).',
      whenRed:
        'with the line above the dashed one, choose ventures above to see who still does the same work twice, and give it to one of them.',
    },
  })
    .datasource(POSTGRES)
    .decimals(0)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT day,
       sum(baseline_hours) AS "Baseline duplicate hours",
       sum(current_hours) AS "Current duplicate hours",
       sum(target_hours) AS "Target duplicate hours"
  FROM portfolio_reporting.duplicate_efforts_trend
 WHERE ${MONTHS_OF_A_LINE}
   AND ${CHOSEN_VENTURES}
 GROUP BY day
 ORDER BY day`,
      ),
    )
    .overrideByName('Baseline duplicate hours', [DOTTED, lineWidth(3), fixedColor('#8e8e8e')])
    .overrideByName('Current duplicate hours', [
      SOLID,
      lineWidth(3),
      fixedColor('blue'),
      property('custom.showPoints', VisibilityMode.Always),
    ])
    .overrideByName('Target duplicate hours', [DASHED, fixedColor('orange')])
    .overrideByName('day', [MONTH_ENDS]);
}
