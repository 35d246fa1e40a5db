import {
  StackingMode,
  VisibilityMode,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/barchart';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { byName } from '../shared/configFromData.js';
import { MIXED } from '../shared/dataSources.js';
import { describe } from '../shared/describe.js';
import { noLegend, tooltip } from '../shared/legend.js';
import { nothing } from '../shared/sqlQuery.js';
import { property } from '../shared/overrides.js';
import { BELOW_VIABLE, scoreBands, scoreBandsQuery } from '../shared/scoreBands.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { greyColumns, staleQuery } from '../shared/stale.js';
import { steps } from '../shared/steps.js';

const ENDS = {
  top: {
    title: 'Top 5 of the whole portfolio',
    rank: 'rank_from_top',
    shows: 'The five active ventures with the highest total score.',
  },
  bottom: {
    title: 'Bottom 5 of the whole portfolio',
    rank: 'rank_from_bottom',
    shows:
      'The five active ventures with the lowest total score, weakest first; with fewer than ten ventures some stand in both lists.',
  },
} as const;

/** Dashboard 1, panel 4: one of the two bar charts, ranked by total score. */
export function performers(id: number, end: keyof typeof ENDS, at: GridPos): PanelBuilder {
  const { title, rank, shows } = ENDS[end];
  return (
    new PanelBuilder()
      .id(id)
      .title(title)
      .description(
        describe({
          shows: `${shows} Of the whole portfolio, whichever ventures are chosen above.`,
          target: 'the colours are the bands of the scorecard, red below `min_viable_score`.',
          whenRed: 'the venture is not viable: see its row in the scorecard.',
        }),
      )
      .gridPos(at)
      .datasource(MIXED)
      .withTarget(
        sqlQuery(
          'A',
          `
SELECT venture AS "Venture", total_score AS "Total score"
  FROM portfolio_reporting.top_bottom_performers
 WHERE ${rank} <= 5
 ORDER BY ${rank}`,
        ),
      )
      .withTarget(scoreBandsQuery())
      .withTransformation(scoreBands(byName('Total score')))
      .withTarget(staleQuery('venture_scores'))
      .withTransformation(greyColumns(byName('Total score')))
      .orientation(VizOrientation.Horizontal)
      .xField('Venture')
      .showValue(VisibilityMode.Always)
      .stacking(StackingMode.None)
      .barWidth(0.75)
      .groupWidth(0.8)
      .barRadius(0.05)
      .xTickLabelSpacing(0)
      // Too long a name loses its end, not its beginning.
      .xTickLabelMaxLength(20)
      .fullHighlight(false)
      .text(new VizTextDisplayOptionsBuilder().valueSize(14))
      .legend(noLegend())
      .tooltip(tooltip('single'))
      .fillOpacity(85)
      .lineWidth(0)
      .axisGridShow(false)
      .axisBorderShow(false)
      .min(0)
      .unit('none')
      .decimals(2)
      .thresholds(steps(BELOW_VIABLE))
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .noValue(nothing('No assessments yet'))
      // Hidden on the value alone: in the defaults it would take the names away as well. One scale for both charts, with room for
      // the value of a bar of 5.
      .overrideByName('Total score', [property('custom.axisPlacement', 'hidden'), property('max', 6)])
  );
}
