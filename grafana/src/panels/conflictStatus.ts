import { LegendDisplayMode, LegendPlacement, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder,
  PieChartLegendOptionsBuilder,
  PieChartLegendValues,
  PieChartType,
} from '@grafana/grafana-foundation-sdk/piechart';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PROMETHEUS } from '../shared/dataSources.js';
import { describe } from '../shared/describe.js';
import { tooltip } from '../shared/legend.js';
import { fixedColor } from '../shared/overrides.js';
import { instantQuery, newest } from '../shared/promQuery.js';
import { withOptions } from '../shared/withOptions.js';

const KPI = 'resource_conflicts';
const RESOLVED = `max(${newest('portfolio_conflicts{status="RESOLVED"}', KPI)})`;

/** Dashboard 3, panel 3: a donut; resolved green, in progress yellow, unresolved red. */
export function conflictStatus(id: number, at: GridPos): Builder<Panel> {
  const panel = new PanelBuilder()
    .id(id)
    .title('Conflict status')
    .description(
      describe({
        shows:
          'Resolved: of the conflicts detected in the last 30 days. In progress and unresolved: every conflict that is still open, however old. Unresolved means detected or escalated; nobody works on it yet.',
        whenRed:
          'give the oldest one an owner. A conflict open for longer than `conflict_resolution_timeout` (thresholds.yaml) is brought to the Chairman by an alert.',
      }),
    )
    .gridPos(at)
    .datasource(PROMETHEUS)
    .withTarget(named('A', 'Resolved', RESOLVED))
    .withTarget(named('B', 'In progress', open('IN_PROGRESS')))
    .withTarget(named('C', 'Unresolved', open('DETECTED|ESCALATED')))
    .pieType(PieChartType.Donut)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    // Numbers beside the ring: white on yellow cannot be read. No percentages: they would not be those of the resolution
    // rate, which looks back 30 days for open conflicts too.
    .displayLabels([])
    .legend(
      new PieChartLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs([])
        .values([PieChartLegendValues.Value]),
    )
    .tooltip(tooltip('single'))
    .unit('none')
    .decimals(0)
    .noValue('Unknown')
    .overrideByName('Resolved', [fixedColor('green')])
    .overrideByName('In progress', [fixedColor('yellow')])
    .overrideByName('Unresolved', [fixedColor('red')]);
  // In the order of the queries.
  return withOptions(panel, { sort: 'none' });
}

function named(refId: string, name: string, expr: string): DataqueryBuilder {
  return instantQuery(refId, expr).format(PromQueryFormat.TimeSeries).legendFormat(name);
}

/** Nobody's conflicts are 0 where the KPI is there, and unknown where it is not. */
function open(status: string): string {
  const series = newest(`portfolio_conflict_open_seconds{status=~"${status}"}`, KPI);
  return `count(count by (conflict_id) (${series})) or 0 * ${RESOLVED}`;
}
