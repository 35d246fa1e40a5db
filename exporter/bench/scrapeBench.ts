import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchDatabase } from './benchDatabase.js';
import { sqlExporterVersion, startPortfolioExporter, startSqlExporter, type RunningExporter } from './exporters.js';
import { percentile } from './percentile.js';
import { createScraper, type Scraper } from './scraper.js';

export interface ScrapeFigures {
  readonly exporter: 'portfolio-exporter' | 'prometheus-sql-exporter';
  readonly series: number;
  readonly plain: { readonly p50: number; readonly p99: number; readonly bytes: number };
  readonly gzip: { readonly p50: number; readonly p99: number; readonly bytes: number };
  readonly residentBytes: number;
}

const WARM_UP = 20;
const SETTLE_MS = 6000;
const COLUMNS = `'series-' || i AS series, 'Venture ' || i % 50 AS venture`;

/** Scrapes both exporters in turn, with the same series of the same table in both, `scrapes` times plain and compressed. */
export async function scrapeBench(
  database: BenchDatabase,
  { series, scrapes, directory }: { series: number; scrapes: number; directory: string },
): Promise<ScrapeFigures[]> {
  await database.client.query('DROP TABLE IF EXISTS bench_series');
  await database.client.query(
    `CREATE TABLE bench_series AS SELECT ${COLUMNS}, i * 1.25::float8 AS value FROM generate_series(1, ${series}) AS i`,
  );
  await database.client.query('GRANT SELECT ON bench_series TO portfolio_exporter');
  const started: { name: ScrapeFigures['exporter']; running: RunningExporter; scraper: Scraper }[] = [];
  try {
    const ours = await startPortfolioExporter(database.exporterUrl, writeUnit(directory, series));
    started.push({ name: 'portfolio-exporter', running: ours, scraper: createScraper(ours.metricsUrl) });
    if (sqlExporterVersion() !== null) {
      const query = 'SELECT series, venture, value FROM bench_series';
      const theirs = await startSqlExporter(database.exporterUrl, query, directory);
      started.push({ name: 'prometheus-sql-exporter', running: theirs, scraper: createScraper(theirs.metricsUrl) });
    }
    const times = started.map(() => ({ plain: [] as number[], gzip: [] as number[] }));
    const contents = await Promise.all(started.map(({ scraper }) => seriesOf(scraper, series)));
    if (contents.some((content) => content !== contents[0]))
      throw new Error('the exporters do not serve the same series');
    // A first collection leaves garbage behind that is not a steady state.
    await delay(SETTLE_MS);
    for (let round = -WARM_UP; round < scrapes; round += 1) {
      for (const [index, { scraper }] of started.entries()) {
        const plain = await scraper.scrape();
        const gzip = await scraper.scrape({ gzip: true });
        if (round < 0) continue;
        times[index]?.plain.push(plain.milliseconds);
        times[index]?.gzip.push(gzip.milliseconds);
      }
    }
    return await Promise.all(
      started.map(async ({ name, running, scraper }, index): Promise<ScrapeFigures> => {
        const { plain = [], gzip = [] } = times[index] ?? {};
        return {
          exporter: name,
          series,
          plain: { ...quantiles(plain), bytes: (await scraper.scrape()).bytes },
          gzip: { ...quantiles(gzip), bytes: (await scraper.scrape({ gzip: true })).bytes },
          residentBytes: await running.program.residentBytes(),
        };
      }),
    );
  } finally {
    for (const { scraper } of started) scraper.close();
    await Promise.all(started.map(({ running }) => running.program.stop()));
  }
}

function quantiles(times: readonly number[]): { p50: number; p99: number } {
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** Waits until an exporter serves all series; returns labels and values in an order of their own, for comparison. */
async function seriesOf(scraper: Scraper, series: number): Promise<string> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const text = (await scraper.scrape()).text();
    const found = [...text.matchAll(/[{,]series="([^"]*)".*,venture="([^"]*)"\} (\S+)$/gm)];
    if (found.length === series)
      return found
        .map(([, name, venture, value]) => `${name} ${venture} ${Number(value)}`)
        .sort()
        .join();
    if (Date.now() > deadline) throw new Error(`${found.length} of ${series} series after 60 s`);
    await delay(100);
  }
}

/** A directory with one unit of that many series, and the exporter.yaml that names it. */
function writeUnit(directory: string, series: number): string {
  const units = join(directory, `kpis-${series}`);
  mkdirSync(units, { recursive: true });
  writeFileSync(
    join(units, 'bench.sql'),
    'SELECT series, venture, value AS portfolio_bench_dollars FROM bench_series;\n',
  );
  const unit = {
    title: 'Benchmark',
    description: 'Many series of one metric.',
    owner: 'bench',
    schedule: { every: '5s' },
    timeout: '5s',
    acceptable_lag: '1m',
    alert_when_late: false,
    as_of: 'current_state',
    labels: ['series', 'venture'],
    max_series: series,
    metrics: { portfolio_bench_dollars: { help: 'Benchmark series.', type: 'gauge', unit: 'dollars' } },
  };
  writeFileSync(join(units, 'bench.yaml'), JSON.stringify(unit));
  const file = join(directory, `exporter-${series}.yaml`);
  writeFileSync(file, JSON.stringify({ shipped_kpis: false, kpi_directories: [units] }));
  return file;
}
