import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createConfigDirectory } from '../support/configDirectory.js';
import type { ConfigDirectory } from '../support/configDirectory.js';
import { CREATE_PAUSE } from '../support/createPause.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import type { TextSample } from '../support/metricsText.js';
import { valueOf } from '../support/metricsText.js';
import { checkMetrics, PROMTOOL } from '../support/promtool.js';
import { runCommand } from '../support/runCommand.js';
import { serveHere } from '../support/startServe.js';
import type { ServedExporter } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

/** The page of the last second is given to everybody. */
const SHARED_PAGE = { timeout: 60_000, interval: 100 };

/** A change of rows shows within two seconds; a machine with other work has more. */
const PROMISED = { timeout: 60_000, interval: 50 };
const AT_ONCE = 'jitter: 0s\non_change:\n  delay: 0s\n  min_interval: 0s\n';

/** Tells the exporter that a table changed, as its triggers do. */
async function notify(database: TestDatabase, table: string): Promise<void> {
  await database.client.query(`SELECT pg_notify('portfolio_changes', $1)`, [table]);
}

async function runs(exporter: ServedExporter, kpi: string, result: string): Promise<number> {
  return (await exporter.value('portfolio_kpi_runs_total', { kpi, result })) ?? Number.NaN;
}

describe('rows that break the rules of a KPI', () => {
  const kpi = 'probe';
  let database: TestDatabase;
  let config: ConfigDirectory;
  let exporter: ServedExporter;
  let round = 0;
  beforeAll(async () => {
    database = await createDatabase();
    await database.client.query(
      `CREATE TABLE probe (name text, value numeric, divisor numeric NOT NULL DEFAULT 1, seconds float8); ${CREATE_PAUSE}`,
    );
    config = await createConfigDirectory({
      'exporter.yaml': `shipped_kpis: false\nkpi_directories: [kpis]\n${AT_ONCE}`,
      'kpis/probe.yaml': testUnit({
        metrics: { portfolio_probe: 'count', portfolio_probe_ratio: 'ratio' },
        labels: ['name'],
        onChange: ['probe'],
        timeout: '500ms',
      }),
      'kpis/probe.sql':
        'SELECT name, value AS portfolio_probe, value / divisor AS portfolio_probe_ratio\n  FROM probe, pause(coalesce(seconds, 0))\n',
    });
    exporter = await serveHere({ env: { DATABASE_URL: database.url }, args: config.args });
    await exporter.ready();
  });
  afterAll(async () => {
    await exporter.stop();
    await config.remove();
    await database.drop();
  });

  async function put(statement: string): Promise<void> {
    // One transaction: a tick of the schedule must not find the table empty.
    await database.client.query(`TRUNCATE probe; ${statement}`);
    await notify(database, 'probe');
  }

  /** One good row with a value that was not there before. */
  async function putGood(): Promise<number> {
    round += 1;
    await put(`INSERT INTO probe (name, value) VALUES ('good', ${round})`);
    await expect.poll(() => exporter.value('portfolio_probe'), PROMISED).toBe(round);
    return round;
  }

  it.each([
    [
      'NaN',
      'invalid_result',
      `VALUES ('a', 1, 1), ('b', 'NaN', 1)`,
      'column portfolio_probe is not a finite number in row 2',
    ],
    [
      'infinity',
      'invalid_result',
      `VALUES ('a', '-Infinity', 1)`,
      'column portfolio_probe is not a finite number in row 1',
    ],
    [
      'a number beyond the range of a float',
      'invalid_result',
      `VALUES ('a', 1e400, 1)`,
      'column portfolio_probe is not a finite number in row 1',
    ],
    [
      'duplicate labels',
      'invalid_result',
      `VALUES ('a', 1, 1), ('b', 2, 1), ('a', 3, 1)`,
      'portfolio_probe has the same labels (name) in rows 1 and 3',
    ],
    [
      'no label twice',
      'invalid_result',
      `VALUES (NULL, 1, 1), ('', 2, 1)`,
      'portfolio_probe has the same labels (name) in rows 1 and 2',
    ],
    [
      '10,000 rows',
      'invalid_result',
      `SELECT 'n' || n, n, 1 FROM generate_series(1, 10000) AS n`,
      'more than 1000 series (rows times metrics with a value), the max_series of probe',
    ],
    ['division by zero', 'error', `VALUES ('a', 1, 1), ('b', 1, 0)`, 'division by zero (SQLSTATE 22012)'],
  ])('%s: the run fails as a whole, the last good values stay, and it is said', async (_, result, rows, message) => {
    const good = await putGood();
    const failures = await runs(exporter, kpi, result);
    const succeeded = await exporter.value('portfolio_kpi_last_success_timestamp_seconds', { kpi });
    await put(`INSERT INTO probe (name, value, divisor) ${rows}`);
    await expect.poll(() => runs(exporter, kpi, result), PROMISED).toBeGreaterThan(failures);

    const samples = await exporter.samples();
    expect(samples.filter(({ metric }) => metric.startsWith('portfolio_probe'))).toEqual([
      { metric: 'portfolio_probe', labels: { name: 'good' }, value: good },
      { metric: 'portfolio_probe_ratio', labels: { name: 'good' }, value: good },
    ]);
    // A regular run may have succeeded before the bad row came; the one that failed is an attempt only.
    const lastSuccess = valueOf(samples, 'portfolio_kpi_last_success_timestamp_seconds', { kpi }) ?? Number.NaN;
    const lastAttempt = valueOf(samples, 'portfolio_kpi_last_attempt_timestamp_seconds', { kpi }) ?? Number.NaN;
    expect(lastSuccess).toBeGreaterThanOrEqual(succeeded ?? Number.NaN);
    expect(lastSuccess).toBeLessThan(lastAttempt);
    expect(valueOf(samples, 'portfolio_kpi_series', { kpi })).toBe(2);
    await expect.poll(async () => (await exporter.get('/')).text, SHARED_PAGE).toContain(message);
    expect(exporter.program.stderr()).toMatch(new RegExp(`kpi=probe result=${result} .*msg="KPI run failed"`));
    expect(exporter.program.stderr()).toContain(message);
    expect((await exporter.get('/readyz')).status).toBe(200);
    await putGood();
  });

  it('a query that is too slow is cancelled by the server', async () => {
    const good = await putGood();
    const failures = await runs(exporter, kpi, 'timeout');
    await put(`INSERT INTO probe (name, value, seconds) VALUES ('a', 1, 30)`);
    await expect.poll(() => runs(exporter, kpi, 'timeout'), PROMISED).toBeGreaterThan(failures);
    expect(await exporter.value('portfolio_probe')).toBe(good);
    await expect
      .poll(async () => (await exporter.get('/')).text, SHARED_PAGE)
      .toContain('the server cancelled the query after 0.5 s');
    const { rowCount } = await database.client.query(
      `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pause(%' AND pid <> pg_backend_pid()`,
    );
    expect(rowCount).toBe(0);
    await putGood();
  });

  it('NULL is no sample, no row clears the series, and more digits than a float has are rounded', async () => {
    await putGood();
    await put(`INSERT INTO probe (name, value) VALUES ('null', NULL), ('digits', 12345678901234567890.123456789)`);
    const values = async () => (await exporter.samples()).filter(({ metric }) => metric === 'portfolio_probe');
    await expect
      .poll(values, PROMISED)
      .toEqual([{ metric: 'portfolio_probe', labels: { name: 'digits' }, value: 12345678901234567000 }]);
    await put('SELECT');
    await expect.poll(values, PROMISED).toEqual([]);
    expect(await exporter.value('portfolio_kpi_series', { kpi })).toBe(0);
  });

  it('labels of any text are escaped on the page', async () => {
    const names = [
      '"><script>',
      'two\nlines',
      'back\\slash',
      'both \\n',
      '{a="b"} 1',
      ' \t',
      'ünï 漢字 🚀',
      '\u001b[31m',
    ];
    await database.client.query('TRUNCATE probe');
    await database.client.query('INSERT INTO probe (name, value) SELECT unnest($1::text[]), 1', [names]);
    await notify(database, 'probe');
    const shown = async () =>
      (await exporter.samples())
        .filter(({ metric }) => metric === 'portfolio_probe')
        .map(({ labels }) => labels['name']);
    await expect.poll(shown, PROMISED).toHaveLength(names.length);
    expect((await shown()).toSorted()).toEqual(names.toSorted());
    if (PROMTOOL !== null)
      expect(await checkMetrics((await exporter.get('/metrics')).text)).toEqual({ code: 0, output: '' });
    await expect.poll(async () => (await exporter.get('/kpi/probe')).text, SHARED_PAGE).toContain('&lt;script');
    for (const path of ['/', '/kpi/probe']) expect((await exporter.get(path)).text).not.toContain('<script');
  });
});

