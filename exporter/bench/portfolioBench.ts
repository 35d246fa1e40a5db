import { fillDemoHistory } from '../demo/fillDemoHistory.js';
import { generatePortfolio } from '../demo/generatePortfolio.js';
import { loadPortfolio } from '../demo/loadPortfolio.js';
import { presentMoment } from '../src/kpi/unit/moment.js';
import { shippedConfiguration } from '../test/support/shippedConfiguration.js';
import type { BenchDatabase } from './benchDatabase.js';
import { withPortfolioExporter } from './exporters.js';
import type { Runtime } from './exporters.js';
import { latencyBench, PACE_MS } from './latencyBench.js';
import { latencyReport } from './portfolioReport.js';

/** Fills a database with the portfolio and the history of the demo. */
export async function loadDemoPortfolio(database: BenchDatabase): Promise<void> {
  const moment = await presentMoment(database.client, 'UTC');
  await loadPortfolio(database.client, generatePortfolio({ today: moment.asOf, now: moment.now }));
  await fillDemoHistory(database.exporterUrl, await shippedConfiguration());
}

// What does not fit is reported with the smaller n.
const DEADLINE_MS = 5 * 60_000;

/** From INSERT to /metrics with the shipped settings; returns the section as Markdown. */
export async function latencySection(
  portfolio: BenchDatabase,
  { rows, runtime, progress }: { rows: number; runtime: Runtime; progress: (text: string) => void },
): Promise<string> {
  const options = { runtime, databaseUrl: portfolio.exporterUrl, configFile: null };
  return withPortfolioExporter(options, async ({ metricsUrl }) => {
    const deadline = Date.now() + DEADLINE_MS;
    progress(`${rows} rows of each kind, one every ${PACE_MS} ms`);
    const paced = await latencyBench(portfolio.client, metricsUrl, { rows, paceMs: PACE_MS, deadline });
    // Each of these waits for min_interval: fewer say the same.
    const fewer = Math.ceil(rows / 4);
    progress(`${fewer} rows of each kind, one after the other`);
    const unpaced = await latencyBench(portfolio.client, metricsUrl, { rows: fewer, paceMs: 0, deadline });
    const { delayMs, minIntervalMs } = (await shippedConfiguration()).policy.onChange;
    const settings =
      `Shipped settings: on_change.delay ${delayMs} ms, min_interval ${minIntervalMs} ms. ` +
      `Paced: one row every ${PACE_MS} ms; unpaced: the next row as soon as the last is seen.`;
    const table = latencyReport([
      { title: 'paced', latency: paced },
      { title: 'unpaced', latency: unpaced },
    ]);
    return `${settings}\n\n${table}`;
  });
}
