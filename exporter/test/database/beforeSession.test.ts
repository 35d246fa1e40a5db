import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { databaseSettings } from '../../src/config/databaseSettings.js';
import { readEnvironment } from '../../src/config/environment.js';
import { migrate } from '../../src/database/migrate.js';
import { createDatabase as createPool } from '../../src/database/pool.js';
import { runKpi } from '../../src/kpi/run/runKpi.js';
import type { RunOutcome } from '../../src/kpi/run/runKpi.js';
import { createConfigDirectory } from '../support/configDirectory.js';
import type { ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { findProgram } from '../support/findProgram.js';
import { freePort } from '../support/freePort.js';
import { kpiUnit, SETTINGS } from '../support/kpiUnit.js';
import { SCHEMA_DIRECTORY } from '../support/migrations.js';
import { runCommand } from '../support/runCommand.js';
import { serveHere } from '../support/startServe.js';
import type { TlsServer } from '../support/tlsServer.js';
import { startTlsServer } from '../support/tlsServer.js';

const NOTICED = { timeout: 60_000, interval: 50 };
const EXPORTER_YAML = `retry:
  attempts: 2
  initial_delay: 50ms
  max_delay: 200ms
database:
  connect_timeout: 2s
  probe_interval: 1s
`;
const PGBOUNCER = findProgram(['/usr/sbin/pgbouncer'], 'pgbouncer');

const directory = mkdtempSync(join(tmpdir(), 'before-session-'));
chmodSync(directory, 0o777);
const passwordFile = join(directory, 'password');
const rootFile = join(directory, 'root.crt');
let config: ConfigDirectory;
let tls: TlsServer;
let database: TestDatabase;
let login: ExporterLogin;

beforeAll(async () => {
  config = await createConfigDirectory({ 'exporter.yaml': EXPORTER_YAML });
  tls = await startTlsServer(directory);
  database = await createDatabase({ template: 'empty', server: tls.server.url });
  const silent = { info: () => undefined, warn: () => undefined };
  await migrate({ client: database.client, directory: SCHEMA_DIRECTORY, log: silent });
  login = await createExporterLogin(database);
  tls.certify('good', { names: 'DNS:localhost' });
  tls.certify('expired', { names: 'DNS:localhost', isExpired: true });
  tls.certify('other-name', { names: 'DNS:db.example.test' });
  tls.certify('unknown', { names: 'DNS:localhost', signedBy: tls.stranger });
  tls.certify('self-signed', { names: 'DNS:localhost', signedBy: null });
});
beforeEach(heal);
afterAll(async () => {
  await database.client.end();
  await tls.stop();
  await config.remove();
  rmSync(directory, { recursive: true, force: true });
});

const of = (name: string) => ({ certificate: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) });

/** Everything as it should be. */
async function heal(): Promise<void> {
  writeFileSync(passwordFile, `${login.password}\n`);
  copyFileSync(tls.authority.certificate, rootFile);
  await database.client.query(`ALTER ROLE ${login.role} LOGIN CONNECTION LIMIT -1`);
  await tls.admit();
  await tls.present(of('good'));
}

const name = (): string => new URL(database.url).pathname.slice(1);
const environment = (): Record<string, string> => ({
  DATABASE_URL: `postgresql://${login.role}@localhost:${tls.server.port}/${name()}?hostaddr=127.0.0.1&sslmode=verify-full`,
  DATABASE_PASSWORD_FILE: passwordFile,
  PGSSLROOTCERT: rootFile,
});

/** One run with two attempts, on a pool of its own. */
async function run(variables: Record<string, string>): Promise<RunOutcome> {
  const limits = {
    passwordFile: null,
    maxConnections: 1,
    connectTimeoutMs: 2_000,
    probeIntervalMs: 1_000,
    listen: false,
  };
  const settings = databaseSettings(readEnvironment(variables), limits);
  const pool = createPool({ settings, maxConnections: 1, onIdleError: () => undefined });
  const retry = { attempts: 2, initialDelayMs: 10, maxDelayMs: 20 };
  try {
    return await runKpi(kpiUnit({ sql: 'SELECT 1 AS portfolio_sample' }), {
      database: pool,
      retry,
      clock: () => new Date(),
      settings: () => SETTINGS,
    });
  } finally {
    await pool.close();
  }
}

