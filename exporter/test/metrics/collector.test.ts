import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { createDatabase as createPool, type Database } from '../../src/database/pool.js';
import { runKpi, type RunOutcome, type RunResult } from '../../src/kpi/run/runKpi.js';
import type { KpiUnit, Sample } from '../../src/kpi/unit/unit.js';
import { createCollector, type Collector } from '../../src/metrics/collector.js';
import { createSelfMetrics, type SelfMetrics } from '../../src/metrics/selfMetrics.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import { INPUT, kpiUnit, metric, SETTINGS } from '../support/kpiUnit.js';
import { parseMetrics, valueOf, type TextSample } from '../support/metricsText.js';
import { checkMetrics, PROMTOOL } from '../support/promtool.js';
import { ERROR, recordedLogger, WARN, type LogLine } from '../support/recordedLogger.js';

let server: TestDatabase;
let login: ExporterLogin;
let database: Database;
let self: SelfMetrics;
let collector: Collector;
let lines: LogLine[];

beforeAll(async () => {
  server = await createDatabase();
  login = await createExporterLogin(server);
  database = createPool({
    settings: { connectionString: login.url },
    maxConnections: 2,
    connectTimeoutMs: 5_000,
    onIdleError: () => undefined,
  });
});
afterAll(async () => {
  await database.close();
  await login.drop();
  await server.drop();
});
beforeEach(() => {
  const recorded = recordedLogger();
  lines = recorded.lines;
  self = createSelfMetrics({ version: '1.2.3', nodeVersion: 'v20.19.0' });
  collector = createCollector({ self, history: NO_HISTORY, log: recorded.log, sampleLimit: SAMPLE_LIMIT });
});

const SAMPLE_LIMIT = 20_000;
const NO_HISTORY = { keep: () => undefined, configure: () => undefined };
const T0 = new Date('2026-03-31T12:00:00Z');
const seconds = (date: Date): number => date.getTime() / 1_000;
const later = (ms: number): Date => new Date(T0.getTime() + ms);

const sample = (metricName: string, value: number, labels: Record<string, string> = {}): Sample => ({
  metric: metricName,
  labels,
  value,
});

function success(
  unit: KpiUnit,
  samples: readonly Sample[],
  startedAt = T0,
  dataTimestampSeconds: number | null = null,
): RunOutcome {
  return {
    unit,
    startedAt,
    finishedAt: new Date(startedAt.getTime() + 250),
    runSeconds: 0.25,
    waitSeconds: 12,
    attempts: 1,
    result: 'success',
    kpi: { samples, dataTimestampSeconds, warnings: [] },
    input: INPUT,
  };
}

function failure(unit: KpiUnit, result: Exclude<RunResult, 'success'>, startedAt = T0): RunOutcome {
  const finishedAt = new Date(startedAt.getTime() + 250);
  const answered = result !== 'database_unavailable';
  const seconds = { runSeconds: 0.25, waitSeconds: 0 };
  return { unit, startedAt, finishedAt, ...seconds, attempts: 3, result, message: 'it broke', answered };
}

const text = async (): Promise<string> => Buffer.concat((await collector.render()).body).toString();
const samples = async (): Promise<TextSample[]> => parseMetrics(await text());
const configure = (...units: KpiUnit[]): void => collector.configure(units, DEFAULT_THRESHOLDS);

const VENTURES = kpiUnit({
  name: 'ventures',
  metrics: [metric('portfolio_backlog', { labels: ['venture'] }), metric('portfolio_share_ratio', { unit: 'ratio' })],
});

