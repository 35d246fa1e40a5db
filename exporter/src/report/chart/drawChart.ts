import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { ChartName } from '../document/blocks.js';
import type { PortfolioReport } from '../report.js';
import type { ChartForm } from './chartForm.js';
import { profitChart } from './profitChart.js';
import { revenueChart } from './revenueChart.js';
import { valueChart } from './valueChart.js';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

const OPTIONS = { revenue: revenueChart, profit: profitChart, value: valueChart } as const satisfies Readonly<
  Record<ChartName, unknown>
>;

/** A chart of the report as SVG, drawn without a browser. The same data give the same text. */
export function drawChart(name: ChartName, report: PortfolioReport, form: ChartForm): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: form.width, height: form.height });
  try {
    chart.setOption({ ...OPTIONS[name](report, form), animation: false, backgroundColor: 'transparent' });
    return toStill(chart.renderToSVGString({ useViewBox: true }), `${name}-${form.width}`);
  } finally {
    chart.dispose();
  }
}

/**
 * Without what is for a mouse, and with attributes in place of styles, which a Content-Security-Policy refuses. Ids count up
 * through the life of the process, and two charts may stand on one page.
 */
function toStill(svg: string, name: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events|xml:space|xmlns:xlink|baseProfile)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_, css: string) =>
      css.replace(/([\w-]+):([^;]+);?/g, (_declaration, property: string, value: string) => ` ${property}="${value}"`),
    )
    .replace(/\bzr\d+-/g, `chart-${name}-`);
}
