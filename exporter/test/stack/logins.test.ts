import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from '../support/testServer.js';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { migrate } from '../../src/database/migrate.js';
import { findProgram } from '../support/findProgram.js';
import { ROOT } from './composeFile.js';

const run = promisify(execFile);
const PSQL = findProgram(['psql'], 'postgresql-client-15');
/** Every kind of character that SQL, psql or a shell treats specially. */
const PASSWORDS = {
  portfolio_exporter: `it's "a" \\ $pass:'word' ; %s ü`,
  portfolio_grafana: "'; ALTER ROLE portfolio_grafana SUPERUSER; --",
};

/** A server of its own: roles belong to the whole of it. */
describe.skipIf(PSQL === null)('exporter/scripts/stack/logins.sql', () => {
  let server: EmbeddedServer;
  let secrets: string;
  const log: string[] = [];
  beforeAll(async () => {
    // What a server tells that is asked to tell everything.
    const settings = { log_statement: 'all', log_min_error_statement: 'debug5' };
    server = await startTestServer({ settings, log: (line) => log.push(line) });
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const quiet = { info: () => undefined, warn: () => undefined };
    await migrate({ client, directory: join(ROOT, 'sql'), log: quiet });
    await client.end();
    secrets = await mkdtemp(join(tmpdir(), 'portfolio-secrets-'));
  });
  afterAll(async () => {
    await server.stop();
    await rm(secrets, { recursive: true, force: true });
  });

  async function give(exporter: string, grafana: string): Promise<void> {
    await writeFile(join(secrets, 'exporter_database_password'), exporter);
    await writeFile(join(secrets, 'grafana_database_password'), grafana);
    await writeFile(join(secrets, 'actions_database_password'), 'actions');
  }

  /** As docker-compose.yml runs it. */
  async function runLogins(): Promise<{ code: number; output: string }> {
    const { hostname, port, password } = new URL(server.url);
    const env = {
      PATH: process.env['PATH'],
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: 'postgres',
      PGDATABASE: 'postgres',
    };
    const args = ['--no-psqlrc', '--quiet', `--file=${ROOT}exporter/scripts/stack/logins.sql`];
    try {
      const { stdout, stderr } = await run(PSQL ?? '', args, {
        env: { ...env, PGPASSWORD: password, SECRETS: secrets },
      });
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  }

  async function logIn(role: string, password: string): Promise<unknown> {
    const url = new URL(server.url);
    const client = new Client({
      host: url.hostname,
      port: Number(url.port),
      database: 'postgres',
      user: role,
      password,
    });
    await client.connect();
    const { rows } = await client.query('SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user');
    await client.end();
    return rows[0];
  }

  it('lets the roles log in with the passwords of the files, and changed ones again', async () => {
    await give('first', 'first');
    expect(await runLogins()).toEqual({
      code: 0,
      output: 'portfolio_exporter, portfolio_grafana and portfolio_actions can log in\n',
    });
    expect(await logIn('portfolio_exporter', 'first')).toBeDefined();
    expect(await logIn('portfolio_actions', 'actions')).toEqual({ rolname: 'portfolio_actions', rolsuper: false });

    await give(PASSWORDS.portfolio_exporter, `${PASSWORDS.portfolio_grafana}\n`);
    expect(await runLogins()).toMatchObject({ code: 0 });
    for (const [role, password] of Object.entries(PASSWORDS))
      expect(await logIn(role, password)).toEqual({ rolname: role, rolsuper: false });
    await expect(logIn('portfolio_exporter', 'first')).rejects.toMatchObject({ code: '28P01' });
  });

  it('leaves no password in its output or in the log of the server, not even where it fails', async () => {
    await give('hidden-one', 'hidden-two');
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const before = await runLogins();
    await client.query('ALTER ROLE portfolio_grafana RENAME TO somebody');
    const failed = await runLogins();
    await client.query('ALTER ROLE somebody RENAME TO portfolio_grafana');
    await client.end();
    expect(before.code).toBe(0);
    expect(failed).toEqual({
      code: 3,
      output: expect.stringContaining('role "portfolio_grafana" does not exist') as string,
    });
    expect(log.join('\n')).toContain('ALTER ROLE portfolio_grafana RENAME');
    expect(before.output + failed.output + log.join('\n')).not.toMatch(/hidden-/);
  });

  it.each([
    ['empty', ''],
    ['missing', null],
  ])('fails where a file is %s, and changes no password', async (_what, content) => {
    await give('kept', 'kept');
    await runLogins();
    await give('new', content ?? '');
    if (content === null) await rm(join(secrets, 'grafana_database_password'));
    const result = await runLogins();
    expect(result.code).toBe(3);
    expect(result.output).toContain('no password for portfolio_grafana');
    expect(await logIn('portfolio_grafana', 'kept')).toBeDefined();
  });
});
