import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fillDemoHistory } from '../demo/fillDemoHistory.js';
import { generatePortfolio } from '../demo/generatePortfolio.js';
import { loadPortfolio } from '../demo/loadPortfolio.js';
import { presentMoment } from '../src/kpi/unit/moment.js';
import { shippedConfiguration } from '../test/support/shippedConfiguration.js';
import { startBenchServer, type BenchServer } from './benchDatabase.js';
import { SQL_EXPORTER, sqlExporterVersion, startPortfolioExporter } from './exporters.js';
import { kpiBench } from './kpiBench.js';
import { latencyBench, PACE_MS } from './latencyBench.js';
import { panelBench } from './panelBench.js';
import { kpiReport, latencyReport, panelReport, scrapeReport } from './report.js';
import { scrapeBench, type ScrapeFigures } from './scrapeBench.js';
import { loadThousandVentures } from './thousandVentures.js';

const SERIES = [100, 10_000];
const KPI_RUNS = 20;
const LARGE_KPI_RUNS = 10;
const LARGE_VENTURES = 1000;
// The whole run stays within about eight minutes; what does not fit is reported with the smaller n.
const LATENCY_DEADLINE_MS = 6.5 * 60_000;

const { values } = parseArgs({
  options: {
    scrapes: { type: 'string', default: '200' },
    rows: { type: 'string', default: '200' },
    // Days of rows in the large portfolio; three years take a few minutes to load.
    days: { type: 'string', default: '365' },
  },
});
const days = count('days', values.days);
const scrapes = count('scrapes', values.scrapes);
const rows = count('rows', values.rows);
const started = Date.now();
const directory = mkdtempSync(join(tmpdir(), 'portfolio-bench-'));
// An exit also ends the programs that were started; PostgreSQL ends by itself when this process does.
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
let server: BenchServer | null = null;
try {
  progress('starting PostgreSQL');
  server = await startBenchServer();
  print(
    `Node.js ${process.version}, PostgreSQL ${server.version}, ${machine()}. Times are milliseconds of wall clock.`,
  );
  await benchScrapes(server);
  await benchPortfolio(server);
  await benchLargePortfolio(server);
} finally {
  await server?.stop();
}
progress(`done in ${Math.round((Date.now() - started) / 1000)} s`);

async function benchScrapes(on: BenchServer): Promise<void> {
  const version = sqlExporterVersion();
  const missing = `${SQL_EXPORTER} is not installed, its figures are missing: apt-get install ${SQL_EXPORTER}`;
  const database = await on.createDatabase('bench_scrapes');
  const figures: ScrapeFigures[] = [];
  try {
    for (const series of SERIES) {
      progress(`${scrapes} scrapes of ${series} series`);
      figures.push(...(await scrapeBench(database, { series, scrapes, directory })));
    }
  } finally {
    await database.close();
  }
  const beside = version === null ? missing : `${SQL_EXPORTER} ${version}, each scraped in turn`;
  print(`## Scrape time, bytes and memory\n\n${scrapes} sequential scrapes, collection every 5 s. ${beside}.`);
  print(scrapeReport(figures));
}

async function benchPortfolio(on: BenchServer): Promise<void> {
  const database = await on.createDatabase('bench_portfolio');
  try {
    const moment = await presentMoment(database.client, 'UTC');
    await loadPortfolio(database.client, generatePortfolio({ today: moment.asOf, now: moment.now }));
    await fillDemoHistory(database.exporterUrl, await shippedConfiguration());
    progress(`${KPI_RUNS} runs of each KPI`);
    print(`## Time of each KPI on the demo portfolio\n\nMedian of ${KPI_RUNS} runs.`);
    print(kpiReport(await kpiBench(database.client, KPI_RUNS)));
    progress(`${KPI_RUNS} runs of each panel's SQL`);
    print(
      `## Time of each panel's SQL on the demo portfolio\n\nAs Grafana's role, 17 months. Median of ${KPI_RUNS} runs.`,
    );
    print(panelReport(await panelBench(database.client, KPI_RUNS)));

    const exporter = await startPortfolioExporter(database.exporterUrl, null);
    try {
      await untilCollected(exporter.metricsUrl);
      const measure = (paceMs: number, n: number) =>
        latencyBench(database.client, exporter.metricsUrl, {
          rows: n,
          paceMs,
          deadline: started + LATENCY_DEADLINE_MS,
        });
      progress(`${rows} rows of each kind, one every ${PACE_MS} ms`);
      const paced = await measure(PACE_MS, rows);
      // Each of these waits for min_interval: fewer say the same.
      const fewer = Math.ceil(rows / 4);
      progress(`${fewer} rows of each kind, one after the other`);
      const unpaced = await measure(0, fewer);
      const { delayMs, minIntervalMs } = (await shippedConfiguration()).policy.onChange;
      print(
        `## From INSERT to /metrics\n\nShipped settings: on_change.delay ${delayMs} ms, min_interval ${minIntervalMs} ms. ` +
          `Paced: one row every ${PACE_MS} ms; unpaced: the next row as soon as the last is seen.`,
      );
      print(
        latencyReport([
          { title: 'paced', latency: paced },
          { title: 'unpaced', latency: unpaced },
        ]),
      );
    } finally {
      await exporter.program.stop();
    }
  } finally {
    await database.close();
  }
}

async function benchLargePortfolio(on: BenchServer): Promise<void> {
  const database = await on.createDatabase('bench_large');
  try {
    progress(`loading ${LARGE_VENTURES} ventures with ${days} days`);
    const { asOf } = await presentMoment(database.client, 'UTC');
    const counts = await loadThousandVentures(database.client, { today: asOf, ventures: LARGE_VENTURES, days });
    const total = Object.values(counts).reduce((sum, rowCount) => sum + rowCount, 0);
    progress(`${LARGE_KPI_RUNS} runs of each KPI`);
    print(
      `## Time of each KPI on a large portfolio\n\n${LARGE_VENTURES} ventures, ${days} days, ` +
        `${total.toLocaleString('en-US')} rows. Median of ${LARGE_KPI_RUNS} runs.`,
    );
    print(kpiReport(await kpiBench(database.client, LARGE_KPI_RUNS)));
    progress(`${LARGE_KPI_RUNS} runs of each panel's SQL`);
    print(`## Time of each panel's SQL on the large portfolio\n\nThe same rows. Median of ${LARGE_KPI_RUNS} runs.`);
    print(panelReport(await panelBench(database.client, LARGE_KPI_RUNS)));
  } finally {
    await database.close();
  }
}

async function untilCollected(metricsUrl: string): Promise<void> {
  const readyUrl = new URL('/readyz', metricsUrl);
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if ((await fetch(readyUrl)).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the exporter was not ready within 30 s');
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) throw new Error(`--${name} is a number from 1 to 10000`);
  return value;
}

function machine(): string {
  return `${availableParallelism()} CPUs (${cpus()[0]?.model ?? 'unknown'})`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
