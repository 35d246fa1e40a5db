import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { byName, configFromData } from '../shared/configFromData.js';
import { MIXED } from '../shared/dataSources.js';
import { COLOR_TEXT, align, property, unit, width } from '../shared/overrides.js';
import { nothing, sqlQuery } from '../shared/sqlQuery.js';
import { greyColumns, staleQuery } from '../shared/stale.js';
import { steps } from '../shared/steps.js';
import { tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

/** Beside the scatter of dashboard 2, panel 4: its points by name, those that return least first. */
export function roiRanking(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'ROI, lowest first',
    at,
    empty: nothing('No launched initiative with a cost yet'),
    blank: 'not known',
    text: {
      shows:
        'The initiatives of the chart beside, those that return least first. ROI: captured value since launch over implementation cost.',
      target: 'red below `synergy_roi_target` (thresholds.yaml), the dashed line of the chart.',
      whenRed: 'it has not brought in what the target asks for yet: decide with its owner whether to go on.',
    },
  })
    .datasource(MIXED)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT initiative AS "Initiative",
       roi_pct AS "ROI",
       captured_value AS "Captured value",
       implementation_cost AS "Cost"
  FROM portfolio_reporting.synergy_roi_by_initiative
 WHERE ${CHOSEN_INITIATIVES}
 ORDER BY roi_pct NULLS FIRST, initiative`,
      ),
    )
    .withTarget(
      sqlQuery(
        'limit',
        `
SELECT -1000000 AS missed, 100 * value AS reached
  FROM portfolio_reporting.thresholds
 WHERE name = 'synergy_roi_target'`,
      ),
    )
    .withTransformation(
      configFromData('limit', byName('ROI'), [
        { column: 'missed', as: { color: 'red' } },
        { column: 'reached', as: { color: 'green' } },
      ]),
    )
    .withTarget(staleQuery('synergy_value'))
    .withTransformation(greyColumns(byName('ROI')))
    .thresholds(steps('text'))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .overrideByName('Initiative', [property('custom.wrapText', true), property('custom.minWidth', 134)])
    .overrideByName('ROI', [COLOR_TEXT, unit('percent'), property('decimals', 0), align('right'), width(66)])
    .overrideByRegexp('/^(Captured value|Cost)$/', [unit('currencyUSD'), align('right'), width(94)])
    .overrideByName('Captured value', [property('displayName', 'Captured')]);
}
