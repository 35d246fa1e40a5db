import {
  AxisPlacement,
  GraphDrawStyle,
  LineInterpolation,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { describe } from './describe.js';
import type { PanelText } from './describe.js';
import { legend, tooltip } from './legend.js';

export interface ChartSettings {
  readonly id: number;
  readonly title: string;
  readonly at: GridPos;
  readonly text: PanelText;
  readonly unit: string;
  readonly axisLabel: string;
  /** The sentence of an empty panel. */
  readonly empty: string;
}

/** Names of series as people write them: `data quality`, not `data_quality`. */
export const IN_WORDS: DataTransformerConfig = { id: 'renameByRegex', options: { regex: '/_/g', renamePattern: ' ' } };

/** Lines over time, straight from point to point; colours and styles are the overrides'. */
export function trendChart({ id, title, at, text, unit, axisLabel, empty }: ChartSettings): PanelBuilder {
  return new PanelBuilder()
    .id(id)
    .title(title)
    .description(describe(text))
    .gridPos(at)
    .unit(unit)
    .noValue(empty)
    .legend(legend('last'))
    .tooltip(tooltip('all'))
    .drawStyle(GraphDrawStyle.Line)
    .lineInterpolation(LineInterpolation.Linear)
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Never)
    .pointSize(6)
    .spanNulls(false)
    .stacking(new StackingConfigBuilder().mode(StackingMode.None).group('A'))
    .axisPlacement(AxisPlacement.Auto)
    .axisLabel(axisLabel)
    .axisBorderShow(false);
}
