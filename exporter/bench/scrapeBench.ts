import type { BenchDatabase } from './benchDatabase.js';
import { percentile } from './percentile.js';
import { cpuSeconds, memoryOf } from './processFigures.js';
import { createScraper } from './scraper.js';
import { startServers, stopServers } from './servers.js';
import type { ServersOptions } from './servers.js';

/** Of one server in one coding: an entry a round. Times in ms. */
export interface ScrapeFigures {
  readonly server: string;
  readonly series: number;
  readonly coding: 'plain' | 'gzip';
  readonly bytes: number;
  readonly p50: readonly number[];
  readonly p99: readonly number[];
  /** Of the server, for each scrape. */
  readonly cpuMs: readonly number[];
  /** Of the server after all rounds. */
  readonly residentBytes: number;
}

const WARM_UP = 50;
const CODINGS = ['plain', 'gzip'] as const;

/**
 * Scrapes all servers in turn, one at a time, `rounds` times `scrapes`: a machine whose load changes is as slow for one as
 * for the other, and what is compared is one round with the same round.
 */
export async function scrapeBench(
  database: BenchDatabase,
  { rounds, scrapes, ...options }: ServersOptions & { readonly rounds: number; readonly scrapes: number },
): Promise<ScrapeFigures[]> {
  const servers = await startServers(database, options);
  const scraped = servers.map((server) => ({ ...server, scraper: createScraper(server.metricsUrl) }));
  const figures = scraped.flatMap(({ name, program, scraper }) =>
    CODINGS.map((coding) => ({
      name,
      pid: program.pid,
      scraper,
      coding,
      p50: [] as number[],
      p99: [] as number[],
      cpuMs: [] as number[],
    })),
  );
  try {
    for (let round = -1; round < rounds; round += 1) {
      const count = round < 0 ? WARM_UP : scrapes;
      for (const one of figures) {
        const before = cpuSeconds(one.pid);
        const milliseconds: number[] = [];
        for (let scrape = 0; scrape < count; scrape += 1)
          milliseconds.push((await one.scraper.scrape({ gzip: one.coding === 'gzip' })).milliseconds);
        if (round < 0) continue;
        one.p50.push(percentile(milliseconds, 0.5));
        one.p99.push(percentile(milliseconds, 0.99));
        one.cpuMs.push(((cpuSeconds(one.pid) - before) * 1000) / count);
      }
    }
    const results: ScrapeFigures[] = [];
    for (const { name, pid, scraper, coding, p50, p99, cpuMs } of figures) {
      const { bytes } = await scraper.scrape({ gzip: coding === 'gzip' });
      const residentBytes = memoryOf(pid).resident;
      results.push({ server: name, series: options.series, coding, bytes, p50, p99, cpuMs, residentBytes });
    }
    return results;
  } finally {
    for (const { scraper } of scraped) scraper.close();
    await stopServers(servers);
  }
}
