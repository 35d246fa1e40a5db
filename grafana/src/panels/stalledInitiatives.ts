import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { POSTGRES } from '../shared/dataSources.js';
import { patterns } from '../shared/mappings.js';
import { nothing } from '../shared/sqlQuery.js';
import { DAYS, align, property, width } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

const NONE = 'No stalled initiatives';
const UNKNOWN = 'Not known: no stalled_initiative_threshold recorded';

/** Dashboard 4, panel 4: the initiatives without an update for 14 days, red; one green row when there is none. */
export function stalledInitiatives(id: number, at: GridPos): PanelBuilder {
  return (
    tablePanel({
      id,
      title: 'Stalled initiatives',
      at,
      empty: nothing('No active initiatives'),
      blank: '',
      text: {
        shows: 'Active initiatives without an update or captured value for too long, longest first.',
        target: '`stalled_initiative_threshold` in thresholds.yaml.',
        whenRed: 'ask the owner for a status today, or pause the initiative.',
      },
    })
      .datasource(POSTGRES)
      // The text of an empty panel has no colour: that nothing is stalled is a row. Without an active initiative there is none.
      .withTarget(
        sqlQuery(
          'A',
          `
SELECT initiative AS "Initiative", days_idle AS "Days idle", owner AS "Owner", last_update AS "Last update"
  FROM portfolio_reporting.stalled_initiatives
 WHERE ${CHOSEN_INITIATIVES}
UNION ALL
SELECT CASE WHEN EXISTS (SELECT FROM portfolio_reporting.thresholds WHERE name = 'stalled_initiative_threshold')
            THEN '${NONE}' ELSE '${UNKNOWN}' END, NULL, NULL, NULL
 WHERE EXISTS (SELECT FROM portfolio_reporting.active_initiatives WHERE ${CHOSEN_INITIATIVES})
   AND NOT EXISTS (SELECT FROM portfolio_reporting.stalled_initiatives WHERE ${CHOSEN_INITIATIVES})
 ORDER BY "Days idle" DESC, "Initiative"`,
        ),
      )
      .minWidth(72)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor('dark-red'))
      .overrideByName('Initiative', [
        property('custom.cellOptions', { type: 'color-background', mode: 'basic', applyToRow: true }),
        property('custom.wrapText', true),
        property('mappings', patterns([`^${NONE}$`, { color: 'green' }], [`^${UNKNOWN}$`, { color: '#8e8e8e' }])),
      ])
      .overrideByName('Owner', [property('custom.wrapText', true)])
      .overrideByName('Days idle', [align('right'), width(76)])
      .overrideByName('Last update', [DAYS, width(100)])
  );
}
