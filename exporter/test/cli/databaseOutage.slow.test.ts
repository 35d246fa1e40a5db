import { writeFile } from 'node:fs/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { RESERVED_METRIC } from '../../src/kpi/unit/loadUnits.js';
import { createConfigDirectory } from '../support/configDirectory.js';
import type { ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import { freePort } from '../support/freePort.js';
import { startPreparedServer } from '../support/preparedServer.js';
import { startServe } from '../support/startServe.js';
import type { ServedExporter } from '../support/startServe.js';

/** The database is probed every second here, and what failed is tried again after at most two; a busy machine is slower. */
const NOTICED = { timeout: 60_000, interval: 50 };
const EXPORTER_YAML = `retry:
  attempts: 2
  initial_delay: 100ms
  max_delay: 1s
database:
  connect_timeout: 2s
  probe_interval: 1s
kpis:
  resource_conflicts:
    schedule:
      every: 1s
  synergy_totals:
    schedule:
      every: 1m
`;

let config: ConfigDirectory;
beforeAll(async () => {
  config = await createConfigDirectory({ 'exporter.yaml': EXPORTER_YAML });
});
afterAll(() => config.remove());

/** Metrics of KPIs on the page: everything that is not about the exporter itself. */
async function kpiMetrics(exporter: ServedExporter): Promise<string[]> {
  const names = (await exporter.samples()).map(({ metric }) => metric);
  return [...new Set(names.filter((name) => !RESERVED_METRIC.test(name)))];
}

function lines(exporter: ServedExporter, pattern: RegExp): string[] {
  return exporter.program
    .stderr()
    .split('\n')
    .filter((line) => pattern.test(line));
}

describe('a database server that comes late, goes and comes back', () => {
  let port: number;
  let exporter: ServedExporter;
  let server: EmbeddedServer | null = null;
  const passwords: string[] = [];

  beforeAll(async () => {
    port = await freePort();
    await writeFile(config.file('password'), 'not known yet\n');
    exporter = await startServe({
      env: {
        DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/portfolio`,
        DATABASE_PASSWORD_FILE: config.file('password'),
      },
      args: config.args,
    });
  });
  afterAll(async () => {
    await exporter.stop();
    await server?.stop();
  });

  async function startServer(events: number): Promise<void> {
    server = await startPreparedServer({
      port,
      passwordFile: config.file('password'),
      prepare: async (client) => {
        await client.query('DELETE FROM value_capture_log');
        await addEvents(client, events);
      },
    });
    passwords.push(new URL(server.url).password);
  }

  async function addEvents(client: Client, count: number): Promise<void> {
    await client.query(
      `INSERT INTO value_capture_log (initiative_id, value_type, value_amount)
       SELECT id, 'COST_SAVED', 100 FROM generate_series(1, $1), (SELECT id FROM synergy_initiatives ORDER BY id LIMIT 1) AS one`,
      [count],
    );
  }

  const events = () => exporter.value('portfolio_synergy_capture_events_month');
  const isUp = () => exporter.value('portfolio_database_up');
  const lastSuccess = () => exporter.value('portfolio_kpi_last_success_timestamp_seconds', { kpi: 'synergy_totals' });

  it('is waited for: the reason on /readyz, own metrics, and no KPI', async () => {
    expect((await exporter.get('/healthz')).status).toBe(200);
    await expect.poll(isUp, NOTICED).toBe(0);
    const readiness = await exporter.get('/readyz');
    expect(readiness.status).toBe(503);
    expect(readiness.text).toContain(`database: connect ECONNREFUSED 127.0.0.1:${port}`);
    expect(readiness.text).toContain('first collection outstanding: ');
    expect(await kpiMetrics(exporter)).toEqual([]);
    expect(await exporter.value('portfolio_threshold', { name: 'hourly_rate' })).toBe(75);
    await expect.poll(async () => (await exporter.get('/')).text, NOTICED).toContain('ECONNREFUSED');
    // Said once, not at every probe.
    expect(lines(exporter, /msg="database is down"/)).toHaveLength(1);
  });

  it('is used as soon as it is there, without a restart', async () => {
    await startServer(7);
    await exporter.ready();
    expect(await isUp()).toBe(1);
    expect(await events()).toBe(7);
    expect((await kpiMetrics(exporter)).length).toBeGreaterThan(50);
    expect(lines(exporter, /msg="database is up"/)).toHaveLength(1);
  });

  it('leaves the last values in place when it goes, and their age tells', async () => {
    const before = await lastSuccess();
    await server?.stop();
    const stoppedAt = Date.now() / 1000;
    await expect.poll(isUp, NOTICED).toBe(0);
    expect((await exporter.get('/readyz')).status).toBe(503);
    expect((await exporter.get('/healthz')).status).toBe(200);
    expect(await events()).toBe(7);
    expect(await exporter.value('portfolio_active_ventures')).toBeGreaterThan(0);
    // A run may have succeeded while the server was told to stop, but none after it.
    const kept = await lastSuccess();
    expect(kept).toBeGreaterThanOrEqual(before ?? Number.NaN);
    expect(kept).toBeLessThanOrEqual(stoppedAt);
    // A run that fails is counted and leaves its KPI as it was.
    const conflicts = { kpi: 'resource_conflicts' };
    const failed = { ...conflicts, result: 'database_unavailable' };
    const failures = (await exporter.value('portfolio_kpi_runs_total', failed)) ?? Number.NaN;
    await expect.poll(() => exporter.value('portfolio_kpi_runs_total', failed), NOTICED).toBeGreaterThan(failures);
    const succeeded = (await exporter.value('portfolio_kpi_last_success_timestamp_seconds', conflicts)) ?? Number.NaN;
    expect(await exporter.value('portfolio_kpi_last_attempt_timestamp_seconds', conflicts)).toBeGreaterThan(succeeded);
    expect(await exporter.value('portfolio_conflicts', { status: 'RESOLVED' })).toBeGreaterThan(0);
    expect(await lastSuccess()).toBe(kept);
    await expect.poll(async () => (await exporter.get('/')).text, NOTICED).toContain('ECONNREFUSED');
  });

  it('is fresh within a few seconds of its return, and listened to again', async () => {
    const before = (await lastSuccess()) ?? Number.NaN;
    await startServer(9);
    await expect.poll(isUp, NOTICED).toBe(1);
    await expect.poll(events, NOTICED).toBe(9);
    expect(await lastSuccess()).toBeGreaterThan(before);
    expect((await exporter.get('/readyz')).status).toBe(200);

    const client = new Client({ connectionString: server?.url.replace(/\/postgres$/, '/portfolio') });
    await client.connect();
    onTestFinished(() => client.end());
    await addEvents(client, 2);
    // Through LISTEN: the schedule alone would take up to a minute.
    await expect.poll(events, { timeout: 10_000, interval: 20 }).toBe(11);
    for (const password of passwords) expect(exporter.program.stderr()).not.toContain(password);
  });
});

describe('a wrong password', () => {
  it('is said without the password, and mended in its file without a restart', async () => {
    const database = await createDatabase();
    const login = await createExporterLogin(database);
    onTestFinished(async () => {
      await login.drop();
      await database.drop();
    });
    await writeFile(config.file('login-password'), 's3cret-wrong\n');
    const exporter = await startServe({
      env: { DATABASE_URL: database.urlOf(login.role), DATABASE_PASSWORD_FILE: config.file('login-password') },
      args: config.args,
    });
    onTestFinished(async () => {
      await exporter.stop();
    });
    await expect.poll(() => exporter.value('portfolio_database_up'), NOTICED).toBe(0);
    const { status, text } = await exporter.get('/readyz');
    expect(status).toBe(503);
    expect(text).toContain(`password authentication failed for user "${login.role}" (SQLSTATE 28P01)`);
    for (const output of [text, exporter.program.stderr(), (await exporter.get('/')).text]) {
      expect(output).toContain('password authentication failed');
      expect(output).not.toContain('s3cret');
    }
    await writeFile(config.file('login-password'), `${login.password}\n`);
    await exporter.ready();
    expect(exporter.program.stderr()).not.toContain('s3cret');
  });
});

describe('a database without the schema', () => {
  it('makes every message name the command that mends it', async () => {
    const database = await createDatabase({ template: 'empty' });
    onTestFinished(() => database.drop());
    const exporter = await startServe({ env: { DATABASE_URL: database.url }, args: config.args });
    onTestFinished(async () => {
      await exporter.stop();
    });
    const failed = async () =>
      (await exporter.samples()).filter(
        ({ metric, labels, value }) =>
          metric === 'portfolio_kpi_runs_total' && labels['result'] === 'error' && value > 0,
      ).length;
    await expect.poll(failed, NOTICED).toBe(16);
    expect(await kpiMetrics(exporter)).toEqual([]);
    expect(await exporter.value('portfolio_database_up')).toBe(1);
    const fix =
      'does not exist (SQLSTATE 42P01); the schema is missing or older than this program: run `portfolio-exporter migrate`';
    const explained = lines(exporter, /msg="KPI run failed"/).filter((line) => line.includes(fix));
    expect(new Set(explained.map((line) => / kpi=(\w+)/.exec(line)?.[1])).size).toBe(16);
    expect(lines(exporter, /msg="configuration not recorded in the database, trying again"/)[0]).toContain(fix);
    await expect.poll(async () => (await exporter.get('/')).text, NOTICED).toContain('portfolio-exporter migrate');
  });
});

describe('an empty migrated database', () => {
  it('yields no sample of any KPI, and no error', async () => {
    const database = await createDatabase();
    onTestFinished(() => database.drop());
    const exporter = await startServe({ env: { DATABASE_URL: database.url }, args: config.args });
    onTestFinished(async () => {
      await exporter.stop();
    });
    await exporter.ready();
    expect(await kpiMetrics(exporter)).toEqual([]);
    const samples = await exporter.samples();
    const successes = samples.filter(
      ({ metric, labels }) => metric === 'portfolio_kpi_runs_total' && labels['result'] === 'success',
    );
    expect(successes).toHaveLength(16);
    for (const { labels, value } of successes) expect(value, labels['kpi']).toBeGreaterThan(0);
    // That the age of the rows is not known is a warning, not an error.
    const unknownAge = /level=warn .* msg="KPI warning"|level=warn .* msg="KPI tick skipped: /;
    expect(lines(exporter, /level=(warn|error)/).filter((line) => !unknownAge.test(line))).toEqual([]);
    expect((await exporter.get('/')).status).toBe(200);
  });
});
