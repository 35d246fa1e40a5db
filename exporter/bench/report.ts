import type { KpiFigures } from './kpiBench.js';
import type { LatencyFigures } from './latencyBench.js';
import { markdownTable } from './markdownTable.js';
import type { PanelFigures } from './panelBench.js';
import { percentile } from './percentile.js';
import type { ScrapeFigures } from './scrapeBench.js';

/** Both exporters at each number of series, and theirs over ours where both ran. */
export function scrapeReport(figures: readonly ScrapeFigures[]): string {
  const rows = [...new Set(figures.map(({ series }) => series))].flatMap((series) => {
    const [ours, theirs] = figures.filter((figure) => figure.series === series);
    const lines = [ours, theirs].filter((figure) => figure !== undefined).map(scrapeRow);
    return ours === undefined || theirs === undefined ? lines : [...lines, ratioRow(ours, theirs)];
  });
  const head = ['exporter', 'series', 'plain p50', 'p99', 'bytes', 'gzip p50', 'p99', 'bytes', 'RSS'];
  return markdownTable(head, rows);
}

function scrapeRow({ exporter, series, plain, gzip, residentBytes }: ScrapeFigures): string[] {
  return [
    exporter,
    integer(series),
    milliseconds(plain.p50),
    milliseconds(plain.p99),
    integer(plain.bytes),
    milliseconds(gzip.p50),
    milliseconds(gzip.p99),
    integer(gzip.bytes),
    `${(residentBytes / 2 ** 20).toFixed(0)} MiB`,
  ];
}

function ratioRow(ours: ScrapeFigures, theirs: ScrapeFigures): string[] {
  const ratio = (pick: (figure: ScrapeFigures) => number): string => `x ${(pick(theirs) / pick(ours)).toFixed(2)}`;
  return [
    'theirs / ours',
    integer(ours.series),
    ratio((figure) => figure.plain.p50),
    ratio((figure) => figure.plain.p99),
    ratio((figure) => figure.plain.bytes),
    ratio((figure) => figure.gzip.p50),
    ratio((figure) => figure.gzip.p99),
    ratio((figure) => figure.gzip.bytes),
    ratio((figure) => figure.residentBytes),
  ];
}

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
