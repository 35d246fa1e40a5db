import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { addDemoDays } from '../../demo/addDemoDays.js';
import { generatePortfolio } from '../../demo/generatePortfolio.js';
import { loadPortfolio } from '../../demo/loadPortfolio.js';
import { presentMoment } from '../../src/kpi/unit/moment.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import { runCommand } from '../support/runCommand.js';
import { startProgram } from '../support/startProgram.js';

const DAY_MS = 86_400_000;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'portfolio-demo-database-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function ownDatabase(template: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const database = await createDatabase({ template });
  onTestFinished(() => database.drop());
  return database;
}

/** Starts it and waits until the writers are alive. */
async function startDemoDatabase({ url }: TestDatabase, args: readonly string[] = ['--database-only']) {
  const program = startProgram(['demo', ...args], { env: { DATABASE_URL: url } });
  const [said] = await program.says(/its writers are alive/, 120_000);
  expect(said).not.toBe('');
  return program;
}

/** Rows by table. */
async function counts({ client }: TestDatabase): Promise<Record<string, number>> {
  const tables = ['ventures', 'venture_metrics', 'venture_resource_usage', 'value_capture_log', 'kpi_history'];
  const sql = tables
    .map((table) => `SELECT '${table}' AS table, count(*)::int AS rows FROM ${table}`)
    .join(' UNION ALL ');
  const { rows } = await client.query<{ table: string; rows: number }>(sql);
  return Object.fromEntries(rows.map(({ table, rows: count }) => [table, count]));
}

async function silentSources({ client }: TestDatabase): Promise<string[]> {
  const { rows } = await client.query<{ source: string }>(
    `SELECT source FROM source_heartbeats WHERE seen_at < now() - interval '2 minutes' ORDER BY source`,
  );
  return rows.map(({ source }) => source);
}

