import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { ClientConfig } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseSettingsError } from '../../src/config/databaseUrl.js';
import { databaseSettings, describeDatabase, readEnvironment } from '../../src/config/environment.js';
import type { DatabaseConfig } from '../../src/config/exporterConfig.js';

const CONFIG: DatabaseConfig = {
  passwordFile: null,
  maxConnections: 4,
  connectTimeoutMs: 5_000,
  probeIntervalMs: 5_000,
  listen: true,
};
const SECRET = 's3cr3t-word';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'environment-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function settings(env: Record<string, string>, config: Partial<DatabaseConfig> = {}): ClientConfig {
  return databaseSettings(readEnvironment(env), { ...CONFIG, ...config });
}

async function passwordOf({ password }: ClientConfig): Promise<string> {
  if (typeof password !== 'function') {
    throw new Error('the password is not a function');
  }
  return password();
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DatabaseSettingsError) {
      return error.message;
    }
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('databaseSettings', () => {
  it('takes a URL apart', async () => {
    const given = settings({
      DATABASE_URL: `postgresql://ops%40team:p%23%2F%40%25@db.example.test:6432/port%20folio?sslmode=disable&application_name=x&connect_timeout=7`,
    });
    expect(given).toMatchObject({
      host: 'db.example.test',
      port: 6432,
      user: 'ops@team',
      database: 'port folio',
      ssl: false,
      application_name: 'x',
      connectionTimeoutMillis: 7_000,
    });
    expect(await passwordOf(given)).toBe('p#/@%');
  });

  it('has defaults for what the URL leaves out', () => {
    expect(settings({ DATABASE_URL: 'postgres://ops@db.example.test' })).toMatchObject({
      host: 'db.example.test',
      port: 5432,
      user: 'ops',
      database: 'ops',
      ssl: false,
      application_name: 'portfolio-metrics-exporter',
      connectionTimeoutMillis: 5_000,
    });
  });

  it('takes sockets and IPv6 addresses', () => {
    expect(settings({ DATABASE_URL: 'postgres:///portfolio?host=/run/postgresql&user=ops' })).toMatchObject({
      host: '/run/postgresql',
      database: 'portfolio',
      user: 'ops',
    });
    expect(settings({ DATABASE_URL: 'postgres://ops@%2Frun%2Fpostgresql/portfolio' }).host).toBe('/run/postgresql');
    expect(settings({ DATABASE_URL: 'postgres://ops@[::1]:5433/portfolio' })).toMatchObject({
      host: '::1',
      port: 5433,
    });
  });

  it('takes the libpq variables', async () => {
    const given = settings({
      PGHOST: 'db.example.test',
      PGPORT: '6432',
      PGUSER: 'ops',
      PGPASSWORD: SECRET,
      PGDATABASE: 'portfolio',
      PGOPTIONS: '-c search_path=portfolio',
      PGAPPNAME: 'name',
      PGCONNECT_TIMEOUT: '3',
      PGSSLMODE: 'require',
    });
    expect(given).toMatchObject({
      host: 'db.example.test',
      port: 6432,
      user: 'ops',
      database: 'portfolio',
      options: '-c search_path=portfolio',
      application_name: 'name',
      connectionTimeoutMillis: 3_000,
      ssl: { rejectUnauthorized: false },
    });
    expect(await passwordOf(given)).toBe(SECRET);
  });

  it('lets the URL win over the variables, part by part', async () => {
    const given = settings({
      DATABASE_URL: 'postgres://ops@db.example.test/portfolio',
      PGHOST: 'other.example.test',
      PGPORT: '6432',
      PGUSER: 'other',
      PGPASSWORD: SECRET,
      PGDATABASE: 'other',
    });
    expect(given).toMatchObject({ host: 'db.example.test', port: 6432, user: 'ops', database: 'portfolio' });
    expect(await passwordOf(given)).toBe(SECRET);
  });

  it('counts an empty variable as not set', () => {
    expect(settings({ DATABASE_URL: '', PGHOST: 'db.example.test', PGUSER: 'ops', PGPORT: '' })).toMatchObject({
      port: 5432,
    });
  });

  it('takes the user of the operating system as libpq does', () => {
    expect(settings({ PGHOST: '/run/postgresql', USER: 'someone' })).toMatchObject({
      user: 'someone',
      database: 'someone',
    });
    expect(messageOf(() => settings({ PGHOST: '/run/postgresql' }))).toContain('no database user is given');
  });

  it('says what to set where nothing is set', () => {
    expect(messageOf(() => settings({ USER: 'someone' }))).toBe(
      'no database is given: set DATABASE_URL, or PGHOST, PGDATABASE and PGUSER',
    );
    expect(messageOf(() => settings({ PGSERVICE: 'x' }))).toContain('PGSERVICE is not supported');
    expect(messageOf(() => settings({ PGHOST: 'a,b', PGUSER: 'ops' }))).toContain('several hosts');
    expect(messageOf(() => settings({ PGHOST: 'a', PGUSER: 'ops', PGPORT: '70000' }))).toContain('port must be');
    expect(messageOf(() => settings({ PGHOST: 'a', PGUSER: 'ops', PGCONNECT_TIMEOUT: 'x' }))).toContain(
      'connect_timeout must be',
    );
  });
});