describe('the shipped KPIs', () => {
  let database: TestDatabase;
  let config: ConfigDirectory;
  let exporter: ServedExporter;
  beforeAll(async () => {
    database = await createDatabase({ template: 'demo' });
    config = await createConfigDirectory({ 'exporter.yaml': AT_ONCE });
    exporter = await serveHere({ env: { DATABASE_URL: database.url }, args: config.args });
    await exporter.ready();
  });
  afterAll(async () => {
    await exporter.stop();
    await config.remove();
    await database.drop();
  });

  it('keep their last values when a column is renamed, and the others go on', async () => {
    const total = 'portfolio_synergy_value_year_to_date_dollars';
    const before = await exporter.value(total);
    expect(before).toBeGreaterThan(0);
    await database.client.query('ALTER TABLE value_capture_log RENAME COLUMN value_amount TO amount');
    await notify(database, 'value_capture_log');
    await expect.poll(() => runs(exporter, 'synergy_totals', 'error'), PROMISED).toBeGreaterThan(0);
    expect(await exporter.value(total)).toBe(before);
    const said =
      'column &quot;value_amount&quot; does not exist (SQLSTATE 42703); a column was renamed or dropped: run `portfolio-exporter check`';
    await expect.poll(async () => (await exporter.get('/')).text, SHARED_PAGE).toContain(said);
    expect(exporter.program.stderr()).toContain('portfolio-exporter check');

    const conflicts = await runs(exporter, 'resource_conflicts', 'success');
    await notify(database, 'resource_conflicts');
    await expect.poll(() => runs(exporter, 'resource_conflicts', 'success'), PROMISED).toBeGreaterThan(conflicts);

    await database.client.query('ALTER TABLE value_capture_log RENAME COLUMN amount TO value_amount');
    await database.client.query('DELETE FROM value_capture_log');
    await expect.poll(() => exporter.value(total), PROMISED).toBe(0);
    await expect.poll(() => exporter.value('portfolio_synergy_capture_events_month'), PROMISED).toBe(0);
  });

  it('refuse a NaN that a table lets in', async () => {
    const total = 'portfolio_synergy_value_year_to_date_dollars';
    const insert = (amount: string) =>
      database.client.query(
        `INSERT INTO value_capture_log (initiative_id, value_type, value_amount) SELECT id, 'COST_SAVED', $1 FROM synergy_initiatives LIMIT 1`,
        [amount],
      );
    await insert('125.50');
    await expect.poll(() => exporter.value(total), PROMISED).toBe(125.5);
    const failures = await runs(exporter, 'synergy_totals', 'invalid_result');
    await insert('NaN');
    await expect.poll(() => runs(exporter, 'synergy_totals', 'invalid_result'), PROMISED).toBeGreaterThan(failures);
    expect(await exporter.value(total)).toBe(125.5);
    await database.client.query(`DELETE FROM value_capture_log WHERE value_amount = 'NaN'`);
    await insert('1');
    await expect.poll(() => exporter.value(total), PROMISED).toBe(126.5);
  });

  it('refuse 10,000 resources until max_series allows them, then show them all', async () => {
    const series = () => exporter.value('portfolio_kpi_series', { kpi: 'resource_allocation' });
    const before = await series();
    expect(before).toBeGreaterThan(3);
    await database.client.query(
      `INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
       SELECT gen_random_uuid(), 'Resource ' || n, 'people', (SELECT id FROM ventures LIMIT 1), 10 FROM generate_series(1, 10000) AS n`,
    );
    await expect.poll(() => runs(exporter, 'resource_allocation', 'invalid_result'), PROMISED).toBeGreaterThan(0);
    expect(await series()).toBe(before);
    const rows = 10_000 + (before ?? 0);
    await expect
      .poll(async () => (await exporter.get('/')).text, SHARED_PAGE)
      .toContain('more than 1000 series (rows times metrics with a value), the max_series of resource_allocation');

    await config.write('exporter.yaml', `${AT_ONCE}kpis:\n  resource_allocation:\n    max_series: 12000\n`);
    // The page of 10,000 series is rendered after the file was read.
    await expect.poll(series, { timeout: 60_000, interval: 50 }).toBe(rows);
    const page = (await exporter.get('/metrics')).text;
    expect(page.match(/^portfolio_resource_allocation_ratio\{/gm)).toHaveLength(rows);
    if (PROMTOOL !== null) expect(await checkMetrics(page)).toEqual({ code: 0, output: '' });
    expect((await exporter.get('/')).status).toBe(200);
    await config.write('exporter.yaml', AT_ONCE);
    await database.client.query(`DELETE FROM venture_resource_allocations WHERE resource_name LIKE 'Resource %'`);
    await expect.poll(series, { timeout: 60_000, interval: 50 }).toBe(before);
  });

  it('show ventures of any name, on both pages', async () => {
    const names = ['"><script>alert(1)</script>', 'two\nlines', 'back\\slash \\n', "'; DROP TABLE ventures; --"];
    await database.client.query(
      `WITH venture AS (INSERT INTO ventures (name) SELECT unnest($1::text[]) RETURNING id)
       INSERT INTO venture_assessments (venture_id, assessed_on, strategic_fit, financial_health, growth_potential, resource_efficiency)
       SELECT id, '2025-01-01', 3, 3, 3, 3 FROM venture`,
      [names],
    );
    // A change of its tables runs venture_scores once a minute; that of a threshold it reads does so at once.
    const thresholds = 'venture_assessment:\n  strategic_fit_weight: 0.40\n  financial_health_weight: 0.20\n';
    await config.write('thresholds.yaml', thresholds);
    const shown = async () =>
      (await exporter.samples())
        .filter(({ metric }) => metric === 'portfolio_venture_score')
        .map(({ labels }) => labels['venture']);
    await expect.poll(shown, PROMISED).toEqual(expect.arrayContaining(names));
    if (PROMTOOL !== null)
      expect(await checkMetrics((await exporter.get('/metrics')).text)).toEqual({ code: 0, output: '' });
    const page = async () => (await exporter.get('/kpi/venture_scores')).text;
    await expect.poll(page, SHARED_PAGE).toMatch(/&quot;(>|&gt;)&lt;script(>|&gt;)alert\(1\)/);
    expect(await page()).not.toContain('<script');
  });
});

describe('a day', () => {
  async function run(database: TestDatabase, kpi: string, day: string, args: readonly string[]): Promise<TextSample[]> {
    const result = await runCommand(['run', kpi, '--format=json', '--as-of', day, ...args], {
      env: { DATABASE_URL: database.url },
    });
    expect(result.code, result.stderr).toBe(0);
    return JSON.parse(result.stdout) as TextSample[];
  }

  it.each([
    // Spring: the day has 23 hours; it begins at 23:00 UTC the day before (CET) and ends at 22:00 UTC (CEST).
    ['2025-03-30', '2025-02-28T23:00Z', '2025-03-30T22:00Z'],
    // Autumn: 25 hours; the trailing 30 days begin under CEST, 22:00 UTC, and end under CET, 23:00 UTC.
    ['2025-10-26', '2025-09-26T22:00Z', '2025-10-26T23:00Z'],
    ['2026-03-29', '2026-02-27T23:00Z', '2026-03-29T22:00Z'],
  ])('%s, when the clocks change in Berlin, has its window from %s to %s', async (day, from, to) => {
    const database = await createDatabase();
    onTestFinished(() => database.drop());
    const config = await createConfigDirectory({ 'exporter.yaml': 'time_zone: Europe/Berlin\n' });
    onTestFinished(() => config.remove());
    await database.client.query(
      `WITH initiative AS (INSERT INTO synergy_initiatives (code, name) VALUES ('A-1', 'Shared login') RETURNING id)
       INSERT INTO value_capture_log (initiative_id, value_type, value_amount, captured_at)
       SELECT id, 'COST_SAVED', amount, at
         FROM initiative,
              (VALUES ($1::timestamptz - interval '1 ms', 1), ($1, 10), ($2::timestamptz - interval '1 ms', 100), ($2, 1000)) AS event (at, amount)`,
      [from, to],
    );
    const samples = await run(database, 'synergy_value', day, config.args);
    expect(valueOf(samples, 'portfolio_synergy_cost_saved_dollars')).toBe(110);
    expect(valueOf(samples, 'portfolio_synergy_capture_events')).toBe(2);
  });

  it('on which every base is 0 has no ratio, and no error', async () => {
    const database = await createDatabase();
    onTestFinished(() => database.drop());
    await database.client.query(
      `WITH venture AS (INSERT INTO ventures (name) VALUES ('Alpha') RETURNING id)
       INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, user_count, stage)
       SELECT id, day::date, money, money, money, 39
         FROM venture, (VALUES ('2025-01-01', 0), ('2025-01-31', 0), ('2025-02-20', 100)) AS recorded (day, money)`,
    );
    const samples = await run(database, 'portfolio_performance', '2025-02-20', []);
    expect(samples.filter(({ metric }) => metric.endsWith('_ratio'))).toEqual([]);
    expect(valueOf(samples, 'portfolio_revenue_dollars')).toBe(100);
    expect(valueOf(samples, 'portfolio_baseline_revenue_dollars')).toBe(0);
    for (const kpi of ['resource_efficiency', 'synergy_capture_rate']) {
      const others = await run(database, kpi, '2025-02-20', []);
      expect(
        others.filter(({ metric }) => metric.endsWith('_ratio')),
        kpi,
      ).toEqual([]);
    }
  });
});

describe('a configuration file that is', () => {
  let database: TestDatabase;
  let config: ConfigDirectory;
  let exporter: ServedExporter;
  beforeAll(async () => {
    database = await createDatabase();
    config = await createConfigDirectory();
    exporter = await serveHere({ env: { DATABASE_URL: database.url }, args: config.args });
    await exporter.ready();
  });
  afterAll(async () => {
    await exporter.stop();
    await config.remove();
    await database.drop();
  });

  const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${Array.from('bcdefgh')
    .map(
      (name, index) =>
        `${name}: &${name} [${Array(10)
          .fill(`*${'abcdefgh'[index] ?? ''}`)
          .join(', ')}]\n`,
    )
    .join('')}`;
  it.each([
    ['indented by tabs', 'alerts:\n\tdelayed_milestone_alert: 4d\n', '2:1: a tab in the indentation'],
    [
      'full of duplicate keys',
      'alerts:\n  delayed_milestone_alert: 4d\nalerts:\n  delayed_milestone_alert: 5d\n',
      '3:1: duplicate key "alerts", first given on line 1',
    ],
    ['an alias bomb', bomb, 'too many uses of anchors'],
    ['5 MB long', `# ${'x'.repeat(5 * 1024 * 1024)}\n`, '1:1: is larger than 1048576 bytes'],
    ['empty', '', '1:1: the file is empty; write {} for all defaults'],
    ['two documents', 'alerts: {}\n---\nalerts: {}\n', 'a second document begins here'],
    ['not text', '\u0000\u0001\u0002', ':1:'],
    [
      'out of range',
      'alerts:\n  delayed_milestone_alert: 15d\n',
      '2:28: alerts.delayed_milestone_alert: 15d is out of range: 1d - 14d',
    ],
    ['negative', 'targets:\n  user_growth_target: -1%\n', '2:23: targets.user_growth_target: '],
    [
      'without weights that sum to 1',
      'venture_assessment:\n  strategic_fit_weight: 0.31\n',
      '2:25: venture_assessment.strategic_fit_weight: ',
    ],
    [
      'alerting while the target is met',
      'alerts:\n  synergy_capture_rate_alert: 30%\n',
      'must be below synergy_capture_rate_target (30%)',
    ],
    [
      'alerting below the target',
      'targets:\n  coordination_overhead_target: 15%\n',
      'must be below coordination_overhead_alert (15%)',
    ],
    [
      'without ascending scores',
      'venture_assessment:\n  min_viable_score: 4.0\n',
      'must be below high_priority_score (4.0): the scores must ascend',
    ],
  ])('%s is refused by check and by a live reload', async (_, text, message) => {
    const place = `${config.file('thresholds.yaml')}:`;
    await config.write('thresholds.yaml', text);
    const check = await runCommand(['check', '--offline', ...config.args]);
    expect(check).toMatchObject({ code: 1, stdout: '' });
    expect(check.stderr).toContain(place);
    expect(check.stderr).toContain(message);
    expect(check.stderr.length).toBeLessThan(50_000);

    const reload = await exporter.get('/-/reload', { method: 'POST' });
    expect(reload.status).toBe(500);
    expect(reload.text).toContain(place);
    expect(reload.text).toContain(message);
    const samples = await exporter.samples();
    expect(valueOf(samples, 'portfolio_config_last_reload_successful')).toBe(0);
    expect(valueOf(samples, 'portfolio_threshold', { name: 'delayed_milestone_alert' })).toBe(3 * 86_400);
    expect(valueOf(samples, 'portfolio_threshold', { name: 'user_growth_target' })).toBe(0.15);
  });

  it('right again is taken over', async () => {
    await config.write('thresholds.yaml', 'alerts:\n  delayed_milestone_alert: 4d\n');
    expect((await exporter.get('/-/reload', { method: 'POST' })).status).toBe(200);
    const samples = await exporter.samples();
    expect(valueOf(samples, 'portfolio_config_last_reload_successful')).toBe(1);
    expect(valueOf(samples, 'portfolio_threshold', { name: 'delayed_milestone_alert' })).toBe(4 * 86_400);
  });
});
