import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readExporterConfig } from '../../src/config/exporterConfig.js';
import { ConfigError, formatProblem } from '../../src/yaml/problem.js';
import type { Problem } from '../../src/yaml/problem.js';
import { loadUnits } from '../../src/kpi/unit/loadUnits.js';
import type { LoadedUnits } from '../../src/kpi/unit/loadUnits.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { createCollector } from '../../src/metrics/collector.js';
import { fillSelfMetrics } from '../support/fillSelfMetrics.js';
import { parseMetrics } from '../support/metricsText.js';
import { createSelfMetrics } from '../../src/metrics/selfMetrics.js';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { createDatabase } from '../../src/database/pool.js';
import { RESERVED_METRIC } from '../../src/kpi/unit/loadUnits.js';
import { runKpi } from '../../src/kpi/run/runKpi.js';
import { createDatabase as createTestDatabase } from '../support/database.js';
import { SETTINGS } from '../support/kpiUnit.js';
import { recordedLogger } from '../support/recordedLogger.js';

const SHIPPED = fileURLToPath(new URL('../../../sql/kpis', import.meta.url));

const HEAD = `title: Title
description: A description.
owner: PortfolioAnalyst
schedule: {every: 30s}
timeout: 5s
acceptable_lag: 1h
alert_when_late: true
as_of: exact
`;
const GAUGE = '{help: Help., type: gauge, unit: count}';
const yamlOf = (...metrics: string[]): string =>
  `${HEAD}metrics:\n${metrics.map((name) => `  ${name}: ${GAUGE}\n`).join('')}`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'portfolio-units-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
}

async function load(exporterYaml = '{}', from = directory): Promise<readonly KpiUnit[]> {
  return (await loadAll(exporterYaml, [from])).units;
}

async function loadAll(exporterYaml: string, directories: readonly string[]): Promise<LoadedUnits> {
  const { config, problemAt } = readExporterConfig(exporterYaml, join(directory, 'exporter.yaml'));
  return await loadUnits(directories, config, problemAt);
}

/** As a person sees them, without the directory. */
const lines = (problems: readonly Problem[]): string[] =>
  problems.map((problem) => formatProblem(problem).replaceAll(`${directory}/`, ''));

/** Every problem as a person sees it, without the directory. */
async function refusal(exporterYaml = '{}', from = directory): Promise<string[]> {
  return await load(exporterYaml, from).then(
    (units) => [`accepted ${units.map((unit) => unit.name).join(', ')}`],
    (error: unknown) => {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map((problem) => formatProblem(problem).replaceAll(`${from}/`, ''));
    },
  );
}

