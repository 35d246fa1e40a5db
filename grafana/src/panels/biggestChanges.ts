import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { byRegexp } from '../shared/configFromData.js';
import { MIXED } from '../shared/dataSources.js';
import { COLOR_TEXT, align, property, unit, width } from '../shared/overrides.js';
import { nothing, sqlQuery } from '../shared/sqlQuery.js';
import { greyColumns, staleQuery } from '../shared/stale.js';
import { steps } from '../shared/steps.js';
import { tablePanel } from '../shared/tablePanel.js';

const VENTURES = 5;
const AMOUNTS = '/^(Profit|Revenue|Burn)$/';

/** Where the portfolio's profit moved since the end of last month, the same comparison as in the KPI on performance. */
export function biggestChanges(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'What changed most since last month',
    at,
    empty: nothing('No month before this one to compare with'),
    blank: '–',
    text: {
      shows: `Monthly profit, revenue and burn today against the last day of last month: the whole portfolio, then the ${String(VENTURES)} ventures whose profit moved most, in either direction. A venture that is active and has not reported is left out on both sides; one that is new counts as a gain, one that is gone as a fall.`,
      whenRed:
        'profit is lower than it was. Open Portfolio performance and choose the venture: since when, and by revenue or burn?',
    },
  })
    .datasource(MIXED)
    .withTarget(
      sqlQuery(
        'A',
        `
WITH level AS (
  SELECT venture_id, revenue, burn, is_silent,
         month AT TIME ZONE 'UTC' = date_trunc('month', clock.today::timestamp) AS present
    FROM portfolio_reporting.venture_month
   CROSS JOIN portfolio_reporting.clock
   WHERE month AT TIME ZONE 'UTC' >= date_trunc('month', clock.today::timestamp) - interval '1 month'
),
change AS (
  SELECT venture_id,
         sum(CASE WHEN present THEN revenue ELSE -revenue END) AS revenue,
         sum(CASE WHEN present THEN burn ELSE -burn END) AS burn
    FROM level
   GROUP BY venture_id
  HAVING bool_or(present IS FALSE AND revenue IS NOT NULL OR present AND revenue IS NOT NULL)
     AND bool_or(present AND is_silent) IS NOT TRUE
),
portfolio AS (
  SELECT sum(revenue) AS revenue, sum(burn) AS burn
    FROM change
   WHERE EXISTS (SELECT FROM level WHERE NOT present AND revenue IS NOT NULL)
)
SELECT 'Whole portfolio' AS "Venture", revenue - burn AS "Profit", revenue AS "Revenue", burn AS "Burn"
  FROM portfolio
 WHERE revenue IS NOT NULL
UNION ALL
SELECT *
  FROM (SELECT venture, change.revenue - change.burn, change.revenue, change.burn
          FROM change
          JOIN portfolio_reporting.venture_names USING (venture_id)
         CROSS JOIN portfolio
         WHERE portfolio.revenue IS NOT NULL
         ORDER BY abs(change.revenue - change.burn) DESC NULLS LAST, venture
         LIMIT ${String(VENTURES)}) AS most`,
      ),
    )
    .withTarget(staleQuery('portfolio_performance'))
    .withTransformation(greyColumns(byRegexp(AMOUNTS)))
    .unit('currencyUSD')
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .thresholds(steps('text'))
    .overrideByName('Venture', [property('custom.minWidth', 112), property('custom.wrapText', true)])
    .overrideByRegexp(AMOUNTS, [align('right'), width(74), unit('currencyUSD')])
    .overrideByName('Profit', [
      COLOR_TEXT,
      // A cent less is red; nothing moved is neither.
      property('thresholds', steps('red', [-0.005, 'text'], [0.005, 'green']).build()),
    ]);
}
