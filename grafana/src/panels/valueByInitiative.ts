import { StackingMode, VisibilityMode, VizOrientation } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/barchart';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { VALUE_COLORS, hourlyRateInLegend, hourlyRateQuery } from '../shared/capturedValue.js';
import { byRegexp, configFromData } from '../shared/configFromData.js';
import { POSTGRES } from '../shared/dataSources.js';
import { describe } from '../shared/describe.js';
import { legend, tooltip } from '../shared/legend.js';
import { nothing } from '../shared/sqlQuery.js';
import { fixedColor, property, unit } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

/** As many as keep their names apart at this height. */
const BARS = 15;

const RANKED = `
WITH ranked AS (
  SELECT value_by_initiative.*,
         least(row_number() OVER (ORDER BY captured_value DESC NULLS LAST, initiative), ${String(BARS)}) AS bar
    FROM portfolio_reporting.value_by_initiative
   WHERE ${CHOSEN_INITIATIVES}
)
`;

const TOOLTIP_ONLY = property('custom.hideFrom', { viz: true, legend: true, tooltip: false });

/** Dashboard 2, panel 2: a stacked bar per initiative, largest first; those that do not fit share the last bar. */
export function valueByInitiative(id: number, at: GridPos): PanelBuilder {
  return (
    new PanelBuilder()
      .id(id)
      .title('Value by initiative, since launch')
      .description(
        describe({
          shows: `Everything that each chosen initiative has captured so far, largest first. Saved hours count at \`hourly_rate\` (thresholds.yaml); the hours themselves and the total are in the tooltip. With more than ${String(BARS)} initiatives the smallest share the last bar.`,
          whenRed:
            'it never is. An initiative that is missing here has captured nothing yet: see the page Initiative tracking.',
        }),
      )
      .gridPos(at)
      .datasource(POSTGRES)
      .withTarget(
        sqlQuery(
          'A',
          `${RANKED}SELECT CASE count(*) WHEN 1 THEN max(initiative) ELSE count(*) || ' others' END AS "Initiative",
       sum(cost_saved) AS "Cost saved",
       sum(revenue_generated) AS "Revenue generated",
       sum(time_value) AS "Time saved",
       sum(hours_saved) AS "Hours saved",
       sum(captured_value) AS "Total value"
  FROM ranked
 GROUP BY bar
 ORDER BY bar`,
        ),
      )
      .withTarget(hourlyRateQuery())
      // An axis that Grafana ends by itself ends with a number, and half of it is cut off.
      .withTarget(
        sqlQuery(
          'axis',
          `${RANKED}SELECT 1.07 * max(total) AS most FROM (SELECT sum(captured_value) AS total FROM ranked GROUP BY bar) AS bars`,
        ),
      )
      .withTransformation(
        configFromData('axis', byRegexp('/^(Cost saved|Revenue generated|Time saved)$/'), [
          { column: 'most', as: 'max' },
        ]),
      )
      .withTransformation(hourlyRateInLegend())
      .orientation(VizOrientation.Horizontal)
      .xField('Initiative')
      .showValue(VisibilityMode.Never)
      .stacking(StackingMode.Normal)
      .barWidth(0.7)
      .groupWidth(0.7)
      .xTickLabelSpacing(0)
      .fullHighlight(true)
      .legend(legend())
      .tooltip(tooltip('all'))
      .unit('currencyUSD')
      .fillOpacity(85)
      .lineWidth(0)
      .axisGridShow(true)
      .axisBorderShow(false)
      .noValue(nothing('No value captured yet'))
      .overrideByName('Cost saved', [fixedColor(VALUE_COLORS['Cost saved'])])
      .overrideByName('Revenue generated', [fixedColor(VALUE_COLORS['Revenue generated'])])
      .overrideByName('Time saved', [fixedColor(VALUE_COLORS['Time saved'])])
      .overrideByName('Hours saved', [unit('suffix:h'), TOOLTIP_ONLY])
      .overrideByName('Total value', [TOOLTIP_ONLY])
  );
}
