import { setTimeout as delay } from 'node:timers/promises';
import type { BenchDatabase } from './benchDatabase.js';
import { percentile } from './percentile.js';
import { createScraper } from './scraper.js';
import { OURS, startServers, stopServers } from './servers.js';
import type { ServersOptions } from './servers.js';

/** Of one server: an entry a round. Times in ms. */
export interface LoadFigures {
  readonly server: string;
  readonly p50: readonly number[];
  readonly p99: readonly number[];
  readonly longest: readonly number[];
  /** The longest time that the event loop of ours stood still; empty for the others. */
  readonly pauses: readonly number[];
}

export const SCRAPERS = 50;
const ROUND_MS = 10_000;
const PAUSE_LINE = /^longest pause (\d+(?:\.\d+)?) ms, (\d+)$/;

/** Tells at SIGUSR2 how long the event loop stood still at most since the last time. */
const PROBE = `
import { monitorEventLoopDelay } from 'node:perf_hooks';
const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();
let count = 0;
process.on('SIGUSR2', () => {
  process.stdout.write('longest pause ' + (loop.max / 1e6).toFixed(2) + ' ms, ' + ++count + '\\n');
  loop.reset();
});`;

/**
 * Fifty scrapers, each once a second, spread over it, of a KPI that is computed anew each second: one server after the other,
 * `rounds` times.
 */
export async function loadBench(
  database: BenchDatabase,
  { rounds, ...options }: Omit<ServersOptions, 'every' | 'more'> & { readonly rounds: number },
): Promise<LoadFigures[]> {
  const more = [`--import=data:text/javascript,${encodeURIComponent(PROBE)}`];
  const servers = await startServers(database, { ...options, every: '1s', more });
  const figures = servers.map((server) => ({
    ...server,
    p50: [] as number[],
    p99: [] as number[],
    longest: [] as number[],
    pauses: [] as number[],
  }));
  let asked = 0;
  const pause = async ({ program }: (typeof figures)[number]): Promise<number> => {
    asked += 1;
    process.kill(program.pid, 'SIGUSR2');
    const [, ms] = await program.waitForOutput(new RegExp(PAUSE_LINE.source.replace('(\\d+)$', `${asked}$`)));
    return Number(ms);
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const one of figures) {
        const isOurs = one.name === OURS;
        if (isOurs) await pause(one);
        const milliseconds = await scrapeTogether(one.metricsUrl);
        if (isOurs) one.pauses.push(await pause(one));
        one.p50.push(percentile(milliseconds, 0.5));
        one.p99.push(percentile(milliseconds, 0.99));
        one.longest.push(Math.max(...milliseconds));
      }
    }
    return figures.map(({ name, p50, p99, longest, pauses }) => ({ server: name, p50, p99, longest, pauses }));
  } finally {
    await stopServers(servers);
  }
}

async function scrapeTogether(metricsUrl: string): Promise<number[]> {
  const milliseconds: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: SCRAPERS }, async (_, index) => {
      const scraper = createScraper(metricsUrl);
      for (let due = (index * 1000) / SCRAPERS; due < ROUND_MS; due += 1000) {
        await delay(Math.max(0, started + due - performance.now()));
        milliseconds.push((await scraper.scrape({ gzip: true })).milliseconds);
      }
      scraper.close();
    }),
  );
  return milliseconds;
}
