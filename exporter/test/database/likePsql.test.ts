import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseSettings } from '../../src/config/databaseSettings.js';
import { readEnvironment } from '../../src/config/environment.js';
import { connectClient } from '../../src/database/openSession.js';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { startTestServer } from '../support/testServer.js';
import { embeddedBinaries } from '../../demo/serverBinaries.js';
import { findProgram } from '../support/findProgram.js';
import { freePort } from '../support/freePort.js';
import type { TlsServer } from '../support/tlsServer.js';
import { startTlsServer } from '../support/tlsServer.js';
import type { Variables } from './likePsqlRows.js';
import { PASSWORD, ROWS } from './likePsqlRows.js';
import { TLS_ROWS } from './likePsqlTlsRows.js';

/** The program itself: Debian's wrapper of that name chooses a cluster of its own. */
const PSQL = findProgram(['/usr/lib/postgresql/15/bin/psql'], 'postgresql-client-15');
/** Everything about connections is in libpq, which PostgreSQL 18 brings along; psql 15 runs with either. */
const LIBPQ_18 = join(dirname(dirname((await embeddedBinaries()).postgres)), 'lib');
const OURS = { passwordFile: null, maxConnections: 1, connectTimeoutMs: 3_000, probeIntervalMs: 5_000, listen: false };
const ASK = `SELECT concat_ws(' ', current_user, current_database(), coalesce(inet_server_port()::text, 'socket'),
  CASE WHEN ssl THEN 'TLS' ELSE 'plain' END, current_setting('search_path'), current_setting('timezone'),
  CASE WHEN pg_is_in_recovery() THEN 'standby' END, current_setting('transaction_read_only'))
  FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;

type Outcome = { readonly session: string } | { readonly refusal: string };

const directory = mkdtempSync(join(tmpdir(), 'like-psql-'));
chmodSync(directory, 0o777);
const home = join(directory, 'home');
const authorised = join(directory, 'authorised');
let tls: TlsServer;
let standby: EmbeddedServer;
/** Nobody listens there. */
let nobody: number;
/** Takes connections and never says a word. */
const silent = createServer(() => undefined);
const words: Record<string, string> = {};

beforeAll(async () => {
  if (PSQL === null) return;
  tls = await startTlsServer(directory);
  const superuser = new URL(tls.server.url).password;
  await tls.admin.query(`CREATE ROLE "o p+s" LOGIN PASSWORD ${tls.admin.escapeLiteral(PASSWORD)}`);
  await tls.admin.query('CREATE DATABASE "a b+c"');
  await tls.admin.query(`CREATE ROLE reader LOGIN PASSWORD 'reader'`);
  await tls.admin.query('CREATE DATABASE reader');
  await tls.admin.query(`CREATE ROLE brief LOGIN PASSWORD 'x'`);
  await tls.admin.query('ALTER ROLE reader SET default_transaction_read_only = on');
  await tls.admit('local all "o p+s" scram-sha-256');
  await tls.present(tls.certify('server', { names: 'DNS:localhost,DNS:db.example.test' }));
  standby = await startStandby();
  nobody = await freePort();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  for (const [path, certificate] of [
    [home, null],
    [authorised, tls.authority],
  ] as const) {
    mkdirSync(join(path, '.postgresql'), { recursive: true });
    if (certificate !== null) copyFileSync(certificate.certificate, join(path, '.postgresql', 'root.crt'));
  }
  Object.assign(words, {
    PORT: String(tls.server.port),
    STANDBY: String(standby.port),
    NOBODY: String(nobody),
    SILENT: String((silent.address() as { port: number }).port),
    DIR: directory,
    ENCODED_DIR: encodeURIComponent(directory),
    SECRET: superuser,
    STANDBY_SECRET: new URL(standby.url).password,
    PASSWORD: encodeURIComponent(PASSWORD),
    CA: tls.authority.certificate,
    STRANGER: tls.stranger.certificate,
  });
  const pgpass = (name: string, content: string, mode = 0o600): void => {
    const path = join(directory, name);
    writeFileSync(path, fill(content), { mode });
    chmodSync(path, mode);
  };
  const escaped = PASSWORD.replace(/[\\:]/g, (letter) => `\\${letter}`);
  pgpass('pgpass', `# a comment\nother:*:*:*:wrong\n127.0.0.1:{PORT}:*:o p+s:${escaped}\n*:*:*:postgres:{SECRET}\n`);
  pgpass('open-pgpass', `*:*:*:postgres:{SECRET}\n`, 0o644);
  pgpass('both', '*:{PORT}:*:postgres:{SECRET}\n*:{STANDBY}:*:postgres:{STANDBY_SECRET}\n');
  pgpass('first-wins', `*:*:*:postgres:wrong\n*:*:*:postgres:{SECRET}\n`);
  pgpass('escaped-star', String.raw`\*:*:*:postgres:{SECRET}`);
  pgpass('escaped-letters', String.raw`*:*:*:reader:\r\eade\r`);
  pgpass('short', '*:*:*:*:x');
  pgpass('socket-path', `{DIR}:*:*:o p+s:${escaped}\n`);
  pgpass('socket-localhost', `localhost:*:*:o p+s:${escaped}\n`);
  pgpass('by-address', `127.0.0.1:*:*:postgres:wrong\nlocalhost:*:*:postgres:{SECRET}\n`);
});
afterAll(async () => {
  silent.close();
  if (PSQL !== null) await Promise.all([tls.stop(), standby.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

/** A server in recovery without a primary: it answers, and only reads. */
async function startStandby(): Promise<EmbeddedServer> {
  const binaries = await embeddedBinaries();
  const starter = join(directory, 'postgres-standby');
  writeFileSync(starter, `#!/bin/sh\ntouch "$2/standby.signal"\nexec '${binaries.postgres}' "$@"\n`, { mode: 0o755 });
  return startTestServer({ binaries: { ...binaries, postgres: starter } });
}

function fill(text: string): string {
  return text.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? '');
}

function filled(variables: Variables): Record<string, string> {
  return { HOME: home, ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fill(value)])) };
}

