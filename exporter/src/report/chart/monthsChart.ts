import { formatBrief } from '../../format/formatBrief.js';
import { formatShortMonth } from '../../format/formatDay.js';
import type { ChartForm } from './chartForm.js';

/** Series over months along the bottom, dollars up the side, a legend on top: what the charts of the report have in common. */
export function monthsChart<S extends { readonly name: string }>(
  months: readonly { readonly month: string }[],
  series: S[],
  { text, line, fontFamily, fontSize, legendLines }: ChartForm,
) {
  const textStyle = { color: text, fontFamily, fontSize };
  return {
    textStyle: { fontFamily, fontSize },
    grid: {
      left: 4,
      right: 8,
      top: fontSize * (1.2 + 1.8 * legendLines),
      bottom: 4,
      outerBoundsMode: 'same' as const,
      outerBoundsContain: 'axisLabel' as const,
    },
    legend: {
      data: series.map(({ name }) => name),
      top: 0,
      left: 0,
      textStyle,
      itemWidth: fontSize * 2,
      itemHeight: fontSize,
      itemGap: fontSize * 1.5,
    },
    xAxis: {
      type: 'category' as const,
      data: months.map(({ month }) => formatShortMonth(month)),
      axisLabel: { ...textStyle, hideOverlap: true },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      splitNumber: 4,
      axisLabel: { ...textStyle, formatter: (value: number) => formatBrief(value, 'dollars') },
      splitLine: { lineStyle: { color: line } },
    },
    series,
  };
}
