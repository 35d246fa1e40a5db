import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { POSTGRES } from '../shared/dataSources.js';
import { MONTHS_OF_A_LINE, noMonths } from '../shared/months.js';
import { MONTH_ENDS, fixedColor, lineWidth, property, unit } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { trendChart } from '../shared/trendChart.js';
import { CHOSEN_VENTURES } from '../shared/variables.js';

/** Dashboard 1, panel 2: revenue as a green area, burn rate as a red one, profit as the line of their difference. */
export function profitMargin(id: number, at: GridPos): PanelBuilder {
  return (
    trendChart({
      id,
      title: 'Portfolio profit margin',
      at,
      unit: 'currencyUSD',
      axisLabel: "Dollars, at month's end",
      empty: noMonths('venture metrics'),
      text: {
        shows:
          'What the chosen ventures earn and spend a month. A point stands at the end of its month, that of the running month at today. Green is revenue, red the burn rate; the line is profit, revenue less burn. The margin in the legend is profit over revenue.',
        whenRed:
          'where the red area rises above the green one the portfolio loses money: look for the ventures whose burn grew.',
      },
    })
      .datasource(POSTGRES)
      // An area that does not begin at 0 tells a wrong proportion; soft, because profit may be below.
      .axisSoftMin(0)
      .withTarget(
        sqlQuery(
          'A',
          `
SELECT day,
       sum(revenue) AS "Revenue",
       sum(burn) AS "Burn rate",
       sum(revenue) - sum(burn) AS "Profit",
       100 * (sum(revenue) - sum(burn)) / nullif(sum(revenue), 0) AS "Profit margin"
  FROM portfolio_reporting.portfolio_profit_margin
 WHERE ${MONTHS_OF_A_LINE}
   AND ${CHOSEN_VENTURES}
 GROUP BY day
 ORDER BY day`,
        ),
      )
      // Filled down to the burn rate only: the green area is the profit, and two areas over each other would be brown.
      .overrideByName('Revenue', [
        fixedColor('green'),
        property('custom.fillOpacity', 30),
        property('custom.fillBelowTo', 'Burn rate'),
      ])
      .overrideByName('Burn rate', [fixedColor('red'), property('custom.fillOpacity', 30)])
      .overrideByName('Profit', [
        fixedColor('blue'),
        lineWidth(3),
        property('custom.showPoints', VisibilityMode.Always),
      ])
      // In legend and tooltip only: a line in percent has no place on an axis of dollars.
      .overrideByName('Profit margin', [
        unit('percent'),
        property('decimals', 1),
        fixedColor('text'),
        property('custom.axisPlacement', 'hidden'),
        lineWidth(0),
      ])
      .overrideByName('day', [MONTH_ENDS])
  );
}
