import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createConfigDirectory } from '../support/configDirectory.js';
import type { ConfigDirectory } from '../support/configDirectory.js';
import { CREATE_PAUSE } from '../support/createPause.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { valueOf } from '../support/metricsText.js';
import { checkMetrics, PROMTOOL } from '../support/promtool.js';
import { runCommand } from '../support/runCommand.js';
import { runProgram, startProgram } from '../support/startProgram.js';
import type { Finished } from '../support/startProgram.js';
import { startServe } from '../support/startServe.js';
import type { ServedExporter } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

/** The product promises two seconds for a change of rows or files; a machine with other work has more. */
const PROMISED_MS = 10_000;
const RESOURCE = '00000000-0000-4000-8000-000000000001';

let database: TestDatabase;
let login: ExporterLogin;
let config: ConfigDirectory;
let exporter: ServedExporter;
/** Everything that any exporter of this file has written. */
const outputs: Finished[] = [];

beforeAll(async () => {
  database = await createDatabase({ template: 'demo' });
  login = await createExporterLogin(database);
  config = await createConfigDirectory({
    'exporter.yaml': 'grafana_url: https://grafana.example.test/\ndatabase:\n  probe_interval: 1s\n',
  });
  exporter = await startServe({ env: { DATABASE_URL: login.url }, args: [...config.args, '--log.level=debug'] });
  await exporter.ready();
});
afterAll(async () => {
  outputs.push(await exporter.stop());
  await config.remove();
  await login.drop();
  await database.drop();
});