describe('what comes before a session is a database that is not available', () => {
  const CA = 'check PGSSLROOTCERT';
  it.each<[string, () => unknown, string]>([
    [
      'a server without TLS',
      () => tls.present(null),
      'does not support SSL connections; check sslmode of DATABASE_URL',
    ],
    ['an authority that is not known', () => tls.present(of('unknown')), `certificate; ${CA}`],
    ['a certificate that signs itself', () => tls.present(of('self-signed')), `certificate; ${CA}`],
    ['a certificate that has expired', () => tls.present(of('expired')), `certificate has expired; ${CA}`],
    ['another name', () => tls.present(of('other-name')), 'altnames: DNS:db.example.test; check host of DATABASE_URL'],
    [
      'a password file that is gone',
      () => rmSync(passwordFile),
      `${passwordFile} (DATABASE_PASSWORD_FILE) cannot be read`,
    ],
    ['a password file that is empty', () => writeFileSync(passwordFile, ''), `(DATABASE_PASSWORD_FILE) is empty`],
    [
      'a wrong password',
      () => writeFileSync(passwordFile, 'wrong'),
      '28P01); check user of DATABASE_URL and DATABASE_PASSWORD_FILE',
    ],
    ['a root certificate that is gone', () => rmSync(rootFile), `${rootFile} (PGSSLROOTCERT) cannot be read (ENOENT)`],
    [
      'a root certificate that is none',
      () => writeFileSync(rootFile, 'nothing'),
      '(PGSSLROOTCERT) holds no certificate',
    ],
    [
      'pg_hba.conf',
      () => tls.admit(`host all ${login.role} all reject`),
      '(SQLSTATE 28000); check user of DATABASE_URL',
    ],
    [
      'no connection left',
      () => database.client.query(`ALTER ROLE ${login.role} CONNECTION LIMIT 0`),
      '(SQLSTATE 53300)',
    ],
    [
      'a role that may not log in',
      () => database.client.query(`ALTER ROLE ${login.role} NOLOGIN`),
      'not permitted to log in',
    ],
  ])('%s', async (_, fault, reason) => {
    await fault();
    const outcome = await run(environment());
    expect(outcome).toMatchObject({ result: 'database_unavailable', attempts: 2 });
    expect(outcome).toHaveProperty('message', expect.stringContaining(reason));
    await heal();
    expect(await run(environment())).toMatchObject({ result: 'success', attempts: 1 });
  });

  it.each<[string, Record<string, string>, string]>([
    ['a name without an address', { host: 'nowhere.invalid' }, 'check host of DATABASE_URL'],
    ['an address without a route', { hostaddr: '240.0.0.1' }, 'check host of DATABASE_URL and port of DATABASE_URL'],
    ['a socket that is not there', { host: '/nowhere' }, 'check host of DATABASE_URL and port of DATABASE_URL'],
    ['a database that is not there', { dbname: 'none' }, '(SQLSTATE 3D000); check dbname of DATABASE_URL'],
  ])('%s', async (_, parts, reason) => {
    const all = {
      host: 'localhost',
      hostaddr: '',
      port: String(tls.server.port),
      user: login.role,
      dbname: name(),
      ...parts,
    };
    const query = new URLSearchParams({
      ...all,
      hostaddr: all.hostaddr || (parts['dbname'] === undefined ? '' : '127.0.0.1'),
    });
    const outcome = await run({
      ...environment(),
      DATABASE_URL: `postgresql://?${query.toString()}&sslmode=verify-full`,
    });
    expect(outcome).toMatchObject({ result: 'database_unavailable', attempts: 2 });
    expect(outcome).toHaveProperty('message', expect.stringContaining(reason));
  });

  it('at every command: one line, and exit code 1', async () => {
    await tls.present(of('unknown'));
    const commands = [
      ['check'],
      ['migrate'],
      ['thresholds', 'history'],
      ['run', 'venture_scores'],
      ['demo', '--database-only'],
    ];
    for (const command of commands) {
      const { code, stdout, stderr } = await runCommand([...command, ...config.args], { env: environment() });
      expect({ command, code, stdout }).toEqual({ command, code: 1, stdout: '' });
      expect(stderr).toMatch(/^[^\n]*certificate; check PGSSLROOTCERT\n$/);
    }
  });

  it('and a start that meets it waits: every KPI has run soon after', async () => {
    await tls.present(of('unknown'));
    rmSync(passwordFile);
    const exporter = await serveHere({ env: environment(), args: config.args });
    onTestFinished(async () => {
      await exporter.stop();
    });
    const kpis = async (metric: string, result?: string): Promise<number> =>
      (await exporter.samples()).filter(
        (sample) => sample.metric === metric && sample.value > 0 && sample.labels['result'] === result,
      ).length;
    await expect.poll(() => kpis('portfolio_kpi_runs_total', 'database_unavailable'), NOTICED).toBe(16);
    expect(await exporter.value('portfolio_database_up')).toBe(0);
    const { status, text } = await exporter.get('/readyz');
    expect(status).toBe(503);
    expect(text).toContain('check PGSSLROOTCERT');

    await tls.present(of('good'));
    await expect
      .poll(async () => (await exporter.get('/readyz')).text, NOTICED)
      .toContain('(DATABASE_PASSWORD_FILE) cannot be read');
    await heal();
    // Hourly KPIs too: what could not be asked is asked as soon as the database answers.
    await expect.poll(() => kpis('portfolio_kpi_last_success_timestamp_seconds'), NOTICED).toBe(16);
    await exporter.ready();
    expect(await kpis('portfolio_kpi_runs_total', 'error')).toBe(0);
    const output = exporter.program.stderr();
    expect(output).not.toMatch(/^\s+at /m);
    for (const secret of login.secrets) expect(output).not.toContain(secret);
  });
});