describe('passwords', () => {
  const URL_WITHOUT = 'postgres://ops@db.example.test/portfolio';

  it('reads a password file at each connection', async () => {
    const passwordFile = file('password', `${SECRET}\n`);
    const given = settings({ DATABASE_URL: URL_WITHOUT }, { passwordFile });
    expect(await passwordOf(given)).toBe(SECRET);
    writeFileSync(passwordFile, 'rotated\r\n');
    expect(await passwordOf(given)).toBe('rotated');
  });

  it('prefers the file of exporter.yaml over DATABASE_PASSWORD_FILE, and either over PGPASSWORD', async () => {
    const env = { DATABASE_URL: URL_WITHOUT, DATABASE_PASSWORD_FILE: file('b', 'from-variable'), PGPASSWORD: 'x' };
    expect(await passwordOf(settings(env))).toBe('from-variable');
    expect(await passwordOf(settings(env, { passwordFile: file('a', 'from-yaml') }))).toBe('from-yaml');
  });

  it('keeps the spaces of a password', async () => {
    expect(await passwordOf(settings({ DATABASE_URL: URL_WITHOUT }, { passwordFile: file('a', ' a b \n') }))).toBe(
      ' a b ',
    );
  });

  it('reads a whole URL from a file', async () => {
    const given = settings({ DATABASE_URL_FILE: file('url', `postgres://ops:${SECRET}@db.example.test/portfolio\n`) });
    expect(describeDatabase(given)).toBe('ops@db.example.test:5432/portfolio');
    expect(await passwordOf(given)).toBe(SECRET);
  });

  it('reads PGPASSFILE as libpq does: the first line that matches', async () => {
    const passFile = file(
      'pgpass',
      [
        '# db.example.test:5432:portfolio:ops:comment',
        'other.example.test:5432:portfolio:ops:other-host',
        'db.example.test:5433:*:*:other-port',
        String.raw`db.example.test:*:portfolio:ops:with\:colon\\`,
        '*:*:*:*:last',
      ].join('\n'),
    );
    expect(await passwordOf(settings({ DATABASE_URL: URL_WITHOUT, PGPASSFILE: passFile }))).toBe('with:colon\\');
    expect(await passwordOf(settings({ PGHOST: 'else.example.test', PGUSER: 'ops', PGPASSFILE: passFile }))).toBe(
      'last',
    );
  });

  it('knows a socket as localhost, and the file in the home directory', async () => {
    file('.pgpass', `localhost:5432:portfolio:ops:${SECRET}\n`);
    const env = { PGHOST: '/run/postgresql', PGDATABASE: 'portfolio', PGUSER: 'ops', HOME: directory };
    expect(await passwordOf(settings(env))).toBe(SECRET);
  });

  it('fails with a reason where the server asks and no password is given', async () => {
    await expect(passwordOf(settings({ DATABASE_URL: URL_WITHOUT, HOME: directory }))).rejects.toThrow('none is given');
    await expect(passwordOf(settings({ DATABASE_URL: URL_WITHOUT, PGPASSFILE: '/nowhere' }))).rejects.toThrow(
      'the password file /nowhere cannot be read (ENOENT)',
    );
  });

  it.each([
    ['missing', null, 'cannot be read (ENOENT)'],
    ['empty', '', 'is empty'],
    ['only a line break', '\n', 'is empty'],
    ['of several lines', `${SECRET}\nmore\n`, 'has more than one line'],
  ])('refuses a password file that is %s, at once', (_what, content, reason) => {
    const passwordFile = content === null ? join(directory, 'gone') : file('p', content);
    const message = messageOf(() => settings({ DATABASE_URL: URL_WITHOUT }, { passwordFile }));
    expect(message).toContain(passwordFile);
    expect(message).toContain(reason);
    expect(message).not.toContain(SECRET);
  });

  it('refuses two passwords and two URLs', () => {
    const both = { DATABASE_URL: `postgres://ops:${SECRET}@db.example.test/portfolio` };
    const message = messageOf(() => settings(both, { passwordFile: file('p', 'other') }));
    expect(message).toContain('keep one');
    expect(message).not.toContain(SECRET);
    expect(messageOf(() => settings({ ...both, DATABASE_URL_FILE: file('u', 'x') }))).toContain('keep one');
  });
});

