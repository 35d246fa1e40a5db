import type { KpiFigures } from './kpiBench.js';
import type { LatencyFigures } from './latencyBench.js';
import { markdownTable } from './markdownTable.js';
import type { PanelFigures } from './panelBench.js';
import { percentile } from './percentile.js';

/** From INSERT to /metrics, paced and unpaced. */
export function latencyReport(
  figures: readonly { readonly title: string; readonly latency: LatencyFigures }[],
): string {
  const row = (title: string, times: readonly number[]): string[] => [
    title,
    integer(times.length),
    ...(times.length === 0 ? ['-', '-', '-'] : [0.5, 0.99, 1].map((p) => milliseconds(percentile(times, p)))),
  ];
  const rows = figures.flatMap(({ title, latency }) => [
    row(`over-allocation, ${title}`, latency.allocation),
    row(`value event, ${title}`, latency.valueEvent),
  ]);
  return markdownTable(['row inserted', 'n', 'p50', 'p99', 'max'], rows);
}

export function kpiReport(figures: readonly KpiFigures[]): string {
  return markdownTable(
    ['KPI', 'series', 'p50'],
    figures.map(({ kpi, series, p50 }) => [kpi, integer(series), milliseconds(p50)]),
  );
}

export function panelReport(figures: readonly PanelFigures[]): string {
  return markdownTable(
    ['panel', 'rows', 'p50'],
    figures.map(({ panel, rows, p50 }) => [panel, integer(rows), milliseconds(p50)]),
  );
}

function milliseconds(value: number): string {
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(2)} ms`;
}

function integer(value: number): string {
  return value.toLocaleString('en-US');
}
