import { readFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Counter, Gauge, Histogram } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS, THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import { createSelfMetrics, type SelfMetrics } from '../../src/metrics/selfMetrics.js';
import { fillSelfMetrics } from '../support/fillSelfMetrics.js';
import { kpiUnit } from '../support/kpiUnit.js';
import { parseMetrics, valueOf, type TextSample } from '../support/metricsText.js';
import { checkMetrics, PROMTOOL } from '../support/promtool.js';

let self: SelfMetrics;
beforeEach(() => {
  self = createSelfMetrics({ version: '1.2.3', nodeVersion: 'v20.19.0', shard: { shard: 1, shards: 3 } });
});

const samples = async (): Promise<TextSample[]> => parseMetrics(await self.text());

const ALL_RESULTS = ['success', 'timeout', 'invalid_result', 'database_unavailable', 'error', 'skipped'];

describe('the metrics of the exporter about itself', () => {
  it('are complete, with these types and labels', async () => {
    fillSelfMetrics(self);
    const found = new Map(
      (await self.registry.getMetricsAsJSON())
        .filter(({ name }) => name.startsWith('portfolio_'))
        .map(({ name, type, values }) => [
          name,
          // Histograms have `le` as well.
          `${String(type)} ${[...new Set(values.flatMap(({ labels }) => Object.keys(labels)))].sort().join(',')}`.trim(),
        ]),
    );
    expect(Object.fromEntries(found)).toEqual({
      portfolio_threshold: 'gauge name',
      portfolio_kpi_acceptable_lag_seconds: 'gauge kpi',
      portfolio_kpi_assigned: 'gauge kpi',
      portfolio_kpi_lag_alert_enabled: 'gauge kpi',
      portfolio_kpi_last_success_timestamp_seconds: 'gauge kpi',
      portfolio_kpi_last_attempt_timestamp_seconds: 'gauge kpi',
      portfolio_kpi_data_timestamp_seconds: 'gauge kpi',
      portfolio_kpi_run_duration_seconds: 'histogram kpi,le',
      portfolio_kpi_queue_duration_seconds: 'histogram kpi,le',
      portfolio_kpi_runs_total: 'counter kpi,result',
      portfolio_kpi_history_writes_total: 'counter kpi,result',
      portfolio_kpi_history_pending_records: 'gauge kpi',
      portfolio_kpi_history_last_success_timestamp_seconds: 'gauge kpi',
      portfolio_kpi_series: 'gauge kpi',
      portfolio_database_up: 'gauge',
      portfolio_database_standby: 'gauge',
      portfolio_database_replay_lag_seconds: 'gauge server',
      portfolio_config_recorded: 'gauge',
      portfolio_config_last_reload_successful: 'gauge',
      portfolio_config_last_reload_success_timestamp_seconds: 'gauge',
      portfolio_build_info: 'gauge node_version,version',
      portfolio_shard_info: 'gauge shard,shards',
    });
  });

  it('have the process and Node.js beside them, under the names of client libraries, as they are at this moment', () => {
    const read = (): TextSample[] => parseMetrics(self.processText());
    const before = read();
    expect(new Set(before.map(({ metric }) => metric))).toEqual(
      new Set([
        'process_cpu_user_seconds_total',
        'process_cpu_system_seconds_total',
        'process_cpu_seconds_total',
        'process_start_time_seconds',
        'process_resident_memory_bytes',
        ...(process.platform === 'linux' ? ['process_open_fds', 'process_max_fds'] : []),
        'nodejs_eventloop_time_seconds_total',
        'nodejs_active_resources',
        'nodejs_heap_size_total_bytes',
        'nodejs_heap_size_used_bytes',
        'nodejs_external_memory_bytes',
        'nodejs_version_info',
        ...before.map(({ metric }) => metric).filter((name) => name.startsWith('nodejs_gc_duration_seconds_')),
      ]),
    );
    const started = valueOf(before, 'process_start_time_seconds') ?? Number.NaN;
    expect(Math.abs(started - (Date.now() / 1000 - process.uptime()))).toBeLessThan(60);
    const cpu = process.cpuUsage();
    for (let n = 0; process.cpuUsage(cpu).user < 20_000; n += 1) JSON.stringify({ n });
    const used = (samples: TextSample[]) => valueOf(samples, 'process_cpu_seconds_total') ?? Number.NaN;
    expect(used(read()) - used(before)).toBeGreaterThan(0.015);
  });

  it.runIf(process.platform === 'linux')('counts the file descriptors that are open', async () => {
    const open = (): number => valueOf(parseMetrics(self.processText()), 'process_open_fds') ?? Number.NaN;
    const before = open();
    const files = await Promise.all(Array.from({ length: 20 }, () => openFile(import.meta.filename)));
    // Others open and close some meanwhile.
    expect(open() - before).toBeGreaterThan(10);
    await Promise.all(files.map((file) => file.close()));
  });

  it('counts the collections of garbage by kind', async () => {
    const count = (): number =>
      parseMetrics(self.processText())
        .filter(({ metric }) => metric === 'nodejs_gc_duration_seconds_count')
        .reduce((sum, { value }) => sum + value, 0);
    const before = count();
    for (let kept: object[] = [], n = 0; n < 2_000_000; n += 1)
      kept = kept.length < 1000 ? [...kept.slice(-9), { n }] : [];
    await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(before);
  });

  it('are rendered once for all who ask before something changes, and anew after any change of any of them', async () => {
    fillSelfMetrics(self);
    const changes: number[] = [];
    self.onChange(() => changes.push(1));
    for (const metric of self.registry.getMetricsAsArray()) {
      const before = self.text();
      expect(self.text()).toBe(before);
      const [sample] = parseMetrics(await self.registry.getSingleMetricAsString(metric.name));
      const labels = Object.fromEntries(Object.entries(sample?.labels ?? {}).filter(([name]) => name !== 'le'));
      if (metric instanceof Histogram) metric.observe(labels, 7);
      else if (metric instanceof Counter) metric.inc(labels, 7);
      else if (metric instanceof Gauge) metric.set(labels, 12_345);
      expect(await self.text(), metric.name).not.toBe(await before);
    }
    expect(changes).toHaveLength(self.registry.getMetricsAsArray().length);
  });

  it('are all named in the document', async () => {
    const document = readFileSync(fileURLToPath(new URL('../../../docs/kpis.md', import.meta.url)), 'utf8');
    fillSelfMetrics(self);
    const names = (await self.registry.getMetricsAsJSON()).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('portfolio_') && !document.includes(name))).toEqual([]);
  });

  it.skipIf(PROMTOOL === null)('are accepted by promtool without a word, empty and full', async () => {
    expect(await checkMetrics((await self.text()) + self.processText())).toEqual({ code: 0, output: '' });
    fillSelfMetrics(self);
    expect(await checkMetrics((await self.text()) + self.processText())).toEqual({ code: 0, output: '' });
  });
});