describe('a unit', () => {
  it('is two files, and nothing else knows of it', async () => {
    await write({
      'backlog.yaml': `${HEAD}labels: [venture]\nmetrics:\n  portfolio_backlog: ${GAUGE}\n`,
      'backlog.sql': `SELECT 'Northwind' AS venture, extract(day FROM :as_of) AS portfolio_backlog;\n-- the end`,
    });
    const [unit, ...others] = await load();
    expect(others).toEqual([]);
    expect(unit).toEqual({
      name: 'backlog',
      title: 'Title',
      description: 'A description.',
      owner: 'PortfolioAnalyst',
      schedule: { kind: 'every', intervalMs: 30_000 },
      onChange: [],
      timeoutMs: 5_000,
      acceptableLagSeconds: 3_600,
      alertWhenLate: true,
      maxSeries: 1_000,
      maxLabelBytes: 1_024,
      position: null,
      freshness: null,
      metrics: [
        {
          name: 'portfolio_backlog',
          help: 'Help.',
          unit: 'count',
          labels: ['venture'],
          history: false,
          shownAs: null,
          target: null,
          asOf: 'exact',
        },
      ],
      sqlFile: join(directory, 'backlog.sql'),
      sqlText: `SELECT 'Northwind' AS venture, extract(day FROM :as_of) AS portfolio_backlog;\n-- the end`,
      sql: `SELECT 'Northwind' AS venture, extract(day FROM ($1::date)) AS portfolio_backlog`,
      parameters: ['as_of'],
    });

    // And it runs to the page as it is.
    const server = await createTestDatabase({ template: 'empty' });
    const { log } = recordedLogger();
    const database = createDatabase({
      settings: { connectionString: server.url },
      maxConnections: 1,
      connectTimeoutMs: 5_000,
      onIdleError: () => undefined,
    });
    try {
      const self = createSelfMetrics({ version: '1.0.0', nodeVersion: 'v20' });
      const clock = (): Date => new Date();
      const collector = createCollector({
        self,
        history: { keep: () => undefined, configure: () => undefined },
        log,
        sampleLimit: 20_000,
      });
      collector.configure(unit === undefined ? [] : [unit], DEFAULT_THRESHOLDS);
      const retry = { attempts: 1, initialDelayMs: 1, maxDelayMs: 1 };
      for (const one of unit === undefined ? [] : [unit]) {
        await collector.record(
          await runKpi(one, { database, retry, clock, settings: () => SETTINGS, asOf: '2026-03-31' }),
        );
      }
      expect(Buffer.concat((await collector.render()).body).toString()).toContain(
        'portfolio_backlog{venture="Northwind"} 31\n',
      );
    } finally {
      await database.close();
      await server.drop();
    }
  });

  it('comes in the order of names; hidden and editor files beside it are not units', async () => {
    await write({
      'zebra.yaml': yamlOf('portfolio_z'),
      'zebra.sql': 'SELECT 1 AS portfolio_z',
      'alpha.yaml': yamlOf('portfolio_a'),
      'alpha.sql': 'SELECT 1 AS portfolio_a',
      '.#alpha.yaml': 'x',
      '_draft.sql': 'x',
      'alpha.yaml~': 'x',
      'README.md': 'x',
    });
    expect((await load()).map((unit) => unit.name)).toEqual(['alpha', 'zebra']);
  });
});