async function psql(url: string | null, variables: Variables, library = ''): Promise<Outcome> {
  const target = url === null ? [] : ['-d', fill(url)];
  const env = { PGCONNECT_TIMEOUT: '3', ...filled(variables), ...(library === '' ? {} : { LD_LIBRARY_PATH: library }) };
  try {
    const { stdout } = await promisify(execFile)(PSQL ?? '', ['-XAtwq', ...target, '-c', ASK], { env });
    return { session: stdout.trim() };
  } catch (error) {
    return { refusal: error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error) };
  }
}

async function ours(url: string | null, variables: Variables): Promise<Outcome> {
  const env = { ...filled(variables), ...(url === null ? {} : { DATABASE_URL: fill(url) }) };
  try {
    const client = await connectClient(databaseSettings(readEnvironment(env), OURS));
    try {
      const { rows } = await client.query<{ concat_ws: string }>(ASK);
      return { session: rows[0]?.concat_ws ?? '' };
    } finally {
      await client.end();
    }
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

describe.skipIf(PSQL === null)('the same connection string has the same outcome as psql', () => {
  it.each(Object.entries({ ...ROWS, ...TLS_ROWS }))('%s', async (_, { url = null, env = {}, says, alone, only18 }) => {
    const [with15, with18, with_] = await Promise.all([psql(url, env), psql(url, env, LIBPQ_18), ours(url, env)]);
    const seen = JSON.stringify({ with15, with18, ours: with_ }, null, 1);
    if (only18 !== true) expect('session' in with15, seen).toBe('session' in with18);
    if (alone === true) expect(with18, seen).toHaveProperty('session');
    else if ('session' in with18) expect(with_, seen).toEqual(with18);
    if (says === undefined) expect(with_, seen).toHaveProperty('session');
    else expect('refusal' in with_ ? with_.refusal : '', seen).toMatch(says);
    if (says !== undefined && alone !== true) expect(with18, seen).toHaveProperty('refusal');
    expect(JSON.stringify(with_)).not.toContain(words['SECRET']);
  });
});
