import type { PortfolioReport } from '../report.js';
import type { ChartForm } from './chartForm.js';
import { PALETTE, PANEL_COLORS } from './colors.js';
import { lineSeries } from './lineSeries.js';
import { monthsChart } from './monthsChart.js';

const COLORS = PANEL_COLORS['Portfolio revenue trend'];

/** Revenue by month, the baseline dotted and the target dashed, as the dashboard draws them. */
export function revenueChart({ months, kpis }: PortfolioReport, form: ChartForm) {
  const line = kpis.find(({ current }) => current?.metric === 'portfolio_revenue_dollars');
  const baseline = line?.baseline?.value ?? null;
  const target = baseline === null || line?.target == null ? null : baseline * (1 + line.target.value);
  const level = (name: keyof typeof COLORS, value: number | null, type: 'dotted' | 'dashed') =>
    lineSeries(
      name,
      PALETTE[COLORS[name]],
      months.map(() => value),
      type,
    );
  const series = [
    level('Baseline revenue', baseline, 'dotted'),
    lineSeries(
      'Current revenue',
      PALETTE[COLORS['Current revenue']],
      months.map(({ revenue }) => revenue?.value ?? null),
    ),
    level('Target revenue', target, 'dashed'),
  ].filter(({ data }) => data.some((value) => value !== null));
  return monthsChart(months, series, form);
}
