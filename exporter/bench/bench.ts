import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { presentMoment } from '../src/kpi/unit/moment.js';
import { startBenchServer } from './benchDatabase.js';
import type { BenchDatabase, BenchServer } from './benchDatabase.js';
import { imageFlags, SQL_EXPORTER, sqlExporterVersion } from './exporters.js';
import { idleBench, memoryBench, startBench } from './footprintBench.js';
import { idleReport, loadReport, memoryReport, scrapeReport, startReport } from './footprintReport.js';
import { kpiBench } from './kpiBench.js';
import { loadBench, SCRAPERS } from './loadBench.js';
import { panelBench } from './panelBench.js';
import { latencySection, loadDemoPortfolio } from './portfolioBench.js';
import { kpiReport, panelReport } from './portfolioReport.js';
import { scrapeBench } from './scrapeBench.js';
import { loadThousandVentures } from './thousandVentures.js';

const SERIES = [100, 10_000];
const LARGE_VENTURES = 1000;

interface Options {
  readonly only: readonly Part[];
  readonly rounds: number;
  readonly scrapes: number;
  readonly runs: number;
  readonly rows: number;
  readonly days: number;
  readonly node: string;
  readonly flags: string;
}

interface Bench {
  readonly options: Options;
  readonly server: BenchServer;
  readonly runtime: { readonly node: string; readonly flags: readonly string[] };
  readonly directory: string;
  /** A database of its own, without rows. */
  empty(): Promise<BenchDatabase>;
  /** With the portfolio of the demo, the same for all parts. */
  portfolio(): Promise<BenchDatabase>;
}

/** What can be measured, in this order; each returns its sections. */
const PARTS = {
  scrape: async (bench: Bench) => {
    const { rounds, scrapes } = bench.options;
    const figures = [];
    for (const series of SERIES) {
      progress(`${rounds} rounds of ${scrapes} scrapes of ${series} series`);
      const settings = { ...bench, series, every: '5s', rounds, scrapes };
      figures.push(...(await scrapeBench(await bench.empty(), settings)));
    }
    return (
      `## Scrape\n\n${rounds} rounds of ${scrapes} sequential scrapes, collection every 5 s, ${peer()}.\n\n` +
      scrapeReport(figures)
    );
  },
  load: async (bench: Bench) => {
    const { rounds } = bench.options;
    progress(`${SCRAPERS} scrapers, ${rounds} rounds`);
    const figures = await loadBench(await bench.empty(), { ...bench, series: 10_000, rounds });
    return (
      `## Scrapes under load\n\n${SCRAPERS} scrapers, each once a second (gzip), 10,000 series computed anew each second; ` +
      `${rounds} rounds of 10 s.\n\n${loadReport(figures)}`
    );
  },
  memory: async (bench: Bench) => {
    const rounds = Math.min(bench.options.rounds, 3);
    progress(`memory, ${rounds} rounds`);
    const databases = { portfolio: await bench.portfolio(), series: await bench.empty() };
    return `## Memory\n\n${rounds} starts.\n\n${memoryReport(await memoryBench(databases, { ...bench, rounds }))}`;
  },
  start: async (bench: Bench) => {
    const { rounds } = bench.options;
    progress(`${rounds} starts`);
    const figures = await startBench(await bench.portfolio(), { ...bench, rounds });
    return `## Start\n\n${rounds} starts with the KPIs of the demo.\n\n${startReport(figures)}`;
  },
  idle: async (bench: Bench) => {
    const minutes = Math.min(bench.options.rounds, 3);
    progress(`idle for ${minutes} min`);
    return `## Idle\n\n${idleReport(await idleBench(await bench.portfolio(), { ...bench, minutes }))}`;
  },
  kpi: async (bench: Bench) => {
    const { runs } = bench.options;
    const { client } = await bench.portfolio();
    progress(`${runs} runs of each KPI`);
    return `## Time of each KPI on the demo portfolio\n\nMedian of ${runs} runs.\n\n${kpiReport(await kpiBench(client, runs))}`;
  },
  panel: async (bench: Bench) => {
    const { runs } = bench.options;
    const { client } = await bench.portfolio();
    progress(`${runs} runs of each panel's SQL`);
    return (
      `## Time of each panel's SQL on the demo portfolio\n\nAs Grafana's role, 17 months. Median of ${runs} runs.\n\n` +
      panelReport(await panelBench(client, runs))
    );
  },
  latency: async (bench: Bench) => {
    const settings = { rows: bench.options.rows, runtime: bench.runtime, progress };
    return `## From INSERT to /metrics\n\n${await latencySection(await bench.portfolio(), settings)}`;
  },
  large: async (bench: Bench) => {
    const { days } = bench.options;
    const runs = Math.ceil(bench.options.runs / 2);
    progress(`loading ${LARGE_VENTURES} ventures with ${days} days`);
    const { client } = await bench.empty();
    const { asOf } = await presentMoment(client, 'UTC');
    const counts = await loadThousandVentures(client, { today: asOf, ventures: LARGE_VENTURES, days });
    const total = Object.values(counts).reduce((sum, rowCount) => sum + rowCount, 0);
    progress(`${runs} runs of each KPI, then of each panel's SQL`);
    return (
      `## A large portfolio\n\n${LARGE_VENTURES} ventures, ${days} days, ${total.toLocaleString('en-US')} rows. ` +
      `Median of ${runs} runs.\n\n${kpiReport(await kpiBench(client, runs))}\n\n` +
      panelReport(await panelBench(client, runs))
    );
  },
};