describe.skipIf(PGBOUNCER === null)('a pooler', () => {
  it('whose server is away, or that knows no such database, is a database that is not available', async () => {
    const [port, nobody] = [await freePort(), await freePort()];
    const ini = join(directory, 'pgbouncer.ini');
    const password = new URL(tls.server.url).password;
    const write = (server: number): void =>
      writeFileSync(
        ini,
        `[databases]\n${name()} = host=127.0.0.1 port=${server} user=postgres password=${password}\n` +
          `[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=${port}\nunix_socket_dir=\nauth_type=any\nserver_login_retry=1\nquery_wait_timeout=1\n`,
      );
    write(nobody);
    const pooler = spawn(PGBOUNCER ?? '', ['-u', 'postgres', ini], { stdio: 'ignore' });
    onTestFinished(() => void pooler.kill('SIGKILL'));
    const through = (to: string) =>
      run({ DATABASE_URL: `postgresql://anyone@127.0.0.1:${port}/${to}?connect_timeout=20` });
    const message = async (to: string): Promise<string> => {
      const outcome = await through(to);
      expect(outcome.result).toBe('database_unavailable');
      return 'message' in outcome ? outcome.message : '';
    };
    await expect.poll(() => message(name()), NOTICED).toBe('query_wait_timeout (SQLSTATE 08P01)');
    expect(await message('none')).toMatch(/\(SQLSTATE 08P01\)/);
    write(tls.server.port);
    pooler.kill('SIGHUP');
    await expect.poll(async () => (await through(name())).result, NOTICED).toBe('success');
  });
});
