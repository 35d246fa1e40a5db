import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import type { TextSample } from '../support/metricsText.js';
import { runCommand } from '../support/runCommand.js';
import { serveHere } from '../support/startServe.js';
import type { ServedExporter } from '../support/startServe.js';

let database: TestDatabase;
let login: ExporterLogin;
beforeAll(async () => {
  database = await createDatabase({ template: 'demo' });
  login = await createExporterLogin(database);
}, 120_000);
afterAll(async () => {
  await login.drop();
  await database.drop();
});

interface Page {
  readonly samples: readonly TextSample[];
  /** Each KPI's own series, without their values. */
  readonly series: readonly string[];
  /** KPIs by what the exporter says of them. */
  readonly kpis: (metric: string, value?: number) => string[];
}

/** What an exporter with these flags serves once it is ready and what it said is recorded; it is stopped then. */
async function pageOf(...args: readonly string[]): Promise<Page> {
  let exporter: ServedExporter | null = null;
  try {
    exporter = await serveHere({ env: { DATABASE_URL: login.url }, args });
    await exporter.ready(120_000);
    await expect
      .poll(async () => (await exporter?.samples())?.filter(isPending), { timeout: 120_000, interval: 200 })
      .toEqual([]);
    const samples = await exporter.samples();
    return {
      samples,
      series: samples
        .filter(({ metric }) => !OWN.test(metric))
        .map(({ metric, labels }) => `${metric} ${JSON.stringify(Object.entries(labels).sort())}`)
        .sort(),
      kpis: (metric, value) =>
        [
          ...new Set(
            samples
              .filter((sample) => sample.metric === metric && (value === undefined || sample.value === value))
              .map(({ labels }) => labels['kpi'] ?? ''),
          ),
        ].sort(),
    };
  } finally {
    await exporter?.stop();
  }
}

const OWN = /^(process_|nodejs_|portfolio_(kpi_(?!breach)|threshold$|database_|config_|build_info$|shard_info$))/;
const isPending = ({ metric, value }: TextSample): boolean =>
  metric === 'portfolio_kpi_history_pending_records' && value > 0;

describe('KPIs shared out over exporters on one database', { timeout: 600_000 }, () => {
  it('three shards together serve what one exporter serves, nothing twice, and record it once', async () => {
    const shards = [];
    for (const shard of [1, 2, 3]) shards.push(await pageOf('--shard', `${shard}/3`));
    const whole = await pageOf();
    expect(whole.series.length).toBeGreaterThan(50);
    expect(shards.flatMap(({ series }) => series).sort()).toEqual(whole.series);
    const computed = shards.map((page) => page.kpis('portfolio_kpi_assigned', 1));
    expect(computed.flat().sort()).toEqual(whole.kpis('portfolio_kpi_assigned', 1));
    for (const [index, page] of shards.entries()) {
      expect(page.kpis('portfolio_kpi_acceptable_lag_seconds')).toEqual(computed[index]);
      expect(page.kpis('portfolio_kpi_runs_total')).toEqual(computed[index]);
      // Each knows of the others what it leaves to them, and says which shard it is.
      expect(page.kpis('portfolio_kpi_assigned')).toEqual(whole.kpis('portfolio_kpi_assigned'));
      expect(page.samples.find(({ metric }) => metric === 'portfolio_shard_info')?.labels).toEqual({
        shard: String(index + 1),
        shards: '3',
      });
    }
    // Who writes the history of a KPI is who computes it.
    const writers = shards.flatMap((page) => page.kpis('portfolio_kpi_history_pending_records'));
    expect(writers.sort()).toEqual(whole.kpis('portfolio_kpi_history_pending_records'));
    expect(whole.samples.some(({ metric }) => metric === 'portfolio_shard_info')).toBe(false);
  });

  it('by name: these KPIs, or all but these; the status page says so', async () => {
    const exporter = await serveHere({ env: { DATABASE_URL: login.url }, args: ['--kpi', 'rollback,stage_gates'] });
    try {
      await exporter.ready(120_000);
      const { text } = await exporter.get('/');
      expect(text).toContain('This is --kpi: 2 of 16 KPIs.');
      expect((await exporter.get('/kpi/rollback')).status).toBe(200);
      expect((await exporter.get('/kpi/synergy_value')).status).toBe(404);
    } finally {
      await exporter.stop();
    }
    const rest = await pageOf('--kpi.exclude=rollback', '--kpi.exclude', 'stage_gates');
    expect(rest.kpis('portfolio_kpi_assigned', 0)).toEqual(['rollback', 'stage_gates']);
    expect(rest.kpis('portfolio_kpi_assigned', 1)).toHaveLength(14);
  });

  it.each([
    [['--shard', '4/3'], 2, 'write it as NUMBER/SHARDS'],
    [['--shard', '0/3'], 2, 'write it as NUMBER/SHARDS'],
    [['--shard', '1'], 2, 'write it as NUMBER/SHARDS'],
    [
      ['--shard', '1/3', '--kpi', 'rollback'],
      2,
      "'--shard <number/shards>' cannot be used with option '--kpi <names>'",
    ],
    [['--kpi', 'rollback', '--kpi.exclude', 'stage_gates'], 2, 'cannot be used with option'],
    [['--kpi', 'Rollback'], 2, 'write the names of KPIs'],
    [['--kpi', 'rolback'], 1, '--kpi: no KPI rolback is enabled; there are coordination_overhead, '],
  ])('refuses %j', async (args, code, message) => {
    const { code: found, stderr } = await runCommand(['serve', '--web.listen-address', '127.0.0.1:0', ...args], {
      env: { DATABASE_URL: login.url },
    });
    expect({ found, said: stderr.includes(message), stderr }).toEqual({ found: code, said: true, stderr });
  });
});