describe('secrets', () => {
  it.each([
    `postgres://ops:${SECRET}#x@db.example.test/portfolio`,
    `postgres://ops:12/${SECRET}@db.example.test/portfolio`,
    `postgres://ops:12?${SECRET}@db.example.test/portfolio`,
    `postgres://ops:12#${SECRET}@db.example.test/portfolio`,
    `postgres://ops:%zz${SECRET}@db.example.test/portfolio`,
    `postgres://ops:${SECRET}@db.example.test:port/portfolio`,
    `mysql://ops:${SECRET}@db.example.test/portfolio`,
    `host=db.example.test password=${SECRET}`,
    `postgres://ops:${SECRET}@db.example.test/portfolio?${SECRET}=1`,
    `postgres://ops:${SECRET}@db.example.test/portfolio?sslmode=${SECRET}`,
    SECRET,
  ])('a bad URL is refused without a word of it (%#)', (url) => {
    let caught: unknown;
    try {
      settings({ DATABASE_URL: url, USER: 'someone' });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(DatabaseSettingsError);
    expect(String(caught)).toMatch(/DATABASE_URL (is|does|has) |the sslmode must/);
    expect(inspect(caught, { depth: 10 })).not.toContain(SECRET);
  });

  it('do not show when the settings are logged', () => {
    const given = settings({ DATABASE_URL: `postgres://ops:${SECRET}@db.example.test/portfolio` });
    expect(JSON.stringify(given)).not.toContain(SECRET);
    expect(inspect(given, { depth: 10 })).not.toContain(SECRET);
    expect(describeDatabase(given)).toBe('ops@db.example.test:5432/portfolio');
  });
});

describe('TLS', () => {
  const ssl = (query: string) => settings({ DATABASE_URL: `postgres://ops@db.example.test/portfolio?${query}` }).ssl;

  it('follows libpq', () => {
    const ca = file('ca.pem', 'certificate');
    expect(ssl('sslmode=disable')).toBe(false);
    expect(ssl('sslmode=require')).toEqual({ rejectUnauthorized: false });
    expect(ssl('sslmode=verify-full')).toEqual({ rejectUnauthorized: true });
    expect(ssl(`sslmode=verify-full&sslrootcert=${ca}`)).toEqual({ rejectUnauthorized: true, ca: 'certificate' });
    expect(ssl('sslmode=verify-full&sslrootcert=system')).toEqual({ rejectUnauthorized: true });
    expect(ssl(`sslmode=verify-ca&sslrootcert=${ca}`)).toMatchObject({ rejectUnauthorized: true, ca: 'certificate' });
    expect(ssl(`sslmode=require&sslrootcert=${ca}`)).toMatchObject({ rejectUnauthorized: true, ca: 'certificate' });
    expect(ssl(`sslmode=require&sslcert=${ca}&sslkey=${ca}`)).toMatchObject({
      cert: 'certificate',
      key: 'certificate',
    });
  });

  it('refuses what it cannot do', () => {
    expect(messageOf(() => ssl('sslmode=prefer'))).toBe(
      'the sslmode must be one of disable, require, verify-ca, verify-full',
    );
    expect(messageOf(() => ssl('sslmode=verify-full&sslrootcert=/nowhere.pem'))).toContain(
      '/nowhere.pem cannot be read',
    );
  });
});

describe('readEnvironment', () => {
  it('knows continuous integration', () => {
    expect(readEnvironment({ CI: 'true' }).isCi).toBe(true);
    expect(readEnvironment({ CI: 'false' }).isCi).toBe(false);
    expect(readEnvironment({}).isCi).toBe(false);
  });
});