describe('a success', () => {
  it('shows its series, their number, and when it was', async () => {
    configure(VENTURES);
    const outcome = success(
      VENTURES,
      [sample('portfolio_backlog', 3, { venture: 'x' }), sample('portfolio_share_ratio', 0.5)],
      T0,
      1_774_900_000,
    );
    await collector.record(outcome);
    const all = await samples();
    const kpi = { kpi: 'ventures' };
    expect(valueOf(all, 'portfolio_backlog', { venture: 'x' })).toBe(3);
    expect(valueOf(all, 'portfolio_share_ratio')).toBe(0.5);
    expect(valueOf(all, 'portfolio_kpi_series', kpi)).toBe(2);
    expect(valueOf(all, 'portfolio_kpi_last_success_timestamp_seconds', kpi)).toBe(seconds(T0) + 0.25);
    expect(valueOf(all, 'portfolio_kpi_last_attempt_timestamp_seconds', kpi)).toBe(seconds(T0) + 0.25);
    expect(valueOf(all, 'portfolio_kpi_data_timestamp_seconds', kpi)).toBe(1_774_900_000);
    expect(valueOf(all, 'portfolio_kpi_runs_total', { ...kpi, result: 'success' })).toBe(1);
    expect(valueOf(all, 'portfolio_kpi_run_duration_seconds_count', kpi)).toBe(1);
    expect(valueOf(all, 'portfolio_kpi_run_duration_seconds_sum', kpi)).toBe(0.25);
    expect(valueOf(all, 'portfolio_kpi_queue_duration_seconds_sum', kpi)).toBe(12);
    expect(collector.state('ventures')).toEqual({
      samples: outcome.result === 'success' ? outcome.kpi.samples : [],
      lastSuccess: outcome.finishedAt,
      lastAttempt: outcome.finishedAt,
      answered: true,
      dataTimestampSeconds: 1_774_900_000,
      failing: false,
      warnings: [],
      lastError: null,
      runs: [{ at: outcome.finishedAt, seconds: 0.25, waitSeconds: 12, attempts: 1, result: 'success', message: null }],
    });
  });

  it('replaces all that was before: a series that is gone is gone', async () => {
    configure(VENTURES);
    await collector.record(
      success(
        VENTURES,
        [sample('portfolio_backlog', 1, { venture: 'x' }), sample('portfolio_share_ratio', 0.5)],
        T0,
        5,
      ),
    );
    await collector.record(success(VENTURES, [sample('portfolio_backlog', 2, { venture: 'y' })], later(1_000)));
    const page = await text();
    expect(page).toContain('portfolio_backlog{venture="y"} 2\n');
    expect(page).not.toContain('venture="x"');
    expect(page).not.toContain('portfolio_share_ratio');
    expect(page).not.toContain('portfolio_kpi_data_timestamp_seconds{');
    expect(valueOf(parseMetrics(page), 'portfolio_kpi_series', { kpi: 'ventures' })).toBe(1);
  });

  it('without a row clears the series and is a success all the same', async () => {
    configure(VENTURES);
    await collector.record(success(VENTURES, [sample('portfolio_backlog', 1, { venture: 'x' })]));
    await collector.record(success(VENTURES, [], later(1_000)));
    const all = await samples();
    expect(all.some(({ metric: name }) => name === 'portfolio_backlog')).toBe(false);
    expect(valueOf(all, 'portfolio_kpi_series', { kpi: 'ventures' })).toBe(0);
    expect(valueOf(all, 'portfolio_kpi_last_success_timestamp_seconds', { kpi: 'ventures' })).toBe(seconds(T0) + 1.25);
  });

  it('is shown after the first, not before', async () => {
    configure(VENTURES);
    expect(await text()).not.toContain('portfolio_backlog');
    expect(collector.state('ventures')).toMatchObject({ samples: [], lastSuccess: null, lastAttempt: null });
  });
});

