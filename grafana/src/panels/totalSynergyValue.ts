import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { byName, configFromData } from '../shared/configFromData.js';
import { POSTGRES, PROMETHEUS } from '../shared/dataSources.js';
import { nothing } from '../shared/sqlQuery.js';
import { instantQuery, newest } from '../shared/promQuery.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { tile } from '../shared/tile.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

/** Dashboard 2, panel 1: the big number since 1 January. No decimals are set: $1.23 Mil is not $1 Mil. */
export function totalSynergyValue(id: number, at: GridPos): PanelBuilder {
  return tile({
    id,
    title: 'Total synergy value captured (YTD)',
    at,
    text: {
      shows:
        'Cost saved + revenue generated + saved hours at `hourly_rate` (thresholds.yaml) since 1 January, of the whole portfolio, whichever initiatives are chosen above. Reduced risk is a score and never counted as money.',
      whenRed:
        'it never is: a sum has no limit. Whether it pays is in the tiles above and in the return on investment below.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(instantQuery('A', `max(${newest('portfolio_synergy_value_year_to_date_dollars', 'synergy_totals')})`))
    .textMode(BigValueTextMode.ValueAndName)
    .displayName('whole portfolio')
    .unit('currencyUSD')
    .noValue('Unknown')
    .colorScheme(NEUTRAL());
}

/** Completes panel 3, which ends with the last complete month. */
export function capturedThisMonth(id: number, at: GridPos): PanelBuilder {
  return tile({
    id,
    title: 'Captured this month so far',
    at,
    text: {
      shows:
        'What the chosen initiatives captured since the first of the running month; the timeline below shows complete months only.',
      whenRed: 'it never is: a running month has no limit.',
    },
  })
    .datasource(POSTGRES)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT sum(cost_saved + revenue_generated + time_value) AS "Value captured"
  FROM portfolio_reporting.value_capture_timeline
 WHERE running
   AND ${CHOSEN_INITIATIVES}`,
      ),
    )
    .withTarget(
      sqlQuery(
        'scope',
        `
SELECT CASE WHEN coalesce(bool_and(${CHOSEN_INITIATIVES}), true) THEN 'whole portfolio'
            ELSE count(*) FILTER (WHERE ${CHOSEN_INITIATIVES}) || ' of ' || count(*) || ' initiatives'
       END AS label
  FROM portfolio_reporting.initiative_names`,
      ),
    )
    .withTransformation(configFromData('scope', byName('Value captured'), [{ column: 'label', as: 'displayName' }]))
    .textMode(BigValueTextMode.ValueAndName)
    .unit('currencyUSD')
    .noValue(nothing('Nothing logged yet'))
    .colorScheme(NEUTRAL());
}

// No limit, so no colour that says good.
const NEUTRAL = (): FieldColorBuilder => new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor('text');
