import type { PortfolioReport } from '../report.js';
import type { ChartForm } from './chartForm.js';
import { PALETTE, PANEL_COLORS } from './colors.js';
import { monthsChart } from './monthsChart.js';

const COLORS = PANEL_COLORS['Value capture timeline, complete months'];

/** Captured value by month and kind, stacked. */
export function valueChart({ valueMonths }: PortfolioReport, form: ChartForm) {
  const bars = (name: keyof typeof COLORS, data: readonly number[]) => ({
    type: 'bar' as const,
    name,
    stack: 'value',
    data: [...data],
    barMaxWidth: 32,
    itemStyle: { color: PALETTE[COLORS[name]] },
  });
  const series = [
    bars(
      'Cost saved',
      valueMonths.map((one) => one.costSaved),
    ),
    bars(
      'Revenue generated',
      valueMonths.map((one) => one.revenueGenerated),
    ),
    bars(
      'Time saved',
      valueMonths.map((one) => one.timeSaved),
    ),
  ];
  return monthsChart(valueMonths, series, form);
}
