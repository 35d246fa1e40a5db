import type { DynamicConfigValue, GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder,
  PointShape,
  SeriesMapping,
  XYSeriesConfigBuilder,
  XYShowMode,
} from '@grafana/grafana-foundation-sdk/xychart';
import { byName, byRegexp, configFromData } from '../shared/configFromData.js';
import { POSTGRES } from '../shared/dataSources.js';
import { describe } from '../shared/describe.js';
import { legend, tooltip } from '../shared/legend.js';
import { nothing } from '../shared/sqlQuery.js';
import { DASHED, fixedColor, lineWidth, property, unit } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

const COST = 'Implementation cost';
const VALUE = 'Captured value';
const CAPTURED = '/^(Active|Completed|ROI target.*)$/';

/** Dashboard 2, panel 4: cost against captured value; size: number of ventures, colour: status, dashed: the target. */
export function synergyRoi(id: number, at: GridPos): PanelBuilder {
  return (
    new PanelBuilder()
      .id(id)
      .title('Synergy ROI by initiative (size: ventures involved)')
      .description(
        describe({
          shows:
            'Implementation cost and everything captured since launch, of the chosen initiatives that are active or completed and have a cost. The larger the point, the more ventures take part. Point at one for its name and return; the table beside has them all.',
          target:
            'on or above the dashed line, captured value reaches `synergy_roi_target` (thresholds.yaml) times the cost.',
          whenRed:
            'nothing here is red; a point far below the line and to the right costs much and returns little: the table beside names it. Decide with its owner whether to go on.',
        }),
      )
      .gridPos(at)
      .datasource(POSTGRES)
      // The name of a query's captured value is the name of its series; a single wide answer would draw its NULLs at 0.
      .withTarget(initiatives('A', 'Active'))
      .withTarget(initiatives('B', 'Completed'))
      // Always there: a chart without any series shows an error, and points of one size only are not drawn at all.
      .withTarget(
        sqlQuery(
          'T',
          `
SELECT cost AS "${COST}", cost * target AS "ROI target", ventures AS "Ventures"
  FROM portfolio_reporting.synergy_roi_target
 ORDER BY cost`,
        ),
      )
      .withTarget(
        sqlQuery(
          'name',
          `SELECT 'ROI target (' || trim_scale(round(100 * value, 1)) || '%)' AS label FROM portfolio_reporting.thresholds WHERE name = 'synergy_roi_target'`,
        ),
      )
      // Room for the points that lie on an axis: from 0 on, half of each would be cut off.
      .withTarget(sqlQuery('left', 'SELECT -0.03 * max(cost) AS least FROM portfolio_reporting.synergy_roi_target'))
      .withTarget(
        sqlQuery(
          'bottom',
          `
SELECT -0.07 * greatest(max(cost * target), (SELECT max(captured_value) FROM portfolio_reporting.synergy_roi_by_initiative)) AS least
  FROM portfolio_reporting.synergy_roi_target`,
        ),
      )
      .withTransformation(configFromData('left', byName(COST), [{ column: 'least', as: 'min' }]))
      .withTransformation(configFromData('bottom', byRegexp(CAPTURED), [{ column: 'least', as: 'min' }]))
      .withTransformation(configFromData('name', byName('ROI target'), [{ column: 'label', as: 'displayName' }]))
      .mapping(SeriesMapping.Auto)
      // A name of its own, so that the tooltip says what the number is.
      .series([series('Active', 'Active'), series('Completed', 'Completed'), series('ROI target')])
      .legend(legend())
      .tooltip(tooltip('single'))
      .show(XYShowMode.Points)
      .pointSize({ fixed: 10, min: 10, max: 44 })
      .pointShape(PointShape.Circle)
      .pointStrokeWidth(1)
      .fillOpacity(30)
      .axisBorderShow(false)
      .unit('none')
      .noValue(nothing('No launched initiative with a cost yet'))
      .overrideByName(COST, [unit('currencyUSD'), property('custom.axisLabel', COST)])
      .overrideByName('Active', [...captured('blue'), property('displayName', VALUE)])
      .overrideByName('Completed', [...captured('green'), property('displayName', VALUE)])
      .overrideByName('ROI target', [
        ...captured('orange'),
        property('custom.show', XYShowMode.Lines),
        DASHED,
        lineWidth(2),
      ])
      .overrideByName('ROI', [unit('percent'), property('decimals', 0)])
  );
}

function initiatives(refId: string, status: 'Active' | 'Completed'): ReturnType<typeof sqlQuery> {
  return sqlQuery(
    refId,
    `
SELECT implementation_cost AS "${COST}",
       captured_value AS "${status}",
       ventures AS "Ventures",
       initiative AS "Initiative",
       roi_pct AS "ROI"
  FROM portfolio_reporting.synergy_roi_by_initiative
 WHERE status = '${status}'
   AND ${CHOSEN_INITIATIVES}
 ORDER BY ventures DESC`,
  );
}

function series(field: string, name?: string): XYSeriesConfigBuilder {
  const config = new XYSeriesConfigBuilder()
    .x({ matcher: byName(COST) })
    .y({ matcher: byName(field) })
    .size({ matcher: byName('Ventures') });
  return name === undefined ? config : config.name({ fixed: name });
}

function captured(color: string): DynamicConfigValue[] {
  return [unit('currencyUSD'), fixedColor(color), property('custom.axisLabel', VALUE)];
}
