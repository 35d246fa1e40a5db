import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageLimits } from '../../src/kpi/unit/pageLimits.js';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { startPrometheus, type Prometheus } from '../support/alerting/startPrometheus.js';
import { until } from '../support/alerting/until.js';
import { killPrograms } from '../support/childProgram.js';
import { createConfigDirectory, type ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import { freePort } from '../support/freePort.js';
import { startServe, type ServedExporter } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

const SERIES = 1_000;
const KPIS = Array.from({ length: 16 }, (_, index) => `full_${index}`);
const PATIENCE_MS = 120_000;

const binaries = findAlertingBinaries();

describe.skipIf(binaries === null)('a scrape by Prometheus with the shipped limits', { timeout: 300_000 }, () => {
  const undo: (() => Promise<unknown>)[] = [];
  let exporters: { full: ServedExporter; samples: ServedExporter; labels: ServedExporter };
  let prometheus: Prometheus;
  /** Of the exporter started last. */
  let config: ConfigDirectory;

  const unit = (name: string): string =>
    testUnit({
      metrics: { [`portfolio_${name}`]: 'count' },
      labels: ['row_id', 'name', 'note'],
      every: '4m',
      timeout: '60s',
    });

  async function serve(exporterYaml: string, kpis: Readonly<Record<string, string>>): Promise<ServedExporter> {
    const units = Object.entries(kpis).flatMap(([name, sql]) => [
      [`kpis/${name}.yaml`, unit(name)],
      [`kpis/${name}.sql`, sql],
    ]);
    config = await createConfigDirectory({
      'exporter.yaml': `shipped_kpis: false\nkpi_directories: [kpis]\njitter: 0s\n${exporterYaml}`,
      ...(Object.fromEntries(units) as Record<string, string>),
    });
    const made = config;
    undo.push(() => made.remove());
    const database = await createDatabase();
    undo.push(() => database.drop());
    const exporter = await startServe({ env: { DATABASE_URL: database.url }, args: config.args });
    undo.push(() => exporter.stop());
    return exporter;
  }

  /** Rows whose labels take what they may: a name of two bytes a character, the first one too long, and a note. */
  const rows = (kpi: string, series: number, name = `repeat('é', CASE g WHEN 1 THEN 600 ELSE 512 END)`): string =>
    `SELECT g AS row_id, ${name} AS name, repeat('x', 940) AS note, g AS portfolio_${kpi} FROM generate_series(1, ${series}) AS g`;

  beforeAll(async () => {
    exporters = {
      // What Prometheus does with an exporter that knows other limits.
      samples: await serve('sample_limit: 40000\nmax_series: 25000\n', { many: rows('many', 20_001, `''`) }),
      labels: await serve('label_value_length_limit: 2000\n', { long: rows('long', 1, `repeat('x', 1025)`) }),
      full: await serve('', Object.fromEntries(KPIS.map((kpi) => [kpi, rows(kpi, SERIES)]))),
    };
    const directory = await mkdtemp(join(tmpdir(), 'portfolio-scrape-'));
    undo.push(() => rm(directory, { recursive: true, force: true }));
    const nobody = `127.0.0.1:${await freePort()}`;
    prometheus = await startPrometheus({
      binary: binaries?.prometheus ?? '',
      directory,
      targets: {
        'portfolio-exporter': Object.values(exporters).map(({ url }) => new URL(url).host),
        alertmanager: [nobody],
        grafana: [nobody],
      },
      alertmanagers: [nobody],
    });
    undo.push(() => prometheus.stop());
  }, PATIENCE_MS);
  afterAll(async () => {
    for (const one of undo.toReversed()) await one();
    killPrograms();
  }, PATIENCE_MS);

  const numberOf = async (expression: string): Promise<number | undefined> =>
    (await prometheus.query(expression))[0]?.value;
  const up = (exporter: ServedExporter): Promise<number | undefined> =>
    numberOf(`up{instance="${new URL(exporter.url).host}"}`);
  const seen = (): Promise<number | undefined> => numberOf('count({__name__=~"portfolio_full_.*"})');

  it('takes the largest page that the exporter makes, with labels as long as they may be', async () => {
    const room = pageLimits(20_000).series;
    expect(KPIS.length * SERIES).toBe(room);
    await until(async () => (await seen()) === room && (await up(exporters.full)) === 1, PATIENCE_MS);
    expect([await seen(), await up(exporters.full)]).toEqual([room, 1]);
    const { text } = await exporters.full.get('/metrics');
    // Nine tenths of the bytes that the KPIs may take.
    expect(Buffer.byteLength(text)).toBeGreaterThan(pageLimits(20_000).bytes * 0.9);
    const names = [...text.matchAll(/ ?name="([é…]+)"/g)].map(([, name = '']) => Buffer.byteLength(name));
    expect(names.toSorted((a, b) => a - b).at(-1)).toBe(1_024);
    expect(text).toContain('é…"');
  });

  it('loses nothing by one KPI more with one series more: its run fails, and says why', async () => {
    await config.write('kpis/more.yaml', unit('more'));
    await config.write('kpis/more.sql', rows('more', 1));
    await exporters.full.get('/-/reload', { method: 'POST' });
    const refused = `portfolio_kpi_runs_total{kpi="more",result="invalid_result"}`;
    await until(async () => (await numberOf(refused)) === 1, PATIENCE_MS);
    expect(exporters.full.program.stderr()).toContain('would have 16001 series, more than the 16000 that sample_limit');
    expect([await seen(), await up(exporters.full)]).toEqual([pageLimits(20_000).series, 1]);
  });

  it('is lost as a whole beyond them', async () => {
    for (const exporter of [exporters.samples, exporters.labels]) {
      await until(async () => (await up(exporter)) === 0, PATIENCE_MS);
      expect(await up(exporter)).toBe(0);
    }
  });
});
