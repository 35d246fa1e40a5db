import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchDatabase } from './benchDatabase.js';

/** The same rows for every exporter that is compared; the values move with the clock, so that no run repeats the one before. */
export const PEER_QUERY = `SELECT series, venture, value + extract(second FROM now())::float8 AS value FROM bench_series`;

export async function createSeries(database: BenchDatabase, series: number): Promise<void> {
  await database.client.query('DROP TABLE IF EXISTS bench_series');
  await database.client.query(
    `CREATE TABLE bench_series AS
     SELECT 'series-' || i AS series, 'Venture ' || i % 50 AS venture, i * 1.25::float8 AS value
       FROM generate_series(1, ${series}) AS i`,
  );
  await database.client.query('GRANT SELECT ON bench_series TO portfolio_exporter');
}

/** A directory with one unit of that many series, and the exporter.yaml that names it. */
export function writeUnit(directory: string, { series, every }: { series: number; every: string }): string {
  const units = join(directory, `kpis-${series}-${every}`);
  mkdirSync(units, { recursive: true });
  writeFileSync(
    join(units, 'bench.sql'),
    'SELECT series, venture, value + extract(second FROM :now)::float8 AS portfolio_bench_dollars FROM bench_series;\n',
  );
  const unit = {
    title: 'Benchmark',
    description: 'Many series of one metric.',
    owner: 'bench',
    schedule: { every },
    timeout: every,
    acceptable_lag: '1m',
    alert_when_late: false,
    as_of: 'current_state',
    labels: ['series', 'venture'],
    max_series: series,
    metrics: { portfolio_bench_dollars: { help: 'Benchmark series.', type: 'gauge', unit: 'dollars' } },
  };
  writeFileSync(join(units, 'bench.yaml'), JSON.stringify(unit));
  const file = join(directory, `exporter-${series}-${every}.yaml`);
  writeFileSync(file, JSON.stringify({ shipped_kpis: false, kpi_directories: [units] }));
  return file;
}
