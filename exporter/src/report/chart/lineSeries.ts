/** A line over the months, straight from point to point; null is a gap. */
export function lineSeries(
  name: string,
  color: string,
  data: readonly (number | null)[],
  type: 'solid' | 'dotted' | 'dashed' = 'solid',
) {
  const isLevel = type !== 'solid';
  return {
    type: 'line' as const,
    name,
    data: [...data],
    symbol: isLevel ? 'none' : 'circle',
    symbolSize: 5,
    itemStyle: { color },
    lineStyle: { width: isLevel ? 1.5 : 2, type, color },
  };
}
