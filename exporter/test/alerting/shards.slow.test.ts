import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { hurriedRules } from '../support/alerting/hurriedStack.js';
import { startPrometheus } from '../support/alerting/startPrometheus.js';
import { until } from '../support/alerting/until.js';
import { createDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import { startServe } from '../support/startServe.js';
import type { ServedExporter } from '../support/startServe.js';

const binaries = findAlertingBinaries();

it.skipIf(binaries === null)(
  'a real Prometheus misses nothing of three shards, and tells when one of them is gone and when it is back',
  { timeout: 900_000 },
  async () => {
    const database = await createDatabase({ template: 'demo' });
    onTestFinished(() => database.drop());
    const login = await createExporterLogin(database);
    onTestFinished(() => login.drop());
    const directory = await mkdtemp(join(tmpdir(), 'portfolio-shards-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const start = (shard: number, ...args: readonly string[]): Promise<ServedExporter> =>
      startServe({ env: { DATABASE_URL: login.url }, args: ['--shard', `${shard}/3`, ...args] });
    const shards = await Promise.all([1, 2, 3].map((shard) => start(shard)));
    const [, , third] = shards;
    if (third === undefined) throw new Error('three were started');
    onTestFinished(async () => {
      await Promise.all(shards.map((one) => one.stop()));
    });
    const prometheus = await startPrometheus({
      binary: binaries?.prometheus ?? '',
      directory,
      targets: {
        'portfolio-exporter': shards.map(({ url }) => new URL(url).host),
        alertmanager: [],
        grafana: [],
      },
      alertmanagers: [],
      rules: await hurriedRules(join(directory, 'rules')),
    });
    onTestFinished(() => prometheus.stop());
    const soon = async (holds: () => Promise<boolean>): Promise<void> => {
      await until(holds, 300_000);
      expect(await holds()).toBe(true);
    };
    const isFiring = async (): Promise<boolean> =>
      (await prometheus.alerts()).some(
        ({ labels, state }) => labels['alertname'] === 'PortfolioShardMissing' && state === 'firing',
      );
    const fresh = async (): Promise<number> => (await prometheus.query('kpi:portfolio_kpi_fresh:bool')).length;
    await soon(async () => (await fresh()) === 16);
    expect(await isFiring()).toBe(false);
    expect(await prometheus.query('sum by (kpi) (portfolio_kpi_assigned) != 1')).toEqual([]);
    await third.stop();
    await soon(isFiring);
    const left = (await prometheus.query('max by (kpi) (portfolio_kpi_assigned) == 0')).map(
      ({ labels }) => labels['kpi'],
    );
    expect(left.length).toBeGreaterThan(0);
    // None of them is fresh or late, and none meets its service level.
    expect(await fresh()).toBe(16 - left.length);
    await soon(async () => (await prometheus.query('kpi:portfolio_sla_met:bool == 0')).length >= left.length);
    // The later flag wins.
    shards.push(await start(3, '--web.listen-address', new URL(third.url).host));
    await soon(async () => !(await isFiring()));
    await soon(async () => (await fresh()) === 16);
  },
);