describe('demo --database-only', () => {
  it('fills a migrated, empty database, and keeps its writers alive until it is ended', async () => {
    const database = await ownDatabase();
    const program = await startDemoDatabase(database);
    expect(program.stdout()).toContain('the demo portfolio is loaded');
    const loaded = await counts(database);
    expect(loaded).toMatchObject({ ventures: 8, venture_metrics: 8 * 548 });
    expect(loaded['kpi_history']).toBeGreaterThan(100);
    await expect.poll(() => silentSources(database)).toEqual([]);
    program.kill('SIGTERM');
    expect(await program.finished).toMatchObject({ code: 0, signal: null });
  });

  it('loads nothing where the demo portfolio is there already, and revives its writers', async () => {
    const database = await ownDatabase();
    const moment = await presentMoment(database.client, 'UTC');
    await loadPortfolio(database.client, generatePortfolio({ today: moment.asOf, now: moment.now }));
    // What somebody did to it in the meantime.
    await database.client.query(`INSERT INTO ventures (name, status) VALUES ('A venture of mine', 'active')`);
    await database.client.query(`UPDATE venture_metrics SET monthly_revenue = 1 WHERE recorded_at = $1`, [moment.asOf]);
    await database.client.query(`UPDATE source_heartbeats SET seen_at = now() - interval '3 days'`);
    const before = await counts(database);
    const file = join(directory, 'heartbeat');

    const program = await startDemoDatabase(database, ['--heartbeat-file', file]);
    expect(program.stdout()).toContain('was there already and nothing was loaded');
    await expect.poll(() => silentSources(database)).toEqual([]);
    await expect.poll(() => existsSync(file)).toBe(true);
    expect(await counts(database)).toEqual({ ...before, kpi_history: expect.any(Number) as unknown });
    const { rows } = await database.client.query(
      'SELECT DISTINCT monthly_revenue::int AS revenue FROM venture_metrics WHERE recorded_at = $1',
      [moment.asOf],
    );
    expect(rows).toEqual([{ revenue: 1 }]);
    program.kill('SIGINT');
    expect(await program.finished).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses a database with ventures of its own, and changes nothing', async () => {
    const database = await ownDatabase();
    await database.client.query(`INSERT INTO ventures (name, status) VALUES ('A venture of mine', 'active')`);
    const before = await counts(database);
    const result = await runCommand(['demo', '--database-only'], { env: { DATABASE_URL: database.url } });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toBe(
      'the database has 1 venture of its own: the demo portfolio is for an empty database, so nothing was loaded\n',
    );
    expect(await counts(database)).toEqual(before);
  });

  it('says what is missing: the schema, the rights, the database', async () => {
    const empty = await ownDatabase('empty');
    const unmigrated = await runCommand(['demo', '--database-only'], { env: { DATABASE_URL: empty.url } });
    expect(unmigrated).toMatchObject({ code: 1, stdout: '' });
    expect(unmigrated.stderr).toContain('run `portfolio-exporter migrate`');

    const migrated = await ownDatabase();
    const login = await createExporterLogin(migrated);
    const reader = await runCommand(['demo', '--database-only'], { env: { DATABASE_URL: login.url } });
    await login.drop();
    expect(reader).toMatchObject({ code: 1, stdout: '' });
    expect(reader.stderr).toContain('permission denied for table ventures');
    for (const secret of login.secrets) expect(reader.stderr).not.toContain(secret);

    const nowhere = await runCommand(['demo', '--database-only']);
    expect(nowhere).toMatchObject({ code: 1, stdout: '' });
    expect(nowhere.stderr).toContain('set DATABASE_URL');
  });

  it('goes with no port, as it serves nothing', async () => {
    const result = await runCommand(['demo', '--database-only', '--port', '0']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("'--database-only' cannot be used with option '--port");
  });
});

describe('a demo portfolio that grows old', () => {
  it('gets the rows of the days that passed, and nothing else changes', async () => {
    const database = await ownDatabase();
    const { client } = database;
    const present = await presentMoment(client, 'UTC');
    const before = new Date(present.now.getTime() - 3 * DAY_MS);
    await loadPortfolio(client, generatePortfolio({ today: before.toISOString().slice(0, 10), now: before }));
    // Deleted with whatever hung on it.
    await client.query(
      `SET session_replication_role = replica; DELETE FROM ventures WHERE name = 'Atlas Logistics'; RESET session_replication_role`,
    );
    const older = `SELECT md5(string_agg(m::text, ',' ORDER BY id)) AS rows FROM venture_metrics m WHERE recorded_at <= $1`;
    const old = await client.query(older, [before.toISOString().slice(0, 10)]);

    await addDemoDays(client, present);
    await addDemoDays(client, present);
    const { rows } = await client.query(
      `SELECT count(*)::int AS rows, count(DISTINCT recorded_at)::int AS days, to_char(max(recorded_at), 'YYYY-MM-DD') AS newest
         FROM venture_metrics WHERE recorded_at > $1`,
      [before.toISOString().slice(0, 10)],
    );
    expect(rows).toEqual([{ rows: 3 * 7, days: 3, newest: present.asOf }]);
    expect((await client.query(older, [before.toISOString().slice(0, 10)])).rows).toEqual(old.rows);
    const usage = await client.query(
      `SELECT to_char(max(recorded_at), 'YYYY-MM-DD') AS newest FROM venture_resource_usage`,
    );
    expect(usage.rows).toEqual([{ newest: present.asOf }]);
  });

  it('does not bring back what somebody moved', async () => {
    const database = await ownDatabase();
    const { client } = database;
    const present = await presentMoment(client, 'UTC');
    await loadPortfolio(client, generatePortfolio({ today: present.asOf, now: present.now }));
    await client.query(`UPDATE venture_metrics SET recorded_at = recorded_at + 1000 WHERE recorded_at > $1::date - 3`, [
      present.asOf,
    ]);
    const before = await counts(database);
    await addDemoDays(client, present);
    expect(await counts(database)).toEqual(before);
  });
});
