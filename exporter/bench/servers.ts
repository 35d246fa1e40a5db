import { gzipSync } from 'node:zlib';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchDatabase } from './benchDatabase.js';
import { createSeries, PEER_QUERY, writeUnit } from './benchUnit.js';
import { sqlExporterVersion, startConstantServer, startPortfolioExporter, startSqlExporter } from './exporters.js';
import type { RunningExporter, Runtime } from './exporters.js';
import { createScraper } from './scraper.js';

export const OURS = 'portfolio-exporter';
export const PEER = 'prometheus-sql-exporter';
export const CONSTANT = 'node:http, constant bytes';

export interface BenchedServer extends RunningExporter {
  readonly name: string;
}

export interface ServersOptions {
  readonly runtime: Runtime;
  readonly series: number;
  /** Interval of the KPI and of the peer's job. */
  readonly every: string;
  readonly directory: string;
  /** Flags of our Node.js beside those of the runtime. */
  readonly more?: readonly string[];
}

const SETTLE_MS = 6000;

/** Ours, the peer where it is installed, and node:http with the bytes of our page: all with the same series. */
export async function startServers(database: BenchDatabase, options: ServersOptions): Promise<BenchedServer[]> {
  const { runtime, series, every, directory } = options;
  await createSeries(database, series);
  const started: BenchedServer[] = [];
  try {
    const configFile = writeUnit(directory, { series, every });
    const { more = [] } = options;
    const ours = await startPortfolioExporter({ runtime, databaseUrl: database.exporterUrl, configFile, more });
    started.push({ name: OURS, ...ours });
    if (sqlExporterVersion() !== null) {
      const job = { query: PEER_QUERY, interval: every, directory };
      started.push({ name: PEER, ...(await startSqlExporter(database.exporterUrl, job)) });
    }
    const names = await Promise.all(started.map(({ metricsUrl }) => seriesOf(metricsUrl, series)));
    if (names.some((one) => one !== names[0])) throw new Error('the exporters do not serve the same series');
    const scraper = createScraper(ours.metricsUrl);
    const plain = Buffer.from((await scraper.scrape()).text());
    scraper.close();
    const page = { plain, gzip: gzipSync(plain) };
    started.push({ name: CONSTANT, ...(await startConstantServer(runtime, directory, page)) });
    // A first collection leaves garbage behind that is not a steady state.
    await delay(SETTLE_MS);
    return started;
  } catch (error) {
    await stopServers(started);
    throw error;
  }
}

export async function stopServers(servers: readonly BenchedServer[]): Promise<void> {
  await Promise.all(servers.map(({ program }) => program.stop()));
}

/** Waits until an exporter serves all series; returns their labels in an order of their own, for comparison. */
async function seriesOf(metricsUrl: string, series: number): Promise<string> {
  const scraper = createScraper(metricsUrl);
  const deadline = Date.now() + 60_000;
  try {
    for (;;) {
      const text = (await scraper.scrape()).text();
      const found = [...text.matchAll(/[{,]series="([^"]*)".*,venture="([^"]*)"\} \S+$/gm)];
      if (found.length === series)
        return found
          .map(([, name, venture]) => `${name} ${venture}`)
          .toSorted()
          .join();
      if (Date.now() > deadline) throw new Error(`${found.length} of ${series} series after 60 s`);
      await delay(100);
    }
  } finally {
    scraper.close();
  }
}
