import type { MemoryFigures } from './footprintBench.js';
import type { LoadFigures } from './loadBench.js';
import { markdownTable } from './markdownTable.js';
import type { ScrapeFigures } from './scrapeBench.js';
import { CONSTANT, OURS, PEER } from './servers.js';
import { ratios, spread, times } from './spread.js';

/** Milliseconds of every server, then how many times faster than the peer ours is, and how many times node:http's time it takes. */
export function scrapeReport(figures: readonly ScrapeFigures[]): string {
  const groups = new Map<string, ScrapeFigures[]>();
  for (const one of figures) {
    const key = `${one.series} ${one.coding}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups.values()].flatMap((group) => {
    const of = (server: string): ScrapeFigures | undefined => group.find((one) => one.server === server);
    const [ours, peer, constant] = [of(OURS), of(PEER), of(CONSTANT)];
    const lines = group.map((one) => [
      ...heading(one),
      ...[one.p50, one.p99, one.cpuMs].map((values) => spread(values, times)),
      integer(one.bytes),
      mebibytes(one.residentBytes),
    ]);
    if (ours !== undefined && peer !== undefined) lines.push(comparison('peer / ours', ours, peer, ours));
    if (ours !== undefined && constant !== undefined) lines.push(comparison('ours / node:http', ours, ours, constant));
    return lines;
  });
  return markdownTable(['server', 'series', 'coding', 'p50 ms', 'p99 ms', 'CPU ms', 'bytes', 'RSS MiB'], rows);
}

function heading({ server, series, coding }: ScrapeFigures): string[] {
  return [server, integer(series), coding];
}

function comparison(title: string, of: ScrapeFigures, over: ScrapeFigures, under: ScrapeFigures): string[] {
  const [, ...group] = heading(of);
  const ratio = (pick: (one: ScrapeFigures) => readonly number[]): string =>
    spread(ratios(pick(over), pick(under)), (value) => `x${times(value)}`);
  return [title, ...group, ratio((one) => one.p50), ratio((one) => one.p99), ratio((one) => one.cpuMs), '', ''];
}

export function loadReport(figures: readonly LoadFigures[]): string {
  const rows = figures.map(({ server, p50, p99, longest, pauses }) => [
    server,
    ...[p50, p99, longest].map((values) => spread(values, times)),
    pauses.length === 0 ? '' : spread(pauses, times),
  ]);
  return markdownTable(['server', 'p50 ms', 'p99 ms', 'longest ms', 'longest pause of the event loop ms'], rows);
}

export function memoryReport({ idle, serving, start, reload }: MemoryFigures): string {
  const row = (title: string, bytes: readonly number[], goal: number): string[] => [
    title,
    spread(bytes, mebibytes),
    `${goal}`,
  ];
  return markdownTable(
    ['memory', 'MiB', 'goal'],
    [
      row('idle, KPIs of the demo', idle, 85),
      row('serving 10,000 series', serving, 100),
      row('peak at the start', start, 120),
      row('peak at a reload', reload, 120),
    ],
  );
}

export function startReport({ ready, cpu }: { readonly ready: number[]; readonly cpu: number[] }): string {
  const row = (title: string, values: readonly number[]): string[] => [title, spread(values, (ms) => ms.toFixed(0))];
  return markdownTable(
    ['start to /readyz', 'ms'],
    [row('wall clock', ready), row('CPU of the exporter, all threads', cpu)],
  );
}

export function idleReport(shares: readonly number[]): string {
  return markdownTable(
    ['idle', 'share of a core'],
    [['the schedules of the demo, no scraper', spread(shares, (share) => `${(share * 100).toFixed(2)}%`)]],
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function integer(value: number): string {
  return value.toLocaleString('en-US');
}
