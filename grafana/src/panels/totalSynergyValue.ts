import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { POSTGRES } from '../shared/dataSources.js';
import { initiativeScopeInName, initiativeScopeQuery } from '../shared/initiativeScope.js';
import { nothing, sqlQuery } from '../shared/sqlQuery.js';
import { tile } from '../shared/tile.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

/** Dashboard 2, panel 1: the big number since 1 January. No decimals are set: $1.23 Mil is not $1 Mil. */
export function totalSynergyValue(id: number, at: GridPos): PanelBuilder {
  return valueCaptured(
    {
      id,
      title: 'Total synergy value, YTD',
      at,
      text: {
        shows:
          'Cost saved + revenue generated + saved hours in dollars, since 1 January, of the chosen initiatives. Reduced risk is a score and never counted as money.',
        whenRed:
          'it never is: a sum has no limit. Whether it pays is in the tiles above and in the return on investment below.',
        source:
          'saved hours count at `hourly_rate` of thresholds.yaml; all initiatives together are `portfolio_synergy_value_year_to_date_dollars`.',
      },
    },
    ` CROSS JOIN portfolio_reporting.clock
 WHERE month >= date_trunc('year', clock.today::timestamp) AT TIME ZONE 'UTC'`,
  );
}

/** Completes panel 3, which ends with the last complete month. */
export function capturedThisMonth(id: number, at: GridPos): PanelBuilder {
  return valueCaptured(
    {
      id,
      title: 'Captured this month so far',
      at,
      text: {
        shows:
          'What the chosen initiatives captured since the first of the running month; the timeline below shows complete months only.',
        whenRed: 'it never is: a running month has no limit.',
      },
    },
    ' WHERE running',
  );
}

/** What the chosen initiatives captured in the months that `where` leaves. No limit, so no colour that says good. */
function valueCaptured(options: Parameters<typeof tile>[0], where: string): PanelBuilder {
  return tile(options)
    .datasource(POSTGRES)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT sum(cost_saved + revenue_generated + time_value) AS "Value captured"
  FROM portfolio_reporting.value_capture_timeline
${where}
   AND ${CHOSEN_INITIATIVES}`,
      ),
    )
    .withTarget(initiativeScopeQuery())
    .withTransformation(initiativeScopeInName('Value captured'))
    .textMode(BigValueTextMode.ValueAndName)
    .unit('currencyUSD')
    .noValue(nothing('Nothing logged yet'))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor('text'));
}
