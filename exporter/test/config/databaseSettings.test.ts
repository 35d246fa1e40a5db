import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { ClientConfig } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionSettings } from '../../src/config/connectionSettings.js';
import { databaseSettings } from '../../src/config/databaseSettings.js';
import { DatabaseSettingsError } from '../../src/config/connectionOptions.js';
import { readEnvironment } from '../../src/config/environment.js';
import type { DatabaseConfig } from '../../src/config/exporterConfig.js';

// What a string leads to is compared with psql in test/database/likePsql.test.ts.

const CONFIG: DatabaseConfig = {
  passwordFile: null,
  maxConnections: 4,
  connectTimeoutMs: 5_000,
  probeIntervalMs: 5_000,
  listen: true,
};
const CERTIFICATE = '-----BEGIN CERTIFICATE-----';
const SECRET = 's3cr3t-word';
const WITHOUT_PASSWORD = 'postgres://ops@db.example.test/portfolio';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function settings(env: Record<string, string>, config: Partial<DatabaseConfig> = {}): ConnectionSettings {
  return databaseSettings(readEnvironment({ HOME: directory, ...env }), { ...CONFIG, ...config });
}

function first(env: Record<string, string>, config: Partial<DatabaseConfig> = {}): ClientConfig {
  const attempt = settings(env, config).attempts[0];
  if (attempt === undefined) throw new Error('there is no attempt');
  return attempt.open();
}

