import { BarAlignment, GraphDrawStyle, VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/trend';
import { byName, configFromData } from '../shared/configFromData.js';
import { POSTGRES } from '../shared/dataSources.js';
import { describe } from '../shared/describe.js';
import { legend, tooltip } from '../shared/legend.js';
import { nothing } from '../shared/sqlQuery.js';
import { fixedColor, property, unit } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';

/** Dashboard 3, panel 5: a histogram with the target as a line. */
export function resolutionTime(id: number, at: GridPos): PanelBuilder {
  return (
    new PanelBuilder()
      .id(id)
      .title('Conflict resolution time, 30 days')
      .description(
        describe({
          shows:
            'How many conflicts detected in the last 30 days took how long from detection to resolution. A bar is a quarter of the target wide; the last one, from three targets on, holds everything slower.',
          target: 'left of the red line is within `conflict_resolution_time_target` (thresholds.yaml).',
          whenRed:
            'the red line is the target. With much orange right of it, see which resource the slow conflicts are about, and who had to decide.',
        }),
      )
      .gridPos(at)
      .datasource(POSTGRES)
      .withTarget(
        sqlQuery(
          'A',
          `
SELECT hours AS "From", within_target AS "Within target", over_target AS "Over target", target AS "Target"
  FROM portfolio_reporting.conflict_resolution_time
 UNION ALL
-- Beyond the end of the last bar: without it the axis ends where that bar begins.
SELECT max(hours) * (count(*) + 0.5) / (count(*) - 1), NULL, NULL, NULL
  FROM portfolio_reporting.conflict_resolution_time
 ORDER BY 1`,
        ),
      )
      .withTarget(
        sqlQuery(
          'name',
          `SELECT 'Target: ' || trim_scale(round(value / 3600, 1)) || ' h' AS label FROM portfolio_reporting.thresholds WHERE name = 'conflict_resolution_time_target'`,
        ),
      )
      .withTransformation(configFromData('name', byName('Target'), [{ column: 'label', as: 'displayName' }]))
      .xField('From')
      .legend(legend())
      .tooltip(tooltip('all'))
      .min(0)
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(80)
      .lineWidth(0)
      // From the bin's lower edge to the right.
      .barAlignment(BarAlignment.After)
      .barWidthFactor(0.95)
      .showPoints(VisibilityMode.Never)
      .axisLabel('Conflicts, whole portfolio')
      .axisBorderShow(false)
      .unit('none')
      .noValue(nothing('No conflict resolved in the last 30 days'))
      .overrideByName('From', [unit('suffix:h'), property('custom.axisLabel', 'Resolution time (hours)')])
      .overrideByName('Within target', [fixedColor('green'), ...WHOLE])
      .overrideByName('Over target', [fixedColor('orange'), ...WHOLE])
      // A thin bar on an axis of its own, so that it always has the full height.
      .overrideByName('Target', [
        fixedColor('red'),
        property('min', 0),
        property('max', 1),
        property('custom.axisPlacement', 'hidden'),
        property('custom.barAlignment', BarAlignment.Center),
        property('custom.barWidthFactor', 0.08),
        property('custom.fillOpacity', 100),
        property('custom.hideFrom', { viz: false, legend: false, tooltip: true }),
      ])
  );
}

/** Conflicts are counted in whole numbers, on the axis too where there are few. */
const WHOLE = [property('decimals', 0), property('custom.axisSoftMax', 4)];
