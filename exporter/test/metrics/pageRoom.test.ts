import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseExporterConfig } from '../../src/config/exporterConfig.js';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { OWN_SAMPLES, pageLimits } from '../../src/kpi/unit/pageLimits.js';
import { createCollector, type Collector } from '../../src/metrics/collector.js';
import { createSelfMetrics } from '../../src/metrics/selfMetrics.js';
import { fillSelfMetrics } from '../support/fillSelfMetrics.js';
import { INPUT, kpiUnit, metric } from '../support/kpiUnit.js';
import { parseMetrics } from '../support/metricsText.js';
import { recordedLogger } from '../support/recordedLogger.js';

/** 4000 series of KPIs, and 8.2 MB. */
const SAMPLE_LIMIT = 5_000;
const ROOM = pageLimits(SAMPLE_LIMIT);

let collector: Collector;
let clock: number;
beforeEach(() => {
  clock = Date.parse('2026-03-31T12:00:00Z');
  const self = createSelfMetrics({ version: '1.2.3', nodeVersion: 'v20.19.0' });
  const history = { keep: () => undefined, configure: () => undefined };
  collector = createCollector({ self, history, log: recordedLogger().log, sampleLimit: SAMPLE_LIMIT });
  configure('a', 'b');
});

const unitOf = (name: string) =>
  kpiUnit({ name, metrics: [metric(`portfolio_${name}`, { labels: ['row_id', 'text'] })] });
const configure = (...names: string[]): void => collector.configure(names.map(unitOf), DEFAULT_THRESHOLDS);

/** A run that succeeds with this many series, each with a text of this many bytes. */
async function run(kpi: string, series: number, bytes = 0): Promise<string> {
  const samples = Array.from({ length: series }, (_, row) => ({
    metric: `portfolio_${kpi}`,
    labels: { row_id: String(row), text: 'é'.repeat(bytes / 2) },
    value: clock,
  }));
  const at = new Date((clock += 1_000));
  const common = { unit: unitOf(kpi), startedAt: at, finishedAt: at, runSeconds: 0.1, waitSeconds: 0, attempts: 1 };
  const result = { samples, dataTimestampSeconds: null, warnings: [] };
  await collector.record({ ...common, result: 'success', kpi: result, input: INPUT });
  const { failing, lastError } = collector.state(kpi);
  return failing ? `${lastError?.result ?? ''}: ${lastError?.message ?? ''}` : 'success';
}

async function seriesOf(kpi: string): Promise<number> {
  const samples = parseMetrics(Buffer.concat((await collector.render()).body).toString());
  return samples.filter((sample) => sample.metric === `portfolio_${kpi}`).length;
}

describe('room on the page', () => {
  it('is shared by all KPIs: the last series that fits is there, one more fails its run and changes nothing', async () => {
    expect(await run('a', ROOM.series - 10)).toBe('success');
    expect(await run('b', 10)).toBe('success');
    expect(await run('b', 11)).toBe(
      'invalid_result: no room on the page: all KPIs together would have 4001 series, more than the 4000 that sample_limit of ' +
        'exporter.yaml leaves them (largest: a 3990, b 11); narrow a query, switch a KPI off, or raise sample_limit, and with it ' +
        'sample_limit and body_size_limit of prometheus.yml',
    );
    expect([await seriesOf('a'), await seriesOf('b')]).toEqual([ROOM.series - 10, 10]);
    expect(await run('a', ROOM.series - 11)).toBe('success');
    expect(await run('b', 11)).toBe('success');
  });

  it('is counted in bytes as well, as they stand on the page', async () => {
    expect(await run('a', 1_000, 4_000)).toBe('success');
    expect(await run('b', 1_100, 4_000)).toMatch(/^invalid_result: no room on the page: .* 8\d{6} bytes, more than/);
    expect(await run('b', 1_000, 4_000)).toBe('success');
    expect(Buffer.concat((await collector.render()).body).length).toBeLessThan(ROOM.bytes + 100_000);
  });

  it('is free again when a KPI is gone', async () => {
    expect(await run('a', ROOM.series)).toBe('success');
    configure('b');
    expect(await run('b', ROOM.series)).toBe('success');
    expect(await seriesOf('a')).toBe(0);
  });
});

it('what the exporter says of itself and of each KPI has room beside them', async () => {
  const self = createSelfMetrics({ version: '1.2.3', nodeVersion: process.version });
  const kpis = Array.from({ length: 10 }, (_, index) => `kpi_${index}`);
  const samples = async (names: readonly string[]): Promise<number> => {
    fillSelfMetrics(self, names);
    return parseMetrics((await self.text()) + self.processText()).length;
  };
  const one = await samples(kpis.slice(0, 1));
  const ten = await samples(kpis);
  const eachKpi = (ten - one) / 9;
  expect(eachKpi).toBeLessThanOrEqual(OWN_SAMPLES.eachKpi);
  // Kinds of handles and of collections come and go: no more than as many again.
  expect((one - eachKpi) * 1.5).toBeLessThanOrEqual(OWN_SAMPLES.itself);
});

it('prometheus.yml lets the largest page of the shipped limits pass', () => {
  const text = readFileSync(new URL('../../../prometheus/prometheus.yml', import.meta.url), 'utf8');
  const { scrape_configs: jobs } = parse(text) as { scrape_configs: Record<string, string | number>[] };
  const job = jobs.find(({ job_name: name }) => name === 'portfolio-exporter');
  const { sampleLimit, labelValueLengthLimit } = parseExporterConfig('{}', 'exporter.yaml');
  expect(job).toMatchObject({ sample_limit: sampleLimit, label_value_length_limit: labelValueLengthLimit });
  const [, megabytes = ''] = /^(\d+)MB$/.exec(String(job?.['body_size_limit'])) ?? [];
  // Prometheus counts MB of 1024 * 1024 bytes. A sample of the exporter's own takes less than one of a KPI.
  const own = (sampleLimit - pageLimits(sampleLimit).series) * 2 * 1024;
  expect(pageLimits(sampleLimit).bytes + own).toBeLessThan(Number(megabytes) * 1024 * 1024);
});