async function passwordOf({ password }: ClientConfig): Promise<string> {
  if (typeof password !== 'function') throw new Error('the password is not a function');
  return password();
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DatabaseSettingsError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('databaseSettings', () => {
  it('has defaults for what is left out', () => {
    expect(first({ DATABASE_URL: 'postgres://db.example.test' })).toMatchObject({
      host: 'db.example.test',
      port: 5432,
      user: userInfo().username,
      database: userInfo().username,
      application_name: 'portfolio-metrics-exporter',
    });
    expect(settings({ DATABASE_URL: 'postgres://db.example.test' })).toMatchObject({
      targetSessionAttrs: 'any',
      connectTimeoutMs: 5_000,
    });
  });

  it('lets the URL win over the variables, part by part', () => {
    const variables = { PGHOST: 'other.example.test', PGPORT: '6432', PGUSER: 'other', PGAPPNAME: 'mine' };
    const given = first({ DATABASE_URL: WITHOUT_PASSWORD, PGDATABASE: 'other', ...variables });
    expect(given).toMatchObject({ host: 'db.example.test', port: 6432, user: 'ops', database: 'portfolio' });
    expect(given.application_name).toBe('mine');
  });

  it('waits as long as connect_timeout says, and never for ever', () => {
    const timeout = (value: string) =>
      settings({ DATABASE_URL: WITHOUT_PASSWORD, PGCONNECT_TIMEOUT: value }).connectTimeoutMs;
    expect([timeout('7'), timeout('1'), timeout('0'), timeout('-1'), timeout('')]).toEqual([
      7_000, 2_000, 5_000, 5_000, 5_000,
    ]);
  });

  it('says what to set where nothing is set', () => {
    expect(messageOf(() => settings({}))).toBe(
      'no database is given: set DATABASE_URL, or PGHOST, PGDATABASE and PGUSER',
    );
  });
});

describe('passwords', () => {
  it('are read at each connection, and a file that is missing is no reason not to start', async () => {
    const passwordFile = join(directory, 'password');
    const given = first({ DATABASE_URL: WITHOUT_PASSWORD }, { passwordFile });
    const refusal = `the file ${passwordFile} (database.password_file)`;
    await expect(passwordOf(given)).rejects.toThrow(`${refusal} cannot be read (ENOENT); put it there, or correct `);
    writeFileSync(passwordFile, '');
    await expect(passwordOf(given)).rejects.toThrow(`${refusal} is empty; write the secret into it, on one line`);
    writeFileSync(passwordFile, `${SECRET}\nmore\n`);
    await expect(passwordOf(given)).rejects.toThrow(
      `${refusal} has more than one line; leave the one with the secret in it`,
    );
    writeFileSync(passwordFile, ' a b \r\n');
    expect(await passwordOf(given)).toBe(' a b ');
    writeFileSync(passwordFile, `${SECRET}\n`);
    expect(await passwordOf(given)).toBe(SECRET);
  });

  it('come from the file of exporter.yaml before DATABASE_PASSWORD_FILE, and from either before PGPASSWORD', async () => {
    const env = { DATABASE_URL: WITHOUT_PASSWORD, DATABASE_PASSWORD_FILE: file('b', 'from-variable'), PGPASSWORD: 'x' };
    expect(await passwordOf(first(env))).toBe('from-variable');
    expect(await passwordOf(first(env, { passwordFile: file('a', 'from-yaml') }))).toBe('from-yaml');
  });

  it('may come with the whole URL from a file', async () => {
    const url = file('url', `postgres://ops:${SECRET}@db.example.test/portfolio\n`);
    expect(await passwordOf(first({ DATABASE_URL_FILE: url }))).toBe(SECRET);
  });

  it('are in .pgpass of the home directory', async () => {
    file('.pgpass', `db.example.test:5432:portfolio:ops:${SECRET}\n`);
    expect(await passwordOf(first({ DATABASE_URL: WITHOUT_PASSWORD }))).toBe(SECRET);
  });

  it('are given once', () => {
    const both = { DATABASE_URL: `postgres://ops:${SECRET}@db.example.test/portfolio` };
    const message = messageOf(() => settings(both, { passwordFile: file('p', 'other') }));
    expect(message).toContain('keep one');
    expect(message).not.toContain(SECRET);
    expect(messageOf(() => settings({ ...both, DATABASE_URL_FILE: file('u', 'x') }))).toContain('keep one');
  });
});

describe('secrets', () => {
  it.each([
    `postgres://ops:12/${SECRET}@db.example.test/portfolio`,
    `postgres://ops:${SECRET}@more@db.example.test/portfolio`,
    `postgres://ops:%zz${SECRET}@db.example.test/portfolio`,
    `postgres://ops:${SECRET} x@db.example.test/portfolio`,
    `postgres://ops:%00${SECRET}@db.example.test/portfolio`,
    `postgres://ops:%ff${SECRET}@db.example.test/portfolio`,
    `postgres://ops:${SECRET}@db.example.test:port/portfolio`,
    `postgres://ops:${SECRET}@[::1/portfolio`,
    `mysql://ops:${SECRET}@db.example.test/portfolio?a=b`,
    `host=db.example.test password='${SECRET}`,
    `host=db.example.test ${SECRET}=1`,
    `postgres://ops:${SECRET}@db.example.test/portfolio?${SECRET}=1`,
    `postgres://ops:${SECRET}@db.example.test/portfolio?${SECRET}`,
    `postgres://ops:${SECRET}@db.example.test/portfolio?sslmode=${SECRET}`,
    `postgres://ops:${SECRET}@db.example.test/portfolio?service=${SECRET}`,
    `postgres://ops:${SECRET}@db.example.test/portfolio?connect_timeout=${SECRET}`,
    `postgres://ops:${SECRET}@db.example.test/portfolio?hostaddr=${SECRET}`,
    SECRET,
  ])('a bad URL is refused without a word of it (%#)', (url) => {
    let caught: unknown;
    try {
      settings({ DATABASE_URL: url });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(DatabaseSettingsError);
    expect(String(caught)).toMatch(/DATABASE_URL (is|does|has) |the \w+ must/);
    expect(inspect(caught, { depth: 10 })).not.toContain(SECRET);
  });

  it('do not show when the settings are logged', () => {
    const given = settings({ DATABASE_URL: `postgres://ops:${SECRET}@db.example.test/portfolio` });
    for (const shown of [given, given.attempts[0]?.open()]) {
      expect(JSON.stringify(shown)).not.toContain(SECRET);
      expect(inspect(shown, { depth: 10 })).not.toContain(SECRET);
    }
  });
});

describe('certificates', () => {
  const TLS = 'postgres://ops@db.example.test/portfolio?sslmode=verify-full';

  it('are read at each connection, and named with their setting where they cannot be', () => {
    const ca = join(directory, 'ca.pem');
    expect(messageOf(() => first({ DATABASE_URL: TLS, PGSSLROOTCERT: ca }))).toBe(
      `the file ${ca} (PGSSLROOTCERT) cannot be read (ENOENT); put it there, or correct PGSSLROOTCERT`,
    );
    expect(settings({ DATABASE_URL: TLS, PGSSLROOTCERT: ca }).attempts).toHaveLength(1);
    file('ca.pem', 'nothing');
    expect(messageOf(() => first({ DATABASE_URL: TLS, PGSSLROOTCERT: ca }))).toContain('holds no certificate');
    file('ca.pem', CERTIFICATE);
    expect(first({ DATABASE_URL: TLS, PGSSLROOTCERT: ca }).ssl).toMatchObject({ ca: CERTIFICATE });
  });

  it('of the client come with their key, which others may not read', () => {
    const pair = {
      PGSSLROOTCERT: file('ca', CERTIFICATE),
      PGSSLCERT: file('cert', 'cert'),
      PGSSLKEY: file('key', 'key'),
    };
    expect(first({ DATABASE_URL: TLS, ...pair }).ssl).toMatchObject({ ca: CERTIFICATE, cert: 'cert', key: 'key' });
    expect(messageOf(() => first({ DATABASE_URL: TLS, ...pair, PGSSLKEY: '' }))).toContain('set sslkey (PGSSLKEY)');
    const open = join(directory, 'open');
    writeFileSync(open, 'key', { mode: 0o644 });
    expect(messageOf(() => first({ DATABASE_URL: TLS, ...pair, PGSSLKEY: open }))).toContain(`chmod 600 ${open}`);
  });
});

describe('readEnvironment', () => {
  it('knows continuous integration', () => {
    expect(readEnvironment({ CI: 'true' }).isCi).toBe(true);
    expect(readEnvironment({ CI: 'false' }).isCi).toBe(false);
    expect(readEnvironment({}).isCi).toBe(false);
  });
});