type Part = keyof typeof PARTS;
const ALL = Object.keys(PARTS) as Part[];

const options = new Command('npm run bench --')
  .description('Timings and memory as Markdown tables. Builds nothing: npm run build comes before.')
  .option('--only <parts>', `of ${ALL.join(', ')}; a list with commas (default: all)`, parts, ALL)
  .option('--rounds <n>', 'rounds of scrape, load and start; memory and idle have three at most', count, 7)
  .option('--scrapes <n>', 'scrapes of a round', count, 200)
  .option('--runs <n>', 'runs of each KPI and panel', count, 20)
  .option('--rows <n>', 'rows of latency', count, 200)
  .option('--days <n>', 'days of rows in the large portfolio', count, 365)
  .option('--node <path>', 'the Node.js that runs the exporter', process.execPath)
  .option('--flags <flags>', 'its flags (default: those of the image)', imageFlags().join(' '))
  .parse()
  .opts<Options>();

const started = Date.now();
const directory = mkdtempSync(join(tmpdir(), 'portfolio-bench-'));
// An exit also ends the programs that were started; PostgreSQL ends by itself when this process does.
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
progress('starting PostgreSQL');
const server = await startBenchServer();
const databases: BenchDatabase[] = [];
const empty = async (): Promise<BenchDatabase> => {
  const database = await server.createDatabase(`bench_${databases.length}`);
  databases.push(database);
  return database;
};
let portfolio: Promise<BenchDatabase> | null = null;
const loadPortfolio = async (): Promise<BenchDatabase> => {
  const database = await empty();
  await loadDemoPortfolio(database);
  return database;
};
try {
  const runtime = { node: options.node, flags: options.flags.split(' ').filter((flag) => flag !== '') };
  print(
    `Node.js of this bench ${process.version}, of the exporter ${options.node} ${options.flags}; ` +
      `PostgreSQL ${server.version}; ${availableParallelism()} CPUs (${cpus()[0]?.model ?? 'unknown'}). ` +
      'Median of the rounds, with the lowest and the highest.',
  );
  const bench = { options, server, runtime, directory, empty, portfolio: () => (portfolio ??= loadPortfolio()) };
  for (const part of ALL.filter((one) => options.only.includes(one)))
    print(`${await PARTS[part](bench)}\n\nAgain: \`npm run bench -- --only ${part}\``);
} finally {
  await Promise.allSettled(databases.map((database) => database.close()));
  await server.stop();
}
progress(`done in ${Math.round((Date.now() - started) / 1000)} s`);

function parts(text: string): Part[] {
  return text.split(',').map((name) => {
    const part = ALL.find((one) => one === name);
    if (part === undefined) throw new InvalidArgumentError(`there are ${ALL.join(', ')}`);
    return part;
  });
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000)
    throw new InvalidArgumentError('a number from 1 to 10000');
  return value;
}

function peer(): string {
  const version = sqlExporterVersion();
  return version === null
    ? `${SQL_EXPORTER} is missing (apt-get install ${SQL_EXPORTER})`
    : `${SQL_EXPORTER} ${version} beside`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
