import { afterAll, beforeAll, expect, it } from 'vitest';
import { createConfigDirectory, type ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import { startServe, type ServedExporter } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

const MINUTE_MS = 60_000;

let database: TestDatabase;
let login: ExporterLogin;
let config: ConfigDirectory;
let exporter: ServedExporter;

beforeAll(async () => {
  database = await createDatabase();
  login = await createExporterLogin(database);
  config = await createConfigDirectory({
    'exporter.yaml': 'kpi_directories: [kpis]\n',
    'kpis/daily.yaml': testUnit({
      metrics: { portfolio_daily: 'count' },
      onChange: ['ventures'],
      every: '24h',
    }).replace('acceptable_lag: 5m', 'acceptable_lag: 48h'),
    'kpis/daily.sql': 'SELECT count(*) AS portfolio_daily FROM ventures',
  });
  exporter = await startServe({ env: { DATABASE_URL: login.url }, args: config.args });
  await exporter.ready();
  await exporter.program.says(/listening for changes/);
});
afterAll(async () => {
  await exporter.stop();
  await config.remove();
  await login.drop();
  await database.drop();
});

it('rows bring a daily KPI up to date within a minute, and at most once a minute while they keep coming', async () => {
  const runs = async () => (await exporter.value('portfolio_kpi_runs_total', { kpi: 'daily', result: 'success' })) ?? 0;
  // What may have been missed before it listened is caught up with by a run of its own.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const before = await runs();
  const startedAt = performance.now();
  let written = 0;
  while (performance.now() - startedAt < MINUTE_MS) {
    written += 1;
    await database.client.query(`INSERT INTO ventures (name) VALUES ($1)`, [`Venture ${written}`]);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(written).toBeGreaterThan(30);
  const during = (await runs()) - before;
  expect(during).toBeGreaterThanOrEqual(1);
  expect(during).toBeLessThanOrEqual(2);
  await expect.poll(() => exporter.value('portfolio_daily'), { timeout: MINUTE_MS, interval: 200 }).toBe(written);
}, 600_000);