describe('a failure', () => {
  it.each<Exclude<RunResult, 'success'>>(['timeout', 'invalid_result', 'database_unavailable', 'error'])(
    'keeps the last values and lets the time of the success age: %s',
    async (result) => {
      configure(VENTURES);
      const good = [sample('portfolio_backlog', 3, { venture: 'x' })];
      await collector.record(success(VENTURES, good, T0, 7));
      await collector.record(failure(VENTURES, result, later(60_000)));
      const all = await samples();
      const kpi = { kpi: 'ventures' };
      expect(valueOf(all, 'portfolio_backlog', { venture: 'x' })).toBe(3);
      expect(valueOf(all, 'portfolio_kpi_series', kpi)).toBe(1);
      expect(valueOf(all, 'portfolio_kpi_last_success_timestamp_seconds', kpi)).toBe(seconds(T0) + 0.25);
      expect(valueOf(all, 'portfolio_kpi_last_attempt_timestamp_seconds', kpi)).toBe(seconds(T0) + 60.25);
      expect(valueOf(all, 'portfolio_kpi_data_timestamp_seconds', kpi)).toBe(7);
      expect(valueOf(all, 'portfolio_kpi_runs_total', { ...kpi, result })).toBe(1);
      expect(collector.state('ventures')).toEqual({
        samples: good,
        lastSuccess: later(250),
        lastAttempt: later(60_250),
        answered: true,
        dataTimestampSeconds: 7,
        failing: true,
        warnings: [],
        lastError: { at: later(60_250), result, message: 'it broke' },
        runs: [
          { at: later(60_250), seconds: 0.25, waitSeconds: 0, attempts: 3, result, message: 'it broke' },
          { at: later(250), seconds: 0.25, waitSeconds: 12, attempts: 1, result: 'success', message: null },
        ],
      });
      expect(lines.filter(({ level }) => level >= WARN)).toEqual([
        expect.objectContaining({
          level: ERROR,
          msg: 'KPI run failed',
          kpi: 'ventures',
          result,
          attempts: 3,
          reason: 'it broke',
        }),
      ]);
    },
  );

  it('before the first success shows nothing but itself', async () => {
    configure(VENTURES);
    await collector.record(failure(VENTURES, 'error'));
    const page = await text();
    expect(page).not.toContain('portfolio_backlog');
    expect(page).not.toContain('portfolio_kpi_last_success_timestamp_seconds{');
    expect(page).not.toContain('portfolio_kpi_series{');
    expect(page).toContain('portfolio_kpi_last_attempt_timestamp_seconds{kpi="ventures"}');
  });

  it('of one KPI is nothing to another', async () => {
    const other = kpiUnit({ name: 'other', metrics: [metric('portfolio_other')] });
    configure(VENTURES, other);
    await collector.record(success(other, [sample('portfolio_other', 1)]));
    await collector.record(failure(VENTURES, 'error'));
    expect(await text()).toContain('portfolio_other 1\n');
    expect(collector.state('other').lastError).toBeNull();
  });

  it('is remembered after the next success', async () => {
    configure(VENTURES);
    await collector.record(failure(VENTURES, 'timeout'));
    await collector.record(success(VENTURES, [], later(1_000)));
    expect(collector.state('ventures').lastError).toMatchObject({ result: 'timeout' });
  });
});

describe('a skipped tick', () => {
  it('is counted and logged', async () => {
    configure(VENTURES);
    collector.recordSkip(VENTURES);
    collector.recordSkip(VENTURES);
    expect(valueOf(await samples(), 'portfolio_kpi_runs_total', { kpi: 'ventures', result: 'skipped' })).toBe(2);
    expect(lines.map(({ level, kpi }) => [level, kpi])).toEqual([
      [WARN, 'ventures'],
      [WARN, 'ventures'],
    ]);
  });
});