describe('a live exporter', () => {
  it('answers on every route', async () => {
    expect(await exporter.get('/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
    expect(await exporter.get('/readyz')).toMatchObject({ status: 200, text: 'ready\n' });
    const metrics = await exporter.get('/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const page = await exporter.get('/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('Portfolio performance');
    const dashboard = await exporter.get('/dashboards/portfolio-performance?from=now-7d');
    expect(dashboard.status).toBe(302);
    expect(dashboard.headers.get('location')).toBe('https://grafana.example.test/d/portfolio-performance?from=now-7d');
    expect((await exporter.get('/dashboards/nothing')).status).toBe(404);
    expect((await exporter.get('/nothing')).status).toBe(404);
    expect((await exporter.get('/-/reload')).status).toBe(405);
    expect((await exporter.get('/metrics', { method: 'POST' })).status).toBe(405);
  });

  it('shows every KPI of the catalogue, computed from the rows', async () => {
    const samples = await exporter.samples();
    const kpis = samples.filter(({ metric }) => metric === 'portfolio_kpi_last_success_timestamp_seconds');
    expect(kpis).toHaveLength(16);
    for (const { labels } of kpis) {
      // Breaches need complete months in kpi_history, which a new database has not.
      const least = labels['kpi'] === 'kpi_breaches' ? 0 : 1;
      expect(valueOf(samples, 'portfolio_kpi_series', labels), labels['kpi']).toBeGreaterThanOrEqual(least);
      for (const result of ['timeout', 'invalid_result', 'database_unavailable', 'error']) {
        expect(valueOf(samples, 'portfolio_kpi_runs_total', { ...labels, result }), labels['kpi']).toBe(0);
      }
    }
    const { rows } = await database.client.query<{ active: number }>(
      `SELECT count(*)::int AS active FROM ventures WHERE status = 'active'`,
    );
    expect(rows[0]?.active).toBeGreaterThan(0);
    expect(valueOf(samples, 'portfolio_active_ventures')).toBe(rows[0]?.active);
    expect(valueOf(samples, 'portfolio_database_up')).toBe(1);
    expect(valueOf(samples, 'portfolio_config_last_reload_successful')).toBe(1);
    expect(valueOf(samples, 'portfolio_threshold', { name: 'hourly_rate' })).toBe(75);
  });

  it.skipIf(PROMTOOL === null)('has a metrics page that promtool accepts without a word', async () => {
    expect(await checkMetrics((await exporter.get('/metrics')).text)).toEqual({ code: 0, output: '' });
  });

  it('shows an over-allocation as soon as it is inserted', async () => {
    const ratio = () => exporter.value('portfolio_resource_allocation_ratio', { resource_id: RESOURCE });
    expect(await ratio()).toBeUndefined();
    await database.client.query(
      `INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
       SELECT $1, 'Data platform team', 'people', id, 60 FROM (SELECT id FROM ventures ORDER BY id LIMIT 2) AS two`,
      [RESOURCE],
    );
    await expect.poll(ratio, { timeout: PROMISED_MS, interval: 50 }).toBe(1.2);
    await database.client.query('DELETE FROM venture_resource_allocations WHERE resource_id = $1', [RESOURCE]);
    await expect.poll(ratio, { timeout: PROMISED_MS, interval: 50 }).toBeUndefined();
  });

  it('reads its files again on POST /-/reload and on SIGHUP', async () => {
    const reloads = () => exporter.program.stderr().match(/cause="?(POST \/-\/reload|SIGHUP)/g) ?? [];
    const loadedAt = () => exporter.value('portfolio_config_last_reload_success_timestamp_seconds');
    const before = (await loadedAt()) ?? Number.NaN;
    expect(await exporter.get('/-/reload', { method: 'POST' })).toMatchObject({ status: 200, text: 'reloaded\n' });
    const afterPost = (await loadedAt()) ?? Number.NaN;
    expect(afterPost).toBeGreaterThan(before);
    exporter.program.kill('SIGHUP');
    await expect.poll(loadedAt, { timeout: PROMISED_MS, interval: 50 }).toBeGreaterThan(afterPost);
    expect(reloads()).toEqual(['cause="POST /-/reload', 'cause=SIGHUP']);
  });
});

describe('two replicas on one database', () => {
  it('keep one record of each day and one of each change, whatever way the second one connects', async () => {
    const history = 'SELECT kpi, metric, labels, day, value, recorded_at FROM kpi_history ORDER BY 1, 2, 3, 4';
    const before = (await database.client.query<{ kpi: string }>(history)).rows;
    expect(new Set(before.map(({ kpi }) => kpi)).size).toBeGreaterThan(5);

    const passwordFile = config.file('password');
    await writeFile(passwordFile, `${login.password}\n`, { mode: 0o600 });
    const url = new URL(database.url);
    const replica = await startServe({
      env: {
        PGHOST: url.hostname,
        PGPORT: url.port,
        PGDATABASE: url.pathname.slice(1),
        PGUSER: login.role,
        DATABASE_PASSWORD_FILE: passwordFile,
      },
      args: [...config.args, '--log.format=json', '--log.level=debug'],
    });
    await replica.ready();
    const written = async (one: ServedExporter): Promise<(string | undefined)[]> =>
      (await one.samples())
        .filter(
          ({ metric, labels }) => metric === 'portfolio_kpi_history_writes_total' && labels['result'] === 'success',
        )
        .map(({ labels }) => labels['kpi'])
        .toSorted();
    // The record follows the run that /readyz waits for.
    await expect.poll(() => written(replica), { timeout: 60_000, interval: 50 }).toEqual(await written(exporter));
    // Equal rows are not even touched: recorded_at is among them.
    expect((await database.client.query(history)).rows).toEqual(before);

    await config.write(
      'thresholds.yaml',
      'changed_by: kim\nreason: test\nalerts:\n  stalled_initiative_threshold: 20d\n',
    );
    const [name, seconds] = ['stalled_initiative_threshold', 20 * 86_400];
    for (const one of [exporter, replica]) {
      await expect
        .poll(() => one.value('portfolio_threshold', { name }), { timeout: PROMISED_MS, interval: 50 })
        .toBe(seconds);
    }
    const recorded = async () =>
      (
        await database.client.query<Record<string, unknown>>(
          'SELECT old_value, new_value, changed_by, reason FROM portfolio_coordination_config_history',
        )
      ).rows;
    const change = { old_value: '1209600', new_value: '1728000', changed_by: 'kim', reason: 'test' };
    await expect.poll(recorded, { timeout: PROMISED_MS, interval: 50 }).toEqual([change]);
    const finished = await replica.stop();
    outputs.push(finished);
    expect(finished).toMatchObject({ code: 0, stdout: '' });
    expect(await recorded()).toEqual([change]);
  });
});

describe('the end', () => {
  /** The issue says "a few seconds"; a run's timeout of 30 s may not hold it up. */
  const STOP_LIMIT_MS = 5_000;

  it('comes within a few seconds of SIGTERM with exit code 0, also with a query and a scrape under way', async () => {
    const slow = await createConfigDirectory({
      'exporter.yaml': 'shipped_kpis: false\nkpi_directories: [kpis]\n',
      'kpis/slow.yaml': testUnit({ metrics: { portfolio_slow: 'count' }, timeout: '30s' }),
      'kpis/slow.sql': "SELECT 1 AS portfolio_slow FROM pause(25) AS t (slept) WHERE t.slept::text = ''",
    });
    onTestFinished(() => slow.remove());
    await database.client.query(CREATE_PAUSE);
    const served = await startServe({ env: { DATABASE_URL: login.url }, args: slow.args });
    const asleep = async () =>
      (
        await database.client.query(
          `SELECT FROM pg_stat_activity WHERE query LIKE '%pause(25)%' AND pid <> pg_backend_pid()`,
        )
      ).rowCount;
    await expect.poll(asleep, { timeout: 60_000, interval: 20 }).toBe(1);
    await served.get('/metrics'); // leaves a kept-alive connection
    const askedAt = performance.now();
    const finished = await served.stop();
    outputs.push(finished);
    expect(performance.now() - askedAt).toBeLessThan(STOP_LIMIT_MS);
    expect(finished).toMatchObject({ code: 0, signal: null, stdout: '' });
    expect(finished.stderr).toMatch(/msg="exporter has stopped"\n$/);
  });

  it('comes at once where the port is in use, with the way out', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const result = await runProgram(['serve', '--web.listen-address', `127.0.0.1:${port}`], {
      env: { DATABASE_URL: login.url },
    });
    outputs.push(result);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(
      `cannot listen: 127.0.0.1:${port} is in use by another program; stop that one or choose another address`,
    );
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  it('comes at once where a file is wrong, with every problem', async () => {
    const broken = await createConfigDirectory({ 'thresholds.yaml': 'alerts:\n  delayed_milestone_alert: 15d\n' });
    onTestFinished(() => broken.remove());
    const result = await runProgram(['serve', '--web.listen-address', '127.0.0.1:0', ...broken.args], {
      env: { DATABASE_URL: login.url },
    });
    outputs.push(result);
    expect(result).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `${broken.file('thresholds.yaml')}:2:28: alerts.delayed_milestone_alert: 15d is out of range: 1d - 14d\n`,
    });
  });
});

describe('the ways to name the database', () => {
  const parts = () => {
    const url = new URL(database.url);
    return { host: url.hostname, port: url.port, name: url.pathname.slice(1) };
  };

  it.each([
    ['DATABASE_URL with the password', async () => Promise.resolve({ DATABASE_URL: login.url })],
    [
      'DATABASE_URL_FILE',
      async () => {
        await writeFile(config.file('url'), `${login.url}\n`);
        return { DATABASE_URL_FILE: config.file('url') };
      },
    ],
    [
      'DATABASE_URL and DATABASE_PASSWORD_FILE',
      async () => {
        await writeFile(config.file('secret'), login.password);
        return { DATABASE_URL: database.urlOf(login.role), DATABASE_PASSWORD_FILE: config.file('secret') };
      },
    ],
    [
      'libpq variables with PGPASSWORD',
      async () => {
        const { host, port, name } = parts();
        const env = { PGHOST: host, PGPORT: port, PGDATABASE: name, PGUSER: login.role, PGPASSWORD: login.password };
        return Promise.resolve(env);
      },
    ],
    [
      'libpq variables with PGPASSFILE',
      async () => {
        const { host, port, name } = parts();
        const escaped = login.password.replace(/[:\\]/g, '\\$&');
        await writeFile(
          config.file('pgpass'),
          `# comment\n*:*:*:someone:else\n${host}:${port}:*:${login.role}:${escaped}\n`,
          { mode: 0o600 },
        );
        return { PGHOST: host, PGPORT: port, PGDATABASE: name, PGUSER: login.role, PGPASSFILE: config.file('pgpass') };
      },
    ],
  ])('%s', async (_, env) => {
    const result = await runCommand(['run', 'resource_conflicts'], { env: await env() });
    outputs.push(result);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('portfolio_conflicts');
  });

  it('are told apart from a password that is wrong', async () => {
    const env = { DATABASE_URL: login.url.replace(/:[^:@]*@/, ':s3cret-wrong@') };
    for (const args of [['run', 'resource_conflicts'], ['check'], ['migrate'], ['thresholds', 'history']]) {
      const result = await runCommand(args, { env });
      outputs.push(result);
      expect(result, args[0]).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr, args[0]).toContain(
        `password authentication failed for user "${login.role}" (SQLSTATE 28P01)`,
      );
      expect(result.stderr, args[0]).not.toContain('s3cret');
    }
  });
});

describe('the log', () => {
  it('is one logfmt or JSON line an event, on stderr, and never tells a secret', async () => {
    // Runs last: everything above has written by now.
    const failing = await createConfigDirectory({
      'exporter.yaml': 'shipped_kpis: false\nkpi_directories: [kpis]\nretry:\n  attempts: 1\n',
      'kpis/broken.yaml': testUnit({ metrics: { portfolio_broken: 'count' } }),
      // The server's message quotes the name: a line break, quotes, an equals sign and a backslash.
      'kpis/broken.sql': 'SELECT 1 AS portfolio_broken FROM "two\nlines = \\ ""quoted"""',
    });
    onTestFinished(() => failing.remove());
    for (const format of ['logfmt', 'json']) {
      const program = startProgram(
        ['serve', '--web.listen-address=127.0.0.1:0', `--log.format=${format}`, '--log.level=debug', ...failing.args],
        { env: { DATABASE_URL: login.url } },
      );
      await program.says(/KPI run failed/);
      program.kill('SIGTERM');
      outputs.push(await program.finished);
    }
    const [logfmt, json] = outputs.slice(-2);
    const escaped = String.raw`relation \"two\nlines = \\ \"quoted\"\" does not exist`;
    expect(logfmt?.stderr).toContain(`reason="${escaped}`);
    expect(json?.stderr).toContain(`"reason":"${escaped}`);
    for (const line of (json?.stderr ?? '').trimEnd().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown,
        level: expect.stringMatching(/^(debug|info|warn|error)$/) as unknown,
        msg: expect.any(String) as unknown,
      });
    }
    const pair = String.raw`[a-z_A-Z]+=(?:[^\s"=]+|"(?:[^"\\]|\\.)*")`;
    for (const line of (logfmt?.stderr ?? '').trimEnd().split('\n')) {
      expect(line).toMatch(new RegExp(`^level=(?:debug|info|warn|error) time=\\S+Z(?: ${pair})* msg=`));
      expect(line).toMatch(new RegExp(`^${pair}(?: ${pair})*$`));
    }

    for (const path of ['/', '/metrics', '/readyz']) {
      const { text } = await exporter.get(path);
      for (const secret of login.secrets) expect(text, path).not.toContain(secret);
    }
    const all = [
      ...outputs.map(({ stdout, stderr }) => stdout + stderr),
      exporter.program.stdout() + exporter.program.stderr(),
    ];
    expect(all.length).toBeGreaterThan(2);
    for (const output of all) {
      for (const secret of login.secrets) expect(output).not.toContain(secret);
    }
  });
});