describe('before anything happened', () => {
  it('nothing is claimed: no state of the database, no time, no number of series', async () => {
    self.setUnits([kpiUnit()]);
    const text = await self.text();
    expect(text).not.toContain('portfolio_database_up');
    const claimed = parseMetrics(text).filter(({ metric }) => metric.startsWith('portfolio_kpi_'));
    expect(
      claimed.filter(({ metric }) => !/_(runs_total|assigned|acceptable_lag_seconds|lag_alert_enabled)$/.test(metric)),
    ).toEqual([]);
  });

  it('every result of a known KPI is counted as 0, which is true', async () => {
    self.setUnits([kpiUnit()]);
    const runs = (await samples()).filter(({ metric }) => metric === 'portfolio_kpi_runs_total');
    expect(runs.map(({ labels, value }) => [labels['kpi'], labels['result'], value])).toEqual(
      ALL_RESULTS.map((result) => ['sample', result, 0]),
    );
  });

  it('a reload has no time that it never had', async () => {
    const text = await self.text();
    // An unlabelled gauge that was never set would read as 0, that is as refused, and as 1970.
    expect(text).not.toMatch(/^portfolio_config_last_reload/m);
  });
});

describe('portfolio_database_up', () => {
  it('follows the answers', async () => {
    self.setDatabaseUp(false);
    expect(valueOf(await samples(), 'portfolio_database_up')).toBe(0);
    self.setDatabaseUp(true);
    expect(valueOf(await samples(), 'portfolio_database_up')).toBe(1);
  });
});