describe('a scrape', () => {
  it('never sees half of a KPI, in either coding', async () => {
    configure(VENTURES);
    const version = (value: number): Sample[] => [
      ...Array.from({ length: 100 }, (_, n) =>
        sample('portfolio_backlog', value, { venture: `${n % 2 === value % 2 ? 'a' : 'b'}${n}` }),
      ),
      sample('portfolio_share_ratio', value),
    ];
    await collector.record(success(VENTURES, version(0)));
    const seen = new Set<number>();
    const scrape = async (coded: boolean): Promise<void> => {
      const page = await collector.render();
      const bytes = Buffer.concat(coded ? await page.gzip() : page.body);
      const body = (coded ? gunzipSync(bytes) : bytes).toString();
      const own = parseMetrics(body).filter(({ metric: name }) => /^portfolio_(backlog|share)/.test(name));
      expect(own).toHaveLength(101);
      const values = new Set(own.map(({ value }) => value));
      expect([...values]).toHaveLength(1);
      for (const value of values) seen.add(value);
    };
    const scrapes: Promise<void>[] = [];
    for (let value = 1; value <= 30; value += 1) {
      // Of one KPI one run at a time.
      const recorded = collector.record(success(VENTURES, version(value), later(value)));
      scrapes.push(scrape(false), scrape(true));
      // Now and then others get their turn between two steps.
      if (value % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (value % 3 === 0) await Promise.resolve();
      scrapes.push(scrape(false), scrape(true));
      await recorded;
    }
    await Promise.all(scrapes);
    await scrape(false);
    expect(seen.size).toBeGreaterThan(3);
    expect(seen.has(30)).toBe(true);
  });

  it.skipIf(PROMTOOL === null)('gets what promtool accepts without a word', async () => {
    configure(VENTURES, kpiUnit({ name: 'other', metrics: [metric('portfolio_other')] }));
    expect(await checkMetrics(await text())).toEqual({ code: 0, output: '' });
    self.setDatabaseUp(true);
    self.setReload(true, T0);
    const hostile = ['"><script>alert(1)</script>', 'two\nlines', 'back\\slash', '🙂', ''];
    await collector.record(
      success(
        VENTURES,
        hostile.map((venture, n) => sample('portfolio_backlog', n, { venture })),
        T0,
        5,
      ),
    );
    collector.recordSkip(VENTURES);
    expect(await checkMetrics(await text())).toEqual({ code: 0, output: '' });
  });
});

describe('configure', () => {
  const other = kpiUnit({ name: 'other', metrics: [metric('portfolio_other')] });

  it('takes a KPI that is gone off the page, with all its series', async () => {
    configure(VENTURES, other);
    await collector.record(success(VENTURES, [sample('portfolio_backlog', 1, { venture: 'x' })], T0, 5));
    await collector.record(success(other, [sample('portfolio_other', 1)]));
    configure(other);
    const page = await text();
    expect(page).not.toContain('portfolio_backlog');
    expect(page).not.toContain('kpi="ventures"');
    expect(page).toContain('portfolio_other 1\n');
    expect(collector.state('ventures').lastSuccess).toBeNull();
  });

  it('does not let the run under way of a KPI that is gone bring it back', async () => {
    configure(VENTURES);
    await collector.record(success(VENTURES, [sample('portfolio_backlog', 1, { venture: 'x' })]));
    const ending = collector.record(success(VENTURES, [sample('portfolio_backlog', 2, { venture: 'x' })], later(1)));
    configure(other);
    await ending;
    await collector.record(failure(VENTURES, 'error', later(2)));
    const page = await text();
    expect(page).not.toContain('portfolio_backlog');
    expect(page).not.toContain('kpi="ventures"');
  });

  it('takes the series off the page whose metric has become that of another KPI', async () => {
    configure(VENTURES, other);
    const old = [sample('portfolio_backlog', 1, { venture: 'x' })];
    await collector.record(success(VENTURES, old));
    const former = kpiUnit({ name: 'ventures', metrics: [metric('portfolio_share_ratio', { unit: 'ratio' })] });
    const heir = kpiUnit({ name: 'other', metrics: [metric('portfolio_backlog', { labels: ['venture'] })] });
    configure(former, heir);
    await collector.record(success(heir, [sample('portfolio_backlog', 2, { venture: 'x' })], later(1)));
    // A run of the former unit that ends only now.
    await collector.record(success(VENTURES, old, later(2)));
    expect((await samples()).filter(({ metric: name }) => name === 'portfolio_backlog')).toEqual([
      { metric: 'portfolio_backlog', labels: { venture: 'x' }, value: 2 },
    ]);
  });

  it('leaves what did not change alone', async () => {
    configure(VENTURES);
    await collector.record(success(VENTURES, [sample('portfolio_backlog', 1, { venture: 'x' })]));
    configure(structuredClone(VENTURES), other);
    expect(await text()).toContain('portfolio_backlog{venture="x"} 1\n');
  });
});

it('tells the history of every success, and of what is configured', async () => {
  const told: unknown[] = [];
  const history = {
    keep: (outcome: RunOutcome) => told.push(outcome),
    configure: (units: unknown) => told.push(units),
  };
  const telling = createCollector({ self, history, log: recordedLogger().log, sampleLimit: SAMPLE_LIMIT });
  telling.configure([VENTURES], DEFAULT_THRESHOLDS);
  const good = success(VENTURES, [sample('portfolio_share_ratio', 1)]);
  await telling.record(failure(VENTURES, 'error'));
  await telling.record(good);
  expect(told).toEqual([[VENTURES], good]);
});

it('from rows to the page: a venture keeps its name', async () => {
  const name = '"><script>alert(1)</script>\n\\ 🙂';
  const unit = kpiUnit({
    name: 'ventures',
    sql: `SELECT name AS venture, 1.50::numeric AS portfolio_backlog, NULL::numeric AS portfolio_share_ratio FROM ventures`,
    metrics: VENTURES.metrics.map((each) => ({
      ...each,
      labels: each.name === 'portfolio_backlog' ? ['venture'] : [],
    })),
  });
  await server.client.query('INSERT INTO ventures (name) VALUES ($1)', [name]);
  configure(unit);
  const retry = { attempts: 1, initialDelayMs: 1, maxDelayMs: 1 };
  await collector.record(await runKpi(unit, { database, retry, clock: () => T0, settings: () => SETTINGS }));
  expect(valueOf(await samples(), 'portfolio_backlog', { venture: name })).toBe(1.5);
  expect(await text()).not.toContain('portfolio_share_ratio');
  await server.client.query('TRUNCATE ventures CASCADE');
});

it('the newest runs are kept, the latest first, and no more than twenty', async () => {
  configure(VENTURES);
  for (let run = 1; run <= 21; run += 1) await collector.record(success(VENTURES, [], later(run * 1_000)));
  const { runs } = collector.state('ventures');
  expect(runs.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, index) => later((21 - index) * 1_000 + 250)));
});

