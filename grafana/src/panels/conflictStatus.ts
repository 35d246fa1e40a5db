import { LegendDisplayMode, LegendPlacement, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
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
import { GREY, staleInWords, unlessStale } from '../shared/stale.js';
import { withOptions } from '../shared/withOptions.js';

const KPI = 'resource_conflicts';
const RESOLVED = `max(${newest('portfolio_conflicts{status="RESOLVED"}', KPI)})`;

const RESOLVED_NAME = 'Resolved, 30 days';
const IN_PROGRESS = 'In progress, any age';
const UNRESOLVED = 'Unresolved, any age';

/** Dashboard 3, panel 3: a donut; resolved green, in progress yellow, unresolved red. */
export function conflictStatus(id: number, at: GridPos): Builder<Panel> {
  const panel = new PanelBuilder()
    .id(id)
    .title('Conflicts, whole portfolio')
    .description(
      describe({
        shows:
          'Resolved: of the conflicts detected in the last 30 days. In progress and unresolved: every conflict that is still open, however old. Unresolved means detected or escalated; nobody works on it yet.',
        whenRed:
          'give the oldest one an owner. A conflict that stays open for too long is brought to the Chairman by an alert.',
        source: 'too long is `conflict_resolution_timeout` of thresholds.yaml.',
      }),
    )
    .gridPos(at)
    .datasource(PROMETHEUS)
    .withTarget(named('A', RESOLVED_NAME, RESOLVED))
    .withTarget(named('B', IN_PROGRESS, open('IN_PROGRESS')))
    .withTarget(named('C', UNRESOLVED, open('DETECTED|ESCALATED')))
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
    .noValue('No conflict yet, or no answer from Prometheus')
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(GREY))
    .overrideByName(RESOLVED_NAME, [fixedColor('green')])
    .overrideByName(IN_PROGRESS, [fixedColor('yellow')])
    .overrideByName(UNRESOLVED, [fixedColor('red')]);
  // In the order of the queries.
  return withOptions(panel, { sort: 'none' });
}

/** Under its name; where it is too old, under another one that says so and has no colour. */
function named(refId: string, name: string, expr: string): DataqueryBuilder {
  const aged = `label_replace((${expr}) * on () group_left (label) (${staleInWords(KPI)}) ^ 0, "state", "${name}, $1", "label", "(.*)")`;
  const fresh = `label_replace(${unlessStale(expr, KPI)}, "state", "${name}", "", "")`;
  return instantQuery(refId, `sum by (state) (${aged} or on () ${fresh})`)
    .format(PromQueryFormat.TimeSeries)
    .legendFormat('{{state}}');
}

/** Nobody's conflicts are 0 where the KPI is there, and unknown where it is not. */
function open(status: string): string {
  const series = newest(`portfolio_conflict_open_seconds{status=~"${status}"}`, KPI);
  return `count(count by (conflict_id) (${series})) or 0 * ${RESOLVED}`;
}
