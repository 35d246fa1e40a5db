import { setTimeout as delay } from 'node:timers/promises';
import type { BenchDatabase } from './benchDatabase.js';
import { createSeries, writeUnit } from './benchUnit.js';
import { withPortfolioExporter } from './exporters.js';
import type { Runtime } from './exporters.js';
import { cpuSeconds, forgetPeak, memoryOf } from './processFigures.js';
import { createScraper } from './scraper.js';

/** Bytes of memory, an entry a round. */
export interface MemoryFigures {
  /** Peak until ready, with the KPIs of the demo. */
  readonly start: number[];
  /** Resident half a minute later, nobody having scraped. */
  readonly idle: number[];
  /** Peak of a reload. */
  readonly reload: number[];
  /** Resident after a minute of scrapes, with one KPI of 10,000 series beside. */
  readonly serving: number[];
}

const IDLE_MS = 30_000;
const SERVING_SCRAPES = 60;
const SERVED_SERIES = 10_000;

/** `portfolio` has the rows of the demo; `series` is empty. */
export async function memoryBench(
  { portfolio, series }: { readonly portfolio: BenchDatabase; readonly series: BenchDatabase },
  { rounds, runtime, directory }: { readonly rounds: number; readonly runtime: Runtime; readonly directory: string },
): Promise<MemoryFigures> {
  const figures: MemoryFigures = { start: [], idle: [], reload: [], serving: [] };
  await createSeries(series, SERVED_SERIES);
  const configFile = writeUnit(directory, { series: SERVED_SERIES, every: '5s' });
  for (let round = 0; round < rounds; round += 1) {
    const own = { runtime, databaseUrl: portfolio.exporterUrl, configFile: null };
    const many = { runtime, databaseUrl: series.exporterUrl, configFile };
    // Both at once: most of the time they wait.
    await Promise.all([
      withPortfolioExporter(own, async ({ metricsUrl, program: { pid } }) => {
        figures.start.push(memoryOf(pid).peak);
        await delay(IDLE_MS);
        figures.idle.push(memoryOf(pid).resident);
        forgetPeak(pid);
        const response = await fetch(new URL('/-/reload', metricsUrl), { method: 'POST' });
        if (!response.ok) throw new Error(`the reload was answered with ${response.status}`);
        await delay(2000);
        figures.reload.push(memoryOf(pid).peak);
      }),
      withPortfolioExporter(many, async ({ metricsUrl, program }) => {
        await scrapeAMinute(metricsUrl);
        figures.serving.push(memoryOf(program.pid).resident);
      }),
    ]);
  }
  return figures;
}

/** As a Prometheus with an interval of 5 s for five minutes, in one. */
async function scrapeAMinute(metricsUrl: string): Promise<void> {
  const scraper = createScraper(metricsUrl);
  for (let scrape = 0; scrape < SERVING_SCRAPES; scrape += 1) {
    await scraper.scrape({ gzip: scrape % 2 === 0 });
    await delay(500);
  }
  scraper.close();
}

/** From the start of the program until /readyz says 200, in ms of wall clock and of CPU, an entry a round. */
export async function startBench(
  portfolio: BenchDatabase,
  { rounds, runtime }: { readonly rounds: number; readonly runtime: Runtime },
): Promise<{ readonly ready: number[]; readonly cpu: number[] }> {
  const figures = { ready: [] as number[], cpu: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await withPortfolioExporter(
      { runtime, databaseUrl: portfolio.exporterUrl, configFile: null },
      ({ program }) => {
        figures.ready.push(performance.now() - started);
        figures.cpu.push(cpuSeconds(program.pid) * 1000);
        return Promise.resolve();
      },
      10,
    );
  }
  return figures;
}

/** Share of a core with the schedules of the demo and no scraper, over a minute; an entry a minute. */
export async function idleBench(
  portfolio: BenchDatabase,
  { minutes, runtime }: { readonly minutes: number; readonly runtime: Runtime },
): Promise<number[]> {
  const shares: number[] = [];
  await withPortfolioExporter(
    { runtime, databaseUrl: portfolio.exporterUrl, configFile: null },
    async ({ program }) => {
      await delay(10_000);
      for (let minute = 0; minute < minutes; minute += 1) {
        const [before, since] = [cpuSeconds(program.pid), performance.now()];
        await delay(60_000);
        shares.push(((cpuSeconds(program.pid) - before) * 1000) / (performance.now() - since));
      }
    },
  );
  return shares;
}