describe('a clock that is set', () => {
  const HOUR = 3_600_000;

  it.each([-HOUR, HOUR, -30 * 24 * HOUR, 30 * 24 * HOUR])(
    'by %d ms leaves what has happened as old as it is, and nothing in the future',
    async (byMs) => {
      const unit = kpiUnit({ name: 'old' });
      const after = kpiUnit({ name: 'after_the_step', metrics: [metric('portfolio_other')] });
      collector.configure([unit, after], DEFAULT_THRESHOLDS);
      await collector.record(success(unit, [sample(unit.metrics[0]?.name ?? '', 1)]));
      await collector.record(failure(unit, 'timeout', later(60_000)));
      // Ended within the second in which the step was not noticed yet.
      await collector.record(success(after, [sample('portfolio_other', 1)], later(600_000 + byMs - 1_000)));
      const now = later(601_000 + byMs);
      collector.clockSet({ byMs, now });
      const { lastSuccess, lastAttempt, lastError, runs } = collector.state('old');
      const ages = [lastSuccess, lastAttempt, lastError?.at, runs[1]?.at].map(
        (at) => now.getTime() - (at?.getTime() ?? NaN),
      );
      expect(ages).toEqual([600_750, 540_750, 540_750, 600_750]);
      expect(collector.state('after_the_step').lastSuccess).toEqual(new Date(now.getTime() - 1_750));
      const { values } = await self.lastSuccess.get();
      const of = (kpi: string) => values.find(({ labels }) => labels.kpi === kpi)?.value;
      expect(of('old')).toBe(seconds(now) - 600.75);
      expect(of('after_the_step')).toBe(seconds(now) - 1.75);
      const attempts = await self.lastAttempt.get();
      expect(attempts.values.find(({ labels }) => labels.kpi === 'old')?.value).toBe(seconds(now) - 540.75);
    },
  );
});
