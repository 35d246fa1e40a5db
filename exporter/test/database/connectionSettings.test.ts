import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseSettings, readEnvironment } from '../../src/config/environment.js';
import type { TestDatabase } from '../support/database.js';
import { createDatabase } from '../support/database.js';

// Letters that a URL, a password file and a shell each take for something else.
const PASSWORD = `p#/@%:\\ "'é`;
const ROLE = `ops_${randomBytes(6).toString('hex')}`;

let database: TestDatabase;
let directory: string;
let place: { host: string; port: string; name: string };
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'connection-'));
  database = await createDatabase({ template: 'empty' });
  await database.client.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD ${database.client.escapeLiteral(PASSWORD)}`);
  const url = new URL(database.url);
  place = { host: url.hostname, port: url.port, name: url.pathname.slice(1) };
});
afterAll(async () => {
  await database.client.query(`DROP ROLE ${ROLE}`);
  await database.drop();
  rmSync(directory, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** Who the server says we are, connected with what the variables say. */
async function connectedAs(env: Record<string, string>, passwordFile: string | null = null): Promise<unknown> {
  const client = new Client(
    databaseSettings(readEnvironment(env), {
      passwordFile,
      maxConnections: 1,
      connectTimeoutMs: 10_000,
      probeIntervalMs: 5_000,
      listen: true,
    }),
  );
  await client.connect();
  try {
    const { rows } = await client.query<{ who: string }>(
      `SELECT current_user || ' ' || current_database() || ' ' || current_setting('application_name') AS who`,
    );
    return rows[0]?.who;
  } finally {
    await client.end();
  }
}

describe('a real server accepts', () => {
  const url = (password = ''): string => `postgresql://${ROLE}${password}@${place.host}:${place.port}/${place.name}`;
  const libpq = (): Record<string, string> => ({
    PGHOST: place.host,
    PGPORT: place.port,
    PGUSER: ROLE,
    PGDATABASE: place.name,
  });
  const me = (): string => `${ROLE} ${place.name} portfolio-metrics-exporter`;

  it('DATABASE_URL with the password percent-encoded', async () => {
    expect(await connectedAs({ DATABASE_URL: url(`:${encodeURIComponent(PASSWORD)}`) })).toBe(me());
  });

  it('DATABASE_URL_FILE', async () => {
    const path = file('url', `${url(`:${encodeURIComponent(PASSWORD)}`)}\n`);
    expect(await connectedAs({ DATABASE_URL_FILE: path })).toBe(me());
  });

  it('the libpq variables', async () => {
    expect(await connectedAs({ ...libpq(), PGPASSWORD: PASSWORD, PGAPPNAME: 'mine' })).toBe(
      `${ROLE} ${place.name} mine`,
    );
  });

  it('a password file, with either way to name the server', async () => {
    const path = file('password', `${PASSWORD}\n`);
    expect(await connectedAs({ DATABASE_URL: url() }, path)).toBe(me());
    expect(await connectedAs({ ...libpq(), DATABASE_PASSWORD_FILE: path })).toBe(me());
  });

  it('PGPASSFILE', async () => {
    const escaped = PASSWORD.replace(/[\\:]/g, (letter) => `\\${letter}`);
    const path = file('pgpass', `${place.host}:${place.port}:*:${ROLE}:${escaped}\n`);
    expect(await connectedAs({ ...libpq(), PGPASSFILE: path })).toBe(me());
  });

  it('not a wrong password, and the error does not show it', async () => {
    const attempt = connectedAs({ DATABASE_URL: url(':wr0ng-s3cr3t') });
    await expect(attempt).rejects.toMatchObject({ code: '28P01' });
    const error: unknown = await attempt.catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('wr0ng-s3cr3t');
  });

  it('no TLS where the server has none, and says so', async () => {
    await expect(connectedAs({ DATABASE_URL: `${url(':x')}?sslmode=require` })).rejects.toThrow('does not support SSL');
  });
});
