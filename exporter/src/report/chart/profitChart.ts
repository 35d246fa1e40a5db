import type { PortfolioReport } from '../report.js';
import type { ChartForm } from './chartForm.js';
import { PALETTE, PANEL_COLORS } from './colors.js';
import { lineSeries } from './lineSeries.js';
import { monthsChart } from './monthsChart.js';

const COLORS = PANEL_COLORS['Portfolio profit margin'];

/** Revenue, burn and what is left of them, by month. */
export function profitChart({ months }: PortfolioReport, form: ChartForm) {
  const series = [
    lineSeries(
      'Revenue',
      PALETTE[COLORS.Revenue],
      months.map(({ revenue }) => revenue?.value ?? null),
    ),
    lineSeries(
      'Burn rate',
      PALETTE[COLORS['Burn rate']],
      months.map(({ burn }) => burn?.value ?? null),
    ),
    lineSeries(
      'Profit',
      PALETTE[COLORS.Profit],
      months.map(({ profit }) => profit?.value ?? null),
    ),
  ];
  return monthsChart(months, series, form);
}
