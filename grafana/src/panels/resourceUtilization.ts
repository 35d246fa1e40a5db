import {
  BarGaugeSizing,
  ReduceDataOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/gauge';
import { byQuery, configFromData } from '../shared/configFromData.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { describe } from '../shared/describe.js';
import { limitOf, scoped } from '../shared/limit.js';
import { absentAs, valueTexts } from '../shared/mappings.js';
import { computed, instantQuery, newest } from '../shared/promQuery.js';
import { greyWhereStale, orItsAge, staleQuery, unlessStale } from '../shared/stale.js';
import { steps } from '../shared/steps.js';

const KPI = 'resource_efficiency';

/** Dashboard 3, panel 4: 0 to 100%, red below the target, green from it on; more than 100% fills the arc and is written. */
export function resourceUtilization(id: number, at: GridPos): PanelBuilder {
  const limit = limitOf('resource_utilization_target', 'target ≥');
  return (
    new PanelBuilder()
      .id(id)
      .title('Utilization, 30 days')
      .description(
        describe({
          shows:
            'Hours spent in the last 30 days over the hours available in active allocations. Computed hourly from daily rows.',
          target: '`resource_utilization_target` in thresholds.yaml; green from the target on.',
          whenRed:
            'capacity is given to ventures that do not use it: compare their allocations in the matrix with what they report, and give the rest away.',
        }),
      )
      .gridPos(at)
      .datasource(PROMETHEUS)
      .withTarget(
        instantQuery(
          'A',
          `100 * max(${newest('portfolio_resource_utilization_ratio', KPI)}) or on () ${computed(KPI)} * NaN or on () vector(-1)`,
        ),
      )
      .withTarget(instantQuery('limit', unlessStale(limit.value, KPI)))
      .withTarget(instantQuery('text', scoped(orItsAge(limit.text, KPI))))
      .withTarget(staleQuery(KPI))
      .withTransformation(greyWhereStale())
      .withTransformation(configFromData('limit', byQuery('A'), [{ column: 'Value #limit', as: { color: 'green' } }]))
      .withTransformation(configFromData('text', byQuery('A'), [{ column: 'label', as: 'displayName' }]))
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['last']).fields('').values(false))
      .showThresholdLabels(true)
      .showThresholdMarkers(true)
      .orientation(VizOrientation.Auto)
      .sizing(BarGaugeSizing.Auto)
      // Keeps the number off the arc, and the name off the number.
      .text(new VizTextDisplayOptionsBuilder().valueSize(30).titleSize(14))
      // A gauge shows its name only where the defaults have one; the name from data takes its place.
      .displayName('Utilization')
      .unit('percent')
      // 84.6% in red must not read 85%.
      .decimals(1)
      .min(0)
      .max(100)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .thresholds(steps('red'))
      .noValue('Unknown')
      .mappings([absentAs('no hours', 'text'), valueTexts({ '-1': { text: 'Unknown', color: 'text' } })])
  );
}
