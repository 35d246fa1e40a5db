import { FieldTextAlignment } from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { byRegexp } from '../shared/configFromData.js';
import { MIXED } from '../shared/dataSources.js';
import { patterns } from '../shared/mappings.js';
import { nothing } from '../shared/sqlQuery.js';
import { COLOR_BACKGROUND, COLOR_TEXT, align, property, width } from '../shared/overrides.js';
import { BELOW_VIABLE, scoreBands, scoreBandsQuery } from '../shared/scoreBands.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { greyColumns, staleQuery } from '../shared/stale.js';
import { steps } from '../shared/steps.js';
import { forFilesOnly, tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_VENTURES } from '../shared/variables.js';

const SCORES = '/^(Strategic fit|Financial|Growth|Efficiency|Total score)$/';

/** Dashboard 1, panel 3: every active venture's scores, weighted total and trend. */
export function scorecard(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'Venture scorecard',
    at,
    empty: nothing('No assessments yet'),
    blank: '–',
    text: {
      shows:
        'Newest assessment of each active venture, 0 to 5. The total weighs the four. Trend: total less that of the assessment before.',
      target:
        'red below `min_viable_score`, yellow above it, green from `high_priority_score`, dark green from `excellent_score`; the total is weighted by the four `*_weight` (thresholds.yaml).',
      whenRed:
        'decide with the venture lead whether to continue, pivot or sunset; the column that is red says where it hurts.',
    },
  })
    .datasource(MIXED)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT venture AS "Venture",
       total_score AS "Total score",
       trend AS "Trend",
       score_change AS "Score change",
       strategic_fit AS "Strategic fit",
       financial_health AS "Financial",
       growth_potential AS "Growth",
       resource_efficiency AS "Efficiency"
  FROM portfolio_reporting.venture_scorecard
 WHERE ${CHOSEN_VENTURES}
 ORDER BY total_score DESC, venture`,
      ),
    )
    .withTarget(scoreBandsQuery())
    .withTransformation(scoreBands(byRegexp(SCORES)))
    .withTarget(staleQuery('venture_scores'))
    .withTransformation(greyColumns(byRegexp(SCORES)))
    .withTransformation(forFilesOnly('Score change'))
    .align(FieldTextAlignment.Center)
    .minWidth(78)
    .decimals(1)
    .thresholds(steps(BELOW_VIABLE))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .overrideByName('Venture', [align('left'), width(130), property('custom.wrapText', true)])
    .overrideByRegexp(SCORES, [COLOR_BACKGROUND, property('custom.wrapHeaderText', true)])
    .overrideByName('Total score', [property('decimals', 2), width(76)])
    .overrideByName('Trend', [
      width(80),
      COLOR_TEXT,
      property(
        'mappings',
        patterns(['^▲.*', { color: 'green' }], ['^▼.*', { color: 'red' }], ['^(▬|new).*', { color: 'text' }]),
      ),
    ]);
}