describe('portfolio_config_last_reload', () => {
  it('tells of a refusal and keeps the time of the last success', async () => {
    const reload = async (): Promise<(number | undefined)[]> => {
      const all = await samples();
      return ['_successful', '_success_timestamp_seconds'].map((end) =>
        valueOf(all, `portfolio_config_last_reload${end}`),
      );
    };
    self.setReload(true, new Date('2026-03-31T12:00:00.500Z'));
    expect(await reload()).toEqual([1, 1774958400.5]);
    self.setReload(false, new Date('2026-03-31T12:00:00.500Z'));
    expect(await reload()).toEqual([0, 1774958400.5]);
  });
});

describe('portfolio_threshold', () => {
  it('has every number of thresholds.yaml in base units, and follows a change', async () => {
    const thresholds = async (): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await samples())
          .filter(({ metric }) => metric === 'portfolio_threshold')
          .map(({ labels, value }) => [labels['name'], value]),
      ) as Record<string, number>;
    self.setThresholds(DEFAULT_THRESHOLDS);
    expect(Object.keys(await thresholds()).sort()).toEqual([...THRESHOLD_NAMES].sort());
    expect(await thresholds()).toMatchObject({
      portfolio_revenue_improvement_target: 0.2,
      synergy_value_per_venture_pair_target: 50_000,
      conflict_resolution_time_target: 172_800,
      hourly_rate: 75,
    });
    self.setThresholds({ ...DEFAULT_THRESHOLDS, hourly_rate: 80 });
    expect(await thresholds()).toEqual({ ...DEFAULT_THRESHOLDS, hourly_rate: 80 });
  });
});

describe('a KPI', () => {
  it('has what is configured for it', async () => {
    self.setUnits([kpiUnit({ acceptableLagSeconds: 300 }), kpiUnit({ name: 'quiet', alertWhenLate: false })]);
    const all = await samples();
    expect(valueOf(all, 'portfolio_kpi_acceptable_lag_seconds', { kpi: 'sample' })).toBe(300);
    expect(valueOf(all, 'portfolio_kpi_lag_alert_enabled', { kpi: 'sample' })).toBe(1);
    expect(valueOf(all, 'portfolio_kpi_lag_alert_enabled', { kpi: 'quiet' })).toBe(0);
    self.setUnits([kpiUnit({ acceptableLagSeconds: 600 })]);
    expect(valueOf(await samples(), 'portfolio_kpi_acceptable_lag_seconds', { kpi: 'sample' })).toBe(600);
  });

  it('keeps its counts when the configuration is taken over again', async () => {
    self.setUnits([kpiUnit()]);
    self.runs.inc({ kpi: 'sample', result: 'success' }, 7);
    self.setUnits([kpiUnit({ title: 'Another' })]);
    expect(valueOf(await samples(), 'portfolio_kpi_runs_total', { kpi: 'sample', result: 'success' })).toBe(7);
  });

  it('that is gone leaves no series of any kind', async () => {
    fillSelfMetrics(self);
    expect(await self.text()).toContain('kpi="sample"');
    self.setUnits([kpiUnit({ name: 'other' })]);
    const text = await self.text();
    expect(text).not.toContain('kpi="sample"');
    expect(text).toContain('kpi="other"');
  });
});

it('portfolio_build_info tells the versions', async () => {
  const labels = { version: '1.2.3', node_version: 'v20.19.0' };
  expect(valueOf(await samples(), 'portfolio_build_info', labels)).toBe(1);
});
