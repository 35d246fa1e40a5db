import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';

/** Names below the chart; with `calcs` a table with one column each. */
export function legend(...calcs: readonly ('last' | 'sum' | 'max')[]): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(calcs.length > 0 ? LegendDisplayMode.Table : LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([...calcs]);
}

export function noLegend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(false)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([]);
}

/** One series under the pointer, or every series at its place. */
export function tooltip(mode: 'single' | 'all'): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder()
    .mode(mode === 'all' ? TooltipDisplayMode.Multi : TooltipDisplayMode.Single)
    .sort(SortOrder.None);
}