describe('the shipped units', () => {
  it('load, and each has its two files', async () => {
    const units = await load('{}', SHIPPED);
    expect(units.map((unit) => unit.name)).toEqual([
      'coordination_overhead',
      'data_quality',
      'initiative_status',
      'initiative_success',
      'kpi_breaches',
      'portfolio_performance',
      'recursion',
      'resource_allocation',
      'resource_conflicts',
      'resource_efficiency',
      'rollback',
      'stage_gates',
      'synergy_capture_rate',
      'synergy_totals',
      'synergy_value',
      'venture_scores',
    ]);
    for (const unit of units) {
      for (const { name } of unit.metrics) expect(name).toMatch(/^portfolio_/);
    }
  });

  it('have the five service levels, and their place on the status page', async () => {
    const units = (await load('{}', SHIPPED)).filter((unit) => unit.position !== null);
    const levels = units.map(({ position, name, schedule, acceptableLagSeconds, alertWhenLate }) => [
      position,
      name,
      schedule.kind === 'every' ? schedule.intervalMs : schedule.expression,
      acceptableLagSeconds,
      alertWhenLate,
    ]);
    // Daily: 24 hours; synergy value: 1 hour; resource efficiency never alerts; initiatives: 4 hours; conflicts: 5 minutes.
    expect(levels.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([
      [1, 'portfolio_performance', '5 * * * *', 86_400, true],
      [2, 'synergy_value', 30_000, 3_600, true],
      [3, 'synergy_totals', 30_000, 3_600, true],
      [4, 'resource_efficiency', '15 * * * *', 86_400, false],
      [5, 'initiative_status', 30_000, 14_400, true],
      [6, 'resource_conflicts', 30_000, 300, true],
      [7, 'resource_allocation', 30_000, 300, true],
    ]);
  });

  it('are joined by those of other directories; one of the same name replaces, and it is told', async () => {
    await write({
      'my_own.yaml': yamlOf('portfolio_my_own'),
      'my_own.sql': 'SELECT :hourly_rate AS portfolio_my_own',
      'venture_scores.yaml': yamlOf('portfolio_venture_score'),
      'venture_scores.sql': 'SELECT 1 AS portfolio_venture_score',
    });
    const { units, replacements } = await loadAll('{}', [SHIPPED, directory]);
    expect(units).toHaveLength(17);
    expect(units.find((unit) => unit.name === 'my_own')).toMatchObject({ parameters: ['hourly_rate'] });
    expect(units.find((unit) => unit.name === 'venture_scores')?.sqlFile).toBe(join(directory, 'venture_scores.sql'));
    expect(lines(replacements)).toEqual([
      `venture_scores.yaml:1:1: replaces ${SHIPPED}/venture_scores.yaml and its SQL`,
    ]);
  });

  it('are named with their file where a unit of another directory has a metric of theirs', async () => {
    await write({
      'my_own.yaml': yamlOf('portfolio_venture_score'),
      'my_own.sql': 'SELECT 1 AS portfolio_venture_score',
      'data_quality.sql': 'SELECT 1',
    });
    const refused = await loadAll('kpi_directories: [.]', [SHIPPED, directory, join(directory, 'none')]).catch(
      (error: unknown) => (error instanceof ConfigError ? lines(error.problems) : error),
    );
    expect(refused).toEqual([
      expect.stringMatching(/^none:1:1: the KPI directory .*none cannot be read: ENOENT/),
      'data_quality.yaml:1:1: is missing; a KPI is two files, and data_quality.sql is there',
      `my_own.yaml:10:3: metrics.portfolio_venture_score: ${SHIPPED}/venture_scores.yaml already has a metric of this name; a metric belongs to one KPI`,
    ]);
  });
});

describe('exporter.yaml', () => {
  beforeEach(() =>
    write({
      'one.yaml': `${HEAD}on_change: [value_capture_log]\nmax_series: 7\nmetrics:\n  portfolio_one: ${GAUGE}\n`,
      'one.sql': 'SELECT 1 AS portfolio_one',
      'two.yaml': yamlOf('portfolio_two'),
      'two.sql': 'SELECT 1 AS portfolio_two',
    }),
  );

  it('overrides what a unit says, key by key', async () => {
    const [one, two] = await load(`
max_series: 5
kpis:
  one:
    schedule: {cron: '5 * * * *'}
    on_change: [resource_conflicts]
    timeout: 9s
    acceptable_lag: 2d
    alert_when_late: false
    max_series: 9
  two:
    timeout: 8s
`);
    expect(one).toMatchObject({
      schedule: { kind: 'cron', expression: '5 * * * *' },
      onChange: ['resource_conflicts'],
      timeoutMs: 9_000,
      acceptableLagSeconds: 172_800,
      alertWhenLate: false,
      maxSeries: 9,
    });
    expect(two).toMatchObject({
      schedule: { kind: 'every', intervalMs: 30_000 },
      onChange: [],
      timeoutMs: 8_000,
      acceptableLagSeconds: 3_600,
      alertWhenLate: true,
      maxSeries: 5,
    });
  });

  it('has each override told at its place, with what the unit says', async () => {
    const text = `kpis:
  one:
    enabled: false
    schedule: {cron: '5 * * * *'}
    on_change: []
    timeout: 500ms
    acceptable_lag: 36h
    alert_when_late: true
    max_series: 9
    position: 3
  two: {}
`;
    expect(lines((await loadAll(text, [directory])).overrides)).toEqual([
      'exporter.yaml:3:14: kpis.one.enabled: true -> false',
      'exporter.yaml:4:5: kpis.one.schedule: every 30s -> cron "5 * * * *"',
      'exporter.yaml:5:5: kpis.one.on_change: [value_capture_log] -> []',
      'exporter.yaml:6:14: kpis.one.timeout: 5s -> 500ms',
      'exporter.yaml:7:21: kpis.one.acceptable_lag: 1h -> 36h',
      "exporter.yaml:8:22: kpis.one.alert_when_late: true, as the KPI's own file says: not needed here",
      'exporter.yaml:9:17: kpis.one.max_series: 7 -> 9',
      'exporter.yaml:10:15: kpis.one.position: none -> 3',
    ]);
  });

  it("leaves a unit's own max_series before its default for all", async () => {
    const [one, two] = await load('max_series: 5');
    expect([one?.maxSeries, two?.maxSeries]).toEqual([7, 5]);
  });

  it('can switch a unit off, which is checked all the same', async () => {
    const off = 'kpis: {one: {enabled: false}}';
    expect((await load(off)).map((unit) => unit.name)).toEqual(['two']);
    await write({ 'one.sql': 'DELETE FROM ventures' });
    expect(await refusal(off)).toEqual(['one.sql:1:1: DeleteStmt is not a SELECT; a KPI is a single SELECT']);
  });

  it('is refused at its own line where it names a KPI that is not there', async () => {
    expect(await refusal('time_zone: UTC\nkpis:\n  ones: {timeout: 3s}\n  two: {timeout: 3s}\n')).toEqual([
      `exporter.yaml:3:3: kpis.ones: no such KPI in ${directory}; there are one, two`,
    ]);
  });

  it('is refused where a KPI, or all of them, have no room on the page', async () => {
    const tooMany = 'is more than the 16000 series that sample_limit (20000) leaves to all KPIs together';
    expect(await refusal('max_series: 16001\nkpis: {one: {max_series: 16001}}\n')).toEqual([
      `exporter.yaml:1:13: max_series: ${tooMany}`,
      `exporter.yaml:2:26: kpis.one.max_series: ${tooMany}`,
    ]);
    expect(await refusal('max_series: 16000\nkpis: {one: {max_series: 16000}}\n')).toEqual(['accepted one, two']);
    await write({ 'one.yaml': `${HEAD}max_series: 16001\nmetrics:\n  portfolio_one: ${GAUGE}\n` });
    expect(await refusal()).toEqual([`one.yaml:9:13: max_series: ${tooMany}`]);
    expect(await refusal('sample_limit: 30000')).toEqual(['accepted one, two']);
    const many = Array.from({ length: 15 }, (_, index) => `kpi_${index}`);
    await write(
      Object.fromEntries(
        many.flatMap((name) => [
          [`${name}.yaml`, yamlOf(`portfolio_${name}`)],
          [`${name}.sql`, `SELECT 1 AS portfolio_${name}`],
        ]),
      ),
    );
    await write({ 'one.yaml': yamlOf('portfolio_one') });
    expect(await refusal('sample_limit: 5000')).toEqual([
      'exporter.yaml:1:15: sample_limit: leaves room for 15 KPIs; there are 17',
    ]);
    const off = `kpis: {${many
      .slice(2)
      .map((name) => `${name}: {enabled: false}`)
      .join(', ')}}`;
    expect(await refusal(`sample_limit: 5000\n${off}`)).toEqual([
      expect.stringMatching(/^accepted kpi_0, kpi_1, one, two$/),
    ]);
  });

  it('is refused where its schedule and the lag of the KPI contradict each other', async () => {
    expect(await refusal('kpis:\n  one:\n    schedule: {every: 2h}\n')).toEqual([
      'exporter.yaml:2:3: kpis.one: the interval is longer than acceptable_lag: the KPI would always be late',
    ]);
    expect(await refusal('kpis:\n  one: {schedule: {every: 2h}, acceptable_lag: 2h}\n')).toEqual(['accepted one, two']);
    expect(await refusal('kpis: {one: {acceptable_lag: 20s}}')).toEqual([
      'exporter.yaml:1:8: kpis.one: the interval is longer than acceptable_lag: the KPI would always be late',
    ]);
  });
});

describe('a directory of units is refused', () => {
  /** A good unit, changed in one way. */
  const variant = async (yaml: string, sql: string): Promise<string[]> => {
    await write({ 'one.yaml': yaml, 'one.sql': sql });
    return await refusal();
  };

  it('when two units have one metric name', async () => {
    await write({
      'one.yaml': yamlOf('portfolio_same', 'portfolio_one'),
      'one.sql': 'SELECT 1 AS portfolio_same, 1 AS portfolio_one',
      'two.yaml': yamlOf('portfolio_two', 'portfolio_same'),
      'two.sql': 'SELECT 1 AS portfolio_same, 1 AS portfolio_two',
    });
    expect(await refusal()).toEqual([
      'two.yaml:11:3: metrics.portfolio_same: one.yaml already has a metric of this name; a metric belongs to one KPI',
    ]);
  });

  it.each([
    ['portfolio-dashed', 'is not a metric name: lower-case letters, digits and _'],
    ['9lives', 'is not a metric name: lower-case letters, digits and _'],
    ['"portfolio:recorded"', 'is not a metric name: lower-case letters, digits and _'],
    ['portfolioRevenue', 'is not a metric name: lower-case letters, digits and _'],
    ['portfolio_größe', 'is not a metric name: lower-case letters, digits and _'],
    [`portfolio_${'x'.repeat(54)}`, 'is longer than the 63 bytes of a PostgreSQL column name'],
    ['portfolio_x_bucket', 'ends in _count, _sum or _bucket, which name parts of a histogram'],
    ['portfolio_x_count', 'ends in _count, _sum or _bucket, which name parts of a histogram'],
    ['portfolio_x_total', 'ends in _total, which names a counter'],
  ])('when a metric has a name that Prometheus forbids: %s', async (name, reason) => {
    const problems = await variant(yamlOf(name), 'SELECT 1');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^one\.yaml:10:3: metrics\./);
    expect(problems[0]).toContain(reason);
  });

  it.each([
    'portfolio_threshold',
    'portfolio_database_up',
    'portfolio_build_info',
    'portfolio_config_last_reload_successful',
    'portfolio_kpi_series',
    'portfolio_kpi_runs',
    'portfolio_kpi_history_writes',
    'process_cpu',
    'nodejs_version_info',
  ])("when a metric has the name of one of the exporter's own: %s", async (name) => {
    expect(await variant(yamlOf(name), `SELECT 1 AS ${name}`)).toEqual([
      `one.yaml:10:3: metrics.${name}: the exporter's own metrics have this name or prefix; choose another`,
    ]);
  });

  it("when a metric has the name of any of the exporter's own, whichever they are", async () => {
    const self = createSelfMetrics({ version: '1.0.0', nodeVersion: 'v20' });
    fillSelfMetrics(self);
    const names = parseMetrics((await self.text()) + self.processText()).map(({ metric }) => metric);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !RESERVED_METRIC.test(name))).toEqual([]);
  });

  it.each([
    ['__name__', 'is not a label name: lower-case letters, digits and _, not beginning with __'],
    ['venture-id', 'is not a label name: lower-case letters, digits and _, not beginning with __'],
    ['Venture', 'is not a label name: lower-case letters, digits and _, not beginning with __'],
    ['2nd', 'is not a label name: lower-case letters, digits and _, not beginning with __'],
    ['le', 'le is a label of histograms or summaries, not of gauges; call it upper_limit, say'],
    ['quantile', 'quantile is a label of histograms or summaries, not of gauges; call it quantile_name, say'],
  ])('when a label has a name that Prometheus forbids: %s', async (label, reason) => {
    expect(
      await variant(`${HEAD}labels: [venture, ${label}]\nmetrics:\n  portfolio_a: ${GAUGE}\n`, 'SELECT 1'),
    ).toEqual([`one.yaml:9:19: labels[1]: ${reason}`]);
  });

  it('when a column is both a metric and a label', async () => {
    const metrics = `metrics:\n  portfolio_a: ${GAUGE}\n  portfolio_b: {help: H, type: gauge, unit: count, labels: [portfolio_a]}\n`;
    expect(await variant(`${HEAD}${metrics}`, 'SELECT 1 AS portfolio_a, 2 AS portfolio_b')).toEqual([
      'one.yaml:11:3: metrics.portfolio_b: column portfolio_a is both a metric and a label; it can be one of them',
    ]);
  });

  it.each([
    ['SELECT 1;\nSELECT 2', '2:1: a second statement starts here; a KPI is a single SELECT'],
    ['INSERT INTO ventures DEFAULT VALUES', '1:1: InsertStmt is not a SELECT; a KPI is a single SELECT'],
    ['', '1:1: no statement; a KPI is a single SELECT'],
  ])('when its SQL is not a single SELECT: %j', async (sql, problem) => {
    expect(await variant(yamlOf('portfolio_a'), sql)).toEqual([`one.sql:${problem}`]);
  });

  it('when its SQL has a parameter that nothing gives', async () => {
    const [problem, ...others] = await variant(yamlOf('portfolio_a'), 'SELECT :as_of,\n  :hourly_rat AS portfolio_a');
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^one\.sql:2:3: unknown parameter :hourly_rat; known are :as_of, :now, :time_zone, :carry_forward_days, :.*:hourly_rate/,
    );
  });

  it('when a file has no partner', async () => {
    await write({ 'lonely.sql': 'SELECT 1', 'single.yaml': yamlOf('portfolio_a') });
    expect(await refusal()).toEqual([
      'lonely.yaml:1:1: is missing; a KPI is two files, and lonely.sql is there',
      'single.sql:1:1: is missing; a KPI is two files, and single.yaml is there',
    ]);
  });

  it('when a file is called .yml, along with whatever else is wrong', async () => {
    await write({ 'one.yml': yamlOf('portfolio_a'), 'one.sql': 'SELECT 1; SELECT 2' });
    expect(await refusal()).toEqual([
      'one.yml:1:1: rename it: a KPI file ends in .yaml',
      'one.yaml:1:1: is missing; a KPI is two files, and one.sql is there',
      'one.sql:1:11: a second statement starts here; a KPI is a single SELECT',
    ]);
  });

  it('when a unit is named so that no metric or file could be', async () => {
    await write({ 'My-Unit.yaml': yamlOf('portfolio_a'), 'My-Unit.sql': 'SELECT 1 AS portfolio_a' });
    expect(await refusal()).toEqual(['My-Unit.yaml:1:1: a KPI is named in lower-case letters, digits and _']);
  });

  it('when a key is unknown, at any depth', async () => {
    const yaml = `${HEAD}shedule: x\nmetrics:\n  portfolio_a: {help: H, type: gauge, unit: count, historic: true}\n`;
    const problems = await variant(yaml, 'SELECT 1 AS portfolio_a');
    expect(problems).toEqual([
      expect.stringMatching(/^one\.yaml:9:\d+: shedule: unknown key; did you mean schedule\?/),
      expect.stringMatching(/^one\.yaml:11:\d+: metrics\.portfolio_a\.historic: unknown key; did you mean history\?/),
    ]);
  });

  it('when a unit is a directory, or the whole directory is not there', async () => {
    await mkdir(join(directory, 'one.yaml'));
    await write({ 'one.sql': 'SELECT 1' });
    expect(await refusal()).toEqual([expect.stringMatching(/^one\.yaml:1:1: is a directory, not a file/)]);
    const missing = join(directory, 'missing');
    await expect(load('{}', missing)).rejects.toThrow(
      /missing:1:1: the KPI directory .*missing cannot be read: ENOENT/,
    );
    await expect(load('kpi_directories: [a, missing]', missing)).rejects.toThrow(
      /exporter\.yaml:1:22: kpi_directories\[1\]: the KPI directory .*missing cannot be read: ENOENT/,
    );
  });

  it('with every problem of every unit at once', async () => {
    await write({
      'a.yaml': yamlOf('portfolio_same').replace('30s', '30 parsecs'),
      'a.sql': 'SELECT :nope; ',
      'b.yaml': yamlOf('portfolio_b', 'portfolio_same'),
      'b.sql': 'SELECT',
      'c.yaml': yamlOf('portfolio_threshold', 'portfolio_same'),
      'c.sql': 'SELECT 1',
      'd.sql': 'TRUNCATE ventures',
    });
    const problems = await refusal('kpis: {e: {timeout: 1s}}');
    expect(problems.map((problem) => problem.replace(/(:\d+:\d+: [^:]*).*/, '$1'))).toEqual([
      'a.yaml:4:19: schedule.every',
      'a.sql:1:8: unknown parameter ',
      'c.yaml:10:3: metrics.portfolio_threshold',
      'd.yaml:1:1: is missing; a KPI is two files, and d.sql is there',
      'd.sql:1:1: TruncateStmt is not a SELECT; a KPI is a single SELECT',
      'exporter.yaml:1:8: kpis.e',
      'c.yaml:11:3: metrics.portfolio_same',
    ]);
  });
});
