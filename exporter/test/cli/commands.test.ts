import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { escapeIdentifier } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTestServer } from '../support/testServer.js';
import { createConfigDirectory } from '../support/configDirectory.js';
import type { ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { parseMetrics } from '../support/metricsText.js';
import type { TextSample } from '../support/metricsText.js';
import { checkMetrics, PROMTOOL } from '../support/promtool.js';
import { runCommand } from '../support/runCommand.js';
import { runProgram, startProgram } from '../support/startProgram.js';
import { serveHere } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COMMANDS = [
  'serve',
  'check',
  'migrate',
  'import',
  'template',
  'run',
  'explain',
  'backfill',
  'report',
  'thresholds',
  'snapshot',
  'restore',
  'trigger',
  'demo',
];

let database: TestDatabase;
let login: ExporterLogin;
let env: Record<string, string>;
beforeAll(async () => {
  database = await createDatabase({ template: 'demo' });
  login = await createExporterLogin(database);
  env = { DATABASE_URL: login.url };
});
afterAll(async () => {
  await login.drop();
  await database.drop();
});

/** A database for one test, and the environment that leads its superuser there. */
async function ownDatabase(template: 'migrated' | 'demo' | 'empty' = 'migrated') {
  const own = await createDatabase({ template });
  onTestFinished(() => own.drop());
  return { client: own.client, env: { DATABASE_URL: own.url } };
}

async function ownConfig(files: Readonly<Record<string, string>>): Promise<ConfigDirectory> {
  const config = await createConfigDirectory(files);
  onTestFinished(() => config.remove());
  return config;
}

/** Days before today (UTC), `YYYY-MM-DD`. */
function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

describe('the command line', () => {
  it('prints help of the program and of every command on stdout', async () => {
    const program = await runCommand(['--help']);
    expect(program).toMatchObject({ code: 0, stderr: '' });
    for (const command of COMMANDS) expect(program.stdout).toMatch(new RegExp(`^  ${command}\\b.*\\w`, 'm'));

    const flags: Readonly<Record<string, readonly string[]>> = {
      serve: ['--web.listen-address', '--changed-by', '--reason'],
      check: ['--offline'],
      migrate: ['--dry-run'],
      run: ['<kpi>', '--as-of', '--format'],
      explain: ['[metric]', '--as-of', '--against', '--label', '--format'],
      backfill: ['--from', '--to', '--kpi', '--overwrite', '--approximate'],
      report: ['--month', '--format', '--output'],
      'thresholds list': ['--format'],
      'thresholds history': ['[name]', '--limit', '--format'],
      'snapshot take': ['--name', '--by'],
      restore: ['<snapshot>', '--dry-run', '--yes', '--by'],
      trigger: [
        '[id]',
        '--list',
        '--dry-run',
        '--override',
        '--enable',
        '--disable',
        '--close',
        '--outcome',
        '--by',
        '--reason',
      ],
      demo: ['--port', '--database-only', '--heartbeat-file'],
    };
    for (const [command, own] of Object.entries(flags)) {
      const help = await runCommand([...command.split(' '), '--help']);
      expect(help, command).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toContain(`Usage: portfolio-exporter ${command} `);
      for (const flag of [...own, '--config.file', '--config.thresholds-file', '--log.level', '--log.format']) {
        expect(help.stdout, command).toContain(flag);
      }
    }
  });

  it('prints the version of package.json', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await runProgram(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('ends the process with the exit code', async () => {
    expect(await runProgram(['observe'])).toMatchObject({ code: 2, signal: null, stdout: '' });
  });

  it.each([
    [[], 'Usage: portfolio-exporter'],
    [['observe'], "unknown command 'observe'"],
    [['chek'], 'Did you mean check?'],
    [['check', '--ofline'], "unknown option '--ofline'"],
    [['check', 'twice'], 'too many arguments'],
    [['run'], "missing required argument 'kpi'"],
    [['run', 'synergy_totals', '--format', 'xml'], 'Allowed choices are table, json, prometheus'],
    [['run', 'synergy_totals', '--as-of', '2026-02-30'], 'write it as YYYY-MM-DD'],
    [['run', 'synergy_totals', '--as-of', 'yesterday'], 'write it as YYYY-MM-DD'],
    [['explain', 'portfolio_profit_dollars', '--against', 'october'], 'write it as YYYY-MM-DD'],
    [['explain', 'portfolio_conflicts', '--label', 'status'], 'write it as name=value'],
    [['backfill'], "required option '--from <date>' not specified"],
    [['backfill', '--from', '01.02.2026'], 'write it as YYYY-MM-DD'],
    [['serve', '--log.level', 'loud'], 'Allowed choices are debug, info, warn, error'],
    [['serve', '--web.listen-address', '10039'], 'a port needs a colon before it: :10039'],
    [['thresholds', 'history', '--limit', '0'], 'give a number from 1'],
    [['thresholds', 'change'], 'too many arguments'],
    [['snapshot', 'take', 'before'], 'a name is given by --name <name>'],
    [['snapshot', 'before'], 'a name is given by --name <name>'],
    [['demo', '--port', '65536'], 'a port is a number from 0 to 65535'],
  ])('%j is a wrong command line: exit code 2, and stderr says why', async (args, reason) => {
    const result = await runCommand(args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(reason);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  it('says which database it needs, without a stack', async () => {
    const result = await runCommand(['run', 'synergy_totals']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toBe('no database is given: set DATABASE_URL, or PGHOST, PGDATABASE and PGUSER\n');
  });
});

describe('check', () => {
  it('is content with what is shipped, offline and on a migrated database', async () => {
    const offline = await runCommand(['check', '--offline']);
    expect(offline).toMatchObject({ code: 0, stderr: '' });
    expect(offline.stdout).toMatch(/^ok: 16 KPIs, \d+ metrics, \d+ thresholds; the database was left out\n$/);
    const online = await runCommand(['check'], { env });
    expect(online).toMatchObject({ code: 0, stderr: '' });
    expect(online.stdout).toMatch(/^ok: 16 KPIs, .*; every query prepared on the database\n$/);
  });

  it('prints every problem of both YAML files with file, line and path', async () => {
    const config = await ownConfig({
      'exporter.yaml':
        'time_zone: Mars/Olympus\nmax_serie: 10\nkpis:\n  resource_conflicts:\n    schedule:\n      cron: "61 * * * *"\n',
      'thresholds.yaml': 'targets:\n  user_growth_target: 15\nalerts:\n  delayed_milestone_alert: 15d\n',
    });
    const result = await runCommand(['check', '--offline', ...config.args]);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    const lines = result.stderr.trimEnd().split('\n');
    const [exporter, thresholds] = [config.file('exporter.yaml'), config.file('thresholds.yaml')];
    expect(lines).toEqual([
      expect.stringMatching(startOf(`${exporter}:1:12: time_zone: `)),
      expect.stringMatching(startOf(`${exporter}:2:12: max_serie: `)),
      expect.stringMatching(startOf(`${exporter}:6:13: kpis.resource_conflicts.schedule.cron: `)),
      expect.stringMatching(startOf(`${thresholds}:2:23: targets.user_growth_target: `)),
      expect.stringMatching(startOf(`${thresholds}:4:28: alerts.delayed_milestone_alert: `)),
    ]);
  });

  it('prints every problem of the KPI files, and of the kpis section that names them', async () => {
    const config = await ownConfig({
      'exporter.yaml': 'shipped_kpis: false\nkpi_directories: [kpis]\nkpis:\n  no_such:\n    enabled: false\n',
      'kpis/alone.yaml': testUnit({ metrics: { portfolio_alone: 'count' } }),
      'kpis/wrong_yaml.yaml': `${testUnit({ metrics: { portfolio_wrong_seconds: 'ratio' } })}colour: blue\n`,
      'kpis/wrong_yaml.sql': 'SELECT 1 AS portfolio_wrong_seconds',
      'kpis/wrong_sql.yaml': testUnit({ metrics: { portfolio_wrong_sql: 'count' } }),
      'kpis/wrong_sql.sql': 'SELECT 1 AS portfolio_wrong_sql\n WHERE :yesterday IS NOT NULL;\n',
      'kpis/writes.yaml': testUnit({ metrics: { portfolio_writes: 'count' } }),
      'kpis/writes.sql': '-- writes\nDELETE FROM ventures;\n',
      'kpis/twice.yaml': testUnit({ metrics: { portfolio_writes: 'count', portfolio_twice: 'count' } }),
      'kpis/twice.sql': 'SELECT 1 AS portfolio_writes, 2 AS portfolio_twice',
      'kpis/two.yaml': testUnit({ metrics: { portfolio_twice: 'count', 'portfolio-hyphen': 'count' } }),
      'kpis/two.sql': 'SELECT 1 AS portfolio_twice; SELECT 2',
      'kpis/same.yaml': testUnit({ metrics: { portfolio_twice: 'count' } }),
      'kpis/same.sql': 'SELECT 1 AS portfolio_twice',
    });
    const result = await runCommand(['check', '--offline', ...config.args]);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    const lines = result.stderr.trimEnd().split('\n');
    for (const [start, message] of [
      ['kpis/alone.sql:1:1: ', 'is missing; a KPI is two files'],
      ['kpis/wrong_yaml.yaml:', 'is named with the suffix _ratio'],
      ['kpis/wrong_yaml.yaml:', 'colour'],
      ['kpis/wrong_sql.sql:2:8: ', 'unknown parameter :yesterday'],
      ['kpis/writes.sql:2:1: ', 'DeleteStmt is not a SELECT'],
      ['kpis/two.yaml:', 'is not a metric name'],
      ['kpis/two.sql:1:30: ', 'a second statement starts here'],
      ['kpis/twice.yaml:', 'same.yaml already has a metric of this name'],
      ['kpis/writes.yaml:', 'twice.yaml already has a metric of this name'],
      ['exporter.yaml:4:3: kpis.no_such: ', 'no such KPI'],
    ] as const) {
      expect(lines, start).toContainEqual(
        expect.stringMatching(new RegExp(`^${escapeRegExp(config.file(start))}.*${escapeRegExp(message)}`)),
      );
    }
    expect(lines).toHaveLength(10);
  });

  it('says what exporter.yaml overrides, and which KPI stands in for one that comes along', async () => {
    const config = await ownConfig({
      'exporter.yaml': 'kpi_directories: [kpis]\nkpis:\n  synergy_value:\n    acceptable_lag: 2h\n',
      'kpis/venture_scores.yaml': testUnit({ metrics: { portfolio_venture_score: 'score' } }),
      'kpis/venture_scores.sql': 'SELECT 1 AS portfolio_venture_score',
    });
    const result = await runCommand(['check', '--offline', ...config.args]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout.split('\n')).toEqual([
      `replacement: ${config.file('kpis/venture_scores.yaml')}:1:1: replaces ${join(ROOT, 'sql/kpis/venture_scores.yaml')} and its SQL`,
      `override: ${config.file('exporter.yaml')}:4:21: kpis.synergy_value.acceptable_lag: 1h -> 2h`,
      expect.stringMatching(/^ok: 16 KPIs, /),
      '',
    ]);
  });

  it('compares every column and its type with the YAML, at the right line of the SQL', async () => {
    const config = await ownConfig({
      'exporter.yaml': 'shipped_kpis: false\nkpi_directories: [kpis]\n',
      'kpis/columns.yaml': testUnit({
        metrics: { portfolio_here: 'count', portfolio_missing: 'count' },
        labels: ['venture'],
      }),
      'kpis/columns.sql': "SELECT 'one' AS portfolio_here, 2 AS portfolio_more",
      'kpis/renamed.yaml': testUnit({ metrics: { portfolio_renamed: 'count' } }),
      // The parameters before the column must not move the line.
      'kpis/renamed.sql':
        'SELECT count(*) AS portfolio_renamed\n  FROM ventures v\n WHERE :as_of IS NOT NULL AND :hourly_rate > 0\n   AND v.state = :time_zone;\n',
    });
    const result = await runCommand(['check', ...config.args], { env });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    const [columns, yaml] = [config.file('kpis/columns.sql'), config.file('kpis/columns.yaml')];
    expect(result.stderr.trimEnd().split('\n')).toEqual([
      `${columns}:1:8: column portfolio_here is not numeric (type text); cast it to numeric or double precision`,
      `${columns}:1:33: column portfolio_more is not declared; add it to metrics or labels, or drop it from the SELECT`,
      expect.stringMatching(
        startOf(
          `${yaml}:18:3: metrics.portfolio_missing: column portfolio_missing is declared but the SELECT does not return it`,
        ),
      ),
      `${yaml}:11:1: labels: column venture is declared but the SELECT does not return it`,
      expect.stringMatching(
        startOf(`${config.file('kpis/renamed.sql')}:4:8: column v.state does not exist (SQLSTATE 42703)`),
      ),
    ]);
  });

  it('lists the migrations of an empty database and the relations that the queries miss', async () => {
    const empty = await ownDatabase('empty');
    const result = await runCommand(['check'], { env: empty.env });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(
      /^database: not applied yet: 0001_baseline, .*, venture_scorecard.*; run `portfolio-exporter migrate`$/m,
    );
    expect(result.stderr).toMatch(
      /portfolio_performance\.sql:\d+:\d+: relation "portfolio_baseline_day" does not exist \(SQLSTATE 42P01\)/,
    );
  });

  it('lists the missing grants and the queries that a renamed column breaks', async () => {
    const own = await ownDatabase();
    await own.client.query('REVOKE SELECT ON ventures FROM portfolio_exporter');
    await own.client.query('ALTER TABLE value_capture_log RENAME COLUMN value_amount TO amount');
    const result = await runCommand(['check'], { env: own.env });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(
      'database: an administrator has to run: GRANT SELECT ON public.ventures TO portfolio_exporter;\n',
    );
    const sql = (await readFile(join(ROOT, 'sql/kpis/synergy_totals.sql'), 'utf8')).split('\n');
    const line = sql.findIndex((text) => text.includes('value_amount')) + 1;
    const column = (sql[line - 1] ?? '').indexOf('value_amount') + 1;
    expect(result.stderr).toContain(
      `${join(ROOT, 'sql/kpis/synergy_totals.sql')}:${line}:${column}: column "value_amount" does not exist (SQLSTATE 42703)`,
    );
    expect(result.stderr).not.toContain('venture_scores.sql');
  });

  it('warns of ventures that are almost active, and refuses a status that cannot be', async () => {
    const own = await ownDatabase();
    await own.client.query(`INSERT INTO ventures (name, status) VALUES ('Alpha', 'ACTIVE')`);
    const warned = await runCommand(['check'], { env: own.env });
    expect(warned.stderr).toMatch(/^warning: database: ventures\.status: 1 row is written almost like .*'ACTIVE'.*\n$/);
    expect(warned.code).toBe(0);

    await own.client
      .query(`DROP SCHEMA portfolio_reporting CASCADE; DROP FUNCTION portfolio_silent_ventures, portfolio_silent_in_usage, portfolio_unknown_words;
      ALTER TABLE ventures ALTER COLUMN status DROP DEFAULT;
      ALTER TABLE ventures ALTER COLUMN status TYPE integer USING 1`);
    const refused = await runCommand(['check'], { env: own.env });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /^database: the column status of the existing table public\.ventures is integer, .*; fix: ALTER TABLE public\.ventures .*$/m,
    );
  });
});

describe('migrate', () => {
  it('shows what it would do and changes nothing, then does it, then has nothing to do', async () => {
    const empty = await ownDatabase('empty');
    const tables = async () =>
      (await empty.client.query(`SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).rowCount;

    const dry = await runCommand(['migrate', '--dry-run'], { env: empty.env });
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(
      /^would apply 0001_baseline\n(would apply \w+\n)*would apply graphile-worker 1 to 18\n(would apply \w+\n)*would apply clock\n/,
    );
    expect(await tables()).toBe(0);

    const done = await runCommand(['migrate'], { env: empty.env });
    expect(done).toMatchObject({ code: 0, stderr: '', stdout: dry.stdout.replaceAll('would apply', 'applied') });
    expect(await tables()).toBeGreaterThan(20);

    for (const args of [['migrate'], ['migrate', '--dry-run']]) {
      const again = await runCommand(args, { env: empty.env });
      expect(again).toMatchObject({ code: 0, stderr: '', stdout: 'the schema is up to date\n' });
    }
  });

  it('prints what an administrator still has to run, where its role may not', async () => {
    // A server of its own: roles belong to a server, and on the one of the other tests they are complete.
    const server = await startTestServer();
    onTestFinished(() => server.stop());
    const own = await createDatabase({ template: 'empty', server: server.url });
    onTestFinished(() => own.drop());
    await own.client.query(`CREATE ROLE owner LOGIN PASSWORD 'owner'`);
    await own.client.query(`ALTER DATABASE ${escapeIdentifier(new URL(own.url).pathname.slice(1))} OWNER TO owner`);
    const ownerEnv = { DATABASE_URL: own.urlOf('owner', 'owner') };

    const dry = await runCommand(['migrate', '--dry-run'], { env: ownerEnv });
    const result = await runCommand(['migrate'], { env: ownerEnv });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^not done: \d\d statements are left to an administrator of the server, /m);
    // The dry run says the same, before the first migration.
    expect(dry).toMatchObject({ code: 1, stdout: result.stdout.replaceAll('applied', 'would apply') });
    const [, listed = ''] = result.stdout.split('an administrator still has to run:\n');
    const statements = listed.split('\n').filter((line) => line !== '');
    expect(statements).toContain('  CREATE ROLE portfolio_exporter NOLOGIN;');
    // Each once, on stdout, fit to be given to psql.
    expect(result.stderr).not.toContain('CREATE ROLE');
    for (const statement of statements) await own.client.query(statement);
    expect(await runCommand(['migrate'], { env: ownerEnv })).toMatchObject({
      code: 0,
      stdout: 'the schema is up to date\n',
    });
  });

  it('says what an existing ventures table lacks, with the statement that adds it', async () => {
    const own = await ownDatabase('empty');
    await own.client.query(
      'CREATE TABLE ventures (id uuid PRIMARY KEY, name varchar(80), status text, lead_name text)',
    );
    const result = await runCommand(['migrate'], { env: own.env });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(await runCommand(['migrate', '--dry-run'], { env: own.env })).toEqual(result);
    expect(result.stderr).toContain('lacks: lead_email');
    expect(result.stderr).toContain('ALTER TABLE public.ventures ADD COLUMN lead_email text;');
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });
});

describe('run', () => {
  it('prints the same samples as a table, as sorted JSON and as Prometheus text', async () => {
    // Of today's rows only: the ages of initiatives would differ from one run to the next.
    const [table, json, prometheus] = await Promise.all(
      ['table', 'json', 'prometheus'].map((format) =>
        runCommand(['run', 'resource_allocation', '--format', format], { env }),
      ),
    );
    for (const result of [table, json, prometheus]) expect(result).toMatchObject({ code: 0, stderr: '' });

    const samples = JSON.parse(json?.stdout ?? '') as TextSample[];
    expect(samples.length).toBeGreaterThan(3);
    for (const sample of samples) expect(Object.keys(sample)).toEqual(['metric', 'labels', 'value']);
    const keys = samples.map((sample) => [sample.metric, ...Object.values(sample.labels)].join('\u0000'));
    expect(keys).toEqual(keys.toSorted());

    const byKey = (a: TextSample, b: TextSample): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    expect(parseMetrics(prometheus?.stdout ?? '').toSorted(byKey)).toEqual(samples.toSorted(byKey));

    const [header, rule, ...rows] = (table?.stdout ?? '').trimEnd().split('\n');
    expect(header).toMatch(/^metric +labels +value$/);
    expect(rule).toMatch(/^-+ {2}-+ {2}-+$/);
    expect(rows).toHaveLength(samples.length);
    for (const [index, { metric, value }] of samples.entries()) {
      expect(rows[index]).toMatch(new RegExp(`^${metric} .*resource="[^"]+".* ${escapeRegExp(String(value))}$`));
    }
  });

  it.skipIf(PROMTOOL === null)('prints Prometheus text that promtool accepts without a word', async () => {
    const { stdout } = await runCommand(['run', 'initiative_status', '--format', 'prometheus'], { env });
    expect(stdout).toContain('portfolio_initiative_progress_ratio{');
    expect(await checkMetrics(stdout)).toEqual({ code: 0, output: '' });
  });

  it('computes a past day, today, and no day ahead', async () => {
    const run = (...args: string[]) => runCommand(['run', 'synergy_value', '--format', 'json', ...args], { env });
    const [present, today, past, ahead] = await Promise.all([
      run(),
      run('--as-of', daysAgo(0)),
      run('--as-of', daysAgo(200)),
      run('--as-of', daysAgo(-2)),
    ]);
    expect(today).toEqual(present);
    expect(past).toMatchObject({ code: 0, stderr: '' });
    expect((JSON.parse(past.stdout) as unknown[]).length).toBeGreaterThan(0);
    expect(past.stdout).not.toBe(present.stdout);
    expect(ahead).toMatchObject({ code: 1, stdout: '' });
    expect(ahead.stderr).toContain(`${daysAgo(-2)} lies ahead; today is ${daysAgo(0)} in UTC`);
  });

  it('says on stderr that a past day is approximate, where rows keep no earlier state', async () => {
    const result = await runCommand(['run', 'resource_conflicts', '--as-of', daysAgo(30)], { env });
    expect(result.code).toBe(0);
    expect(result.stderr).toBe(
      'approximate, because their rows keep no earlier state (docs/kpis.md): portfolio_conflicts, portfolio_conflict_open_seconds\n',
    );
    const today = await runCommand(['run', 'resource_conflicts', '--as-of', daysAgo(0)], { env });
    expect(today).toMatchObject({ code: 0, stderr: '' });
  });

  it('names the KPIs there are where it is asked for another', async () => {
    const result = await runCommand(['run', 'portfolio_performence'], { env });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^no KPI named portfolio_performence; there are .*\bportfolio_performance\b/);
  });

  it('keeps its table whole and the terminal safe whatever ventures are called', async () => {
    const own = await ownDatabase();
    const names = [
      '"><script>alert(1)</script>',
      'two\nlines',
      'back\\slash',
      'bell\u0007 \u001b[2Jescape',
      'c1 \u009b31m',
      'bidi \u202ecba',
    ];
    await addScoredVentures(own.client, names);
    const table = await runCommand(['run', 'venture_scores'], { env: own.env });
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).not.toMatch(/[^\P{C}\n]/u);
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(2 + names.length);

    const json = await runCommand(['run', 'venture_scores', '--format', 'json'], { env: own.env });
    const samples = JSON.parse(json.stdout) as TextSample[];
    expect(samples.map(({ labels }) => labels['venture']).toSorted()).toEqual(names.toSorted());
    const text = await runCommand(['run', 'venture_scores', '--format', 'prometheus'], { env: own.env });
    expect(
      parseMetrics(text.stdout)
        .map(({ labels }) => labels['venture'])
        .toSorted(),
    ).toEqual(names.toSorted());
  });
});

describe('backfill', () => {
  it('can be stopped, goes on where it was, and does nothing the second time', async () => {
    const own = await ownDatabase('demo');
    const [from, to] = [daysAgo(60), daysAgo(1)];
    const args = ['backfill', '--from', from, '--kpi', 'synergy_value'];
    const recorded = async (): Promise<number> => {
      const { rows } = await own.client.query<{ days: number }>(
        'SELECT count(DISTINCT day)::int AS days FROM kpi_history',
      );
      return rows[0]?.days ?? 0;
    };

    // Each day waits, so that the signal comes before the last of them.
    await own.client.query(
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END $$;
       CREATE TRIGGER slow AFTER INSERT ON kpi_history_days FOR EACH ROW EXECUTE FUNCTION slow()`,
    );
    const first = startProgram(args, { env: own.env });
    await expect.poll(recorded, { timeout: 60_000, interval: 50 }).toBeGreaterThan(2);
    first.kill('SIGINT');
    const stopped = await first.finished;
    const before = await recorded();
    expect(before).toBeLessThan(60);
    expect(stopped.stdout).toBe(
      `${before} days written, 0 had a record (1 KPIs, ${from} to ${to}); stopped before the end: run it again to go on\n`,
    );
    expect(stopped.code).toBe(1);

    await own.client.query('DROP TRIGGER slow ON kpi_history_days');
    const second = await runProgram(args, { env: own.env });
    expect(second.code).toBe(0);
    expect(second.stdout).toBe(`${60 - before} days written, ${before} had a record (1 KPIs, ${from} to ${to})\n`);
    expect(second.stderr).toContain(`100% | ${60 - before}/${60 - before} | ${to} synergy_value`);
    const rows = 'SELECT kpi, metric, labels, day, value, recorded_at FROM kpi_history ORDER BY 1, 2, 3, 4';
    const filled = (await own.client.query(rows)).rows;

    const third = await runCommand(args, { env: own.env });
    expect(third).toMatchObject({ code: 0, stderr: '' });
    expect(third.stdout).toBe(`0 days written, 60 had a record (1 KPIs, ${from} to ${to})\n`);
    expect((await own.client.query(rows)).rows).toEqual(filled);
  });

  it('counts the day whose commit is under way when it is stopped', async () => {
    const own = await ownDatabase('demo');
    await own.client.query(
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;
       CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON kpi_history_days DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION slow()`,
    );
    const program = startProgram(['backfill', '--from', daysAgo(60), '--kpi', 'synergy_value'], { env: own.env });
    await vi.waitFor(
      async () => {
        const { rowCount } = await own.client.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep' AND query = 'COMMIT'`,
        );
        expect(rowCount).toBe(1);
      },
      { timeout: 60_000, interval: 50 },
    );
    program.kill('SIGTERM');
    const { stdout } = await program.finished;
    await setTimeout(500);
    const { rows } = await own.client.query<{ days: number }>(
      'SELECT count(DISTINCT day)::int AS days FROM kpi_history',
    );
    expect(rows[0]?.days).toBeGreaterThan(0);
    expect(stdout).toContain(`${rows[0]?.days ?? ''} days written, `);
  });

  it('leaves metrics without an exact past out, unless it is told that approximate will do', async () => {
    const own = await ownDatabase('demo');
    const args = [
      'backfill',
      '--from',
      daysAgo(2),
      '--to',
      daysAgo(1),
      '--kpi',
      'resource_efficiency',
      'synergy_value',
    ];
    const metrics = async () =>
      (await own.client.query<{ metric: string }>('SELECT DISTINCT metric FROM kpi_history')).rows.map(
        ({ metric }) => metric,
      );
    const approximate = 'portfolio_resource_utilization_ratio';

    const exact = await runCommand(args, { env: own.env });
    expect(exact.code).toBe(0);
    expect(exact.stderr).toContain(
      `left out, because their rows keep no earlier state (--approximate includes them): ${approximate}\n`,
    );
    expect(exact.stdout).toContain('4 days written, 0 had a record (2 KPIs, ');
    expect(await metrics()).toContain('portfolio_duplicate_effort_reduction_ratio');
    expect(await metrics()).not.toContain(approximate);

    const all = await runCommand([...args, '--approximate'], { env: own.env });
    expect(all.code).toBe(0);
    expect(all.stderr).toContain(`approximate, because their rows keep no earlier state: ${approximate}\n`);
    expect(all.stdout).toContain('(2 KPIs, ');
    expect(await metrics()).toContain(approximate);
  });

  it.each([
    [['--from', daysAgo(1), '--to', daysAgo(3)], 'is after the last day'],
    [['--from', daysAgo(3), '--to', daysAgo(-3)], 'lies ahead'],
    [['--from', daysAgo(3), '--kpi', 'resource_allocation'], 'resource_allocation keeps no metric in kpi_history'],
    [['--from', daysAgo(3), '--kpi', 'nothing'], 'no KPI named nothing'],
  ])('backfill %j is refused', async (args, reason) => {
    const result = await runCommand(['backfill', ...args], { env });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(reason);
  });
});

describe('thresholds', () => {
  it('lists every threshold as people write it and in base units', async () => {
    const [plain, list, json] = await Promise.all([
      runCommand(['thresholds']),
      runCommand(['thresholds', 'list']),
      runCommand(['thresholds', 'list', '--format', 'json']),
    ]);
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(plain).toEqual(list);
    const rows = list.stdout
      .trimEnd()
      .split('\n')
      .slice(2)
      .map((line) => line.split(/ {2,}/));
    // The shipped values are the defaults, and written alike: 72h beside 72h, not 3d.
    for (const [name, value, byDefault] of rows) expect(value, name).toBe(byDefault);
    expect(rows).toContainEqual(['chairman_response_timeout', '72h', '72h', '24h - 168h', expect.any(String)]);

    const entries = JSON.parse(json.stdout) as Record<string, unknown>[];
    expect(entries).toHaveLength(rows.length);
    expect(entries.find(({ name }) => name === 'conflict_resolution_timeout')).toEqual({
      name: 'conflict_resolution_timeout',
      value: 172_800,
      unit: 'seconds',
      category: 'alerts',
      default: 172_800,
      min: 43_200,
      max: 604_800,
      description: expect.any(String) as unknown,
    });
  });

  it('tells who changed a threshold and why: from the flags, else from the header of the file', async () => {
    const own = await ownDatabase();
    const config = await ownConfig({
      'exporter.yaml': 'shipped_kpis: false\n',
      'thresholds.yaml': 'venture_assessment:\n  hourly_rate: $75\n',
    });
    const nothing = await runCommand(['thresholds', 'history'], { env: own.env });
    expect(nothing).toMatchObject({ code: 0, stderr: '', stdout: 'no change is recorded\n' });

    const record = async (dollars: string, thresholds: string, flags: readonly string[]): Promise<void> => {
      await config.write('thresholds.yaml', thresholds);
      const exporter = await serveHere({ env: own.env, args: [...config.args, ...flags] });
      const recorded = async () => {
        const query = `SELECT parameter_value AS value FROM portfolio_coordination_config WHERE parameter_name = 'hourly_rate'`;
        return (await own.client.query<{ value: string }>(query)).rows;
      };
      await expect.poll(recorded).toEqual([{ value: dollars }]);
      await exporter.stop();
    };
    await record('75', '{}', []);
    const header = 'changed_by: lee@example.test\nreason: rate of the new year\n';
    await record('80', `${header}venture_assessment:\n  hourly_rate: $80\n`, []);
    await record('85', `${header}venture_assessment:\n  hourly_rate: $85\nalerts:\n  delayed_milestone_alert: 4d\n`, [
      '--changed-by=kim',
      '--reason=board decision',
    ]);
    const json = await runCommand(['thresholds', 'history', 'hourly_rate', '--format', 'json'], { env: own.env });
    expect(JSON.parse(json.stdout)).toEqual([
      {
        parameterName: 'hourly_rate',
        unit: 'dollars',
        oldValue: '80',
        newValue: '85',
        changedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/) as unknown,
        changedBy: 'kim',
        reason: 'board decision',
      },
      expect.objectContaining({
        oldValue: '75',
        newValue: '80',
        changedBy: 'lee@example.test',
        reason: 'rate of the new year',
      }),
    ]);
    const table = await runCommand(['thresholds', 'history'], { env: own.env });
    expect(table.stdout).toMatch(/^changed at +name +change +by +reason\n/);
    expect(table.stdout).toMatch(/delayed_milestone_alert +3d -> 4d +kim +board decision/);
    const newest = await runCommand(['thresholds', 'history', '--limit', '1'], { env: own.env });
    expect(newest.stdout.trimEnd().split('\n')).toHaveLength(3);
    const unknown = await runCommand(['thresholds', 'history', 'hourly_rat'], { env: own.env });
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('hourly_rate');
  });
});

async function addScoredVentures(client: TestDatabase['client'], names: readonly string[]): Promise<void> {
  await client.query(
    `WITH venture AS (INSERT INTO ventures (name) SELECT unnest($1::text[]) RETURNING id)
     INSERT INTO venture_assessments (venture_id, assessed_on, strategic_fit, financial_health, growth_potential, resource_efficiency)
     SELECT id, '2025-01-01', 3, 3, 3, 3 FROM venture`,
    [names],
  );
}

function startOf(text: string): RegExp {
  return new RegExp(`^${escapeRegExp(text)}`);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
