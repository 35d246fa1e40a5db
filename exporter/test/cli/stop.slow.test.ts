import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConfigDirectory } from '../support/configDirectory.js';
import type { ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { PROGRAM, startProgram } from '../support/startProgram.js';

/** As a server whose machine is gone behind a firewall: it accepts and never answers. */
let silent: Server;
const sockets = new Set<Socket>();
let database: TestDatabase;

beforeAll(async () => {
  silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  database = await createDatabase();
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silent.close();
  await database.drop();
});

/** What each ends with when it is asked to. */
const COMMANDS: readonly { readonly code: number; readonly args: readonly [string, ...string[]] }[] = [
  { code: 1, args: ['check'] },
  { code: 1, args: ['run', 'synergy_value'] },
  { code: 1, args: ['backfill', '--from', '2026-01-01', '--to', '2026-01-02', '--kpi', 'portfolio_performance'] },
  { code: 1, args: ['thresholds', 'history'] },
  { code: 1, args: ['migrate'] },
  { code: 0, args: ['serve', '--web.listen-address', '127.0.0.1:0'] },
  { code: 0, args: ['demo', '--database-only'] },
];

describe('a command that waits for a server that never answers', () => {
  it.each(COMMANDS)('ends when it is asked to, with $code: $args', async ({ code, args }) => {
    const { port } = silent.address() as AddressInfo;
    const asked = once(silent, 'connection');
    // 0: it would wait for ever.
    const env = { DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/portfolio`, PGCONNECT_TIMEOUT: '0' };
    const program = startProgram(args, { env });
    await asked;
    program.kill('SIGTERM');
    const finished = await program.finished;
    expect(finished).toMatchObject({ code, signal: null });
    if (code === 1) expect(finished.stderr).toMatch(/(^|\n)stopped before the end\n$/);
  });
});

/** A name server has port 53, and its address stands in a file of the machine's. */
const mayMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
if (!mayMount) process.stderr.write('not root here: the tests of a silent name server are skipped\n');

describe.skipIf(!mayMount)('a command that waits for a name server that never answers', () => {
  let directory: ConfigDirectory;
  let nameServer: UdpSocket;
  beforeAll(async () => {
    nameServer = createSocket('udp4');
    nameServer.bind(53, '127.0.0.99');
    await once(nameServer, 'listening');
    directory = await createConfigDirectory({
      'resolv.conf': 'nameserver 127.0.0.99\noptions timeout:30 attempts:5\n',
    });
  });
  afterAll(async () => {
    nameServer.close();
    await directory.remove();
  });

  // What the end waits for there is a thread of Node.js, whatever the command.
  it.each(COMMANDS.filter(({ args: [name] }) => name === 'check' || name === 'serve'))(
    'ends when it is asked to, with $code or by the signal: $args',
    async ({ code, args }) => {
      const asked = once(nameServer, 'message');
      const mounted = `mount --bind ${directory.file('resolv.conf')} /etc/resolv.conf && exec "$@"`;
      const program = startProgram(args, {
        env: { DATABASE_URL: 'postgres://nobody@db.example.test/portfolio' },
        command: ['unshare', '-m', 'sh', '-c', mounted, 'sh', process.execPath, PROGRAM],
      });
      await asked;
      program.kill('SIGTERM');
      const finished = await program.finished;
      expect([code, 'SIGTERM']).toContain(finished.signal ?? finished.code);
    },
  );
});

describe('a command that waits for a lock', () => {
  const waiting = async (): Promise<number | null> =>
    (
      await database.client.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
    ).rowCount;
  let holder: Client;
  beforeEach(async () => {
    // Not on the connection that looks: within a transaction the server shows the same activity again.
    holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query(
      'BEGIN; LOCK TABLE ventures, value_capture_log, portfolio_coordination_config_history, portfolio_schema_migrations',
    );
  });
  afterEach(() => holder.end());

  it.each(COMMANDS)('ends with $code, and the server ends what it asked for: $args', async ({ code, args }) => {
    const program = startProgram(args, { env: { DATABASE_URL: database.url } });
    await vi.waitFor(async () => expect(await waiting()).toBeGreaterThan(0), { timeout: 60_000, interval: 20 });
    program.kill('SIGINT');
    const finished = await program.finished;
    expect(finished).toMatchObject({ code, signal: null });
    if (args[0] === 'backfill') expect(finished.stdout).toContain('0 days written');
    await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 60_000, interval: 100 });
  });

  it('ends at once, with 1, on a signal that comes while the first is being handled', async () => {
    const program = startProgram(['serve', '--web.listen-address', '127.0.0.1:0'], {
      env: { DATABASE_URL: database.url },
    });
    await vi.waitFor(async () => expect(await waiting()).toBeGreaterThan(0), { timeout: 60_000, interval: 20 });
    // A second of signals is one wish; the stop would wait two seconds for the runs under way.
    const insisting = setInterval(() => program.kill('SIGTERM'), 100);
    const { code, stderr } = await program.finished;
    clearInterval(insisting);
    expect(code).toBe(1);
    expect(stderr).toContain('msg=stopping');
    expect(stderr).not.toContain('exporter has stopped');
  });
});
