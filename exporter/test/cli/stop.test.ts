import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { startProgram } from '../support/startProgram.js';

vi.setConfig({ testTimeout: 60_000 });

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

describe('a command that waits for a server that never answers', () => {
  it.each([
    ['check'],
    ['run', 'synergy_value'],
    ['backfill', '--from', '2026-01-01', '--to', '2026-01-02'],
    ['thresholds', 'history'],
    ['migrate'],
  ])('ends when it is asked to: %s', async (...args) => {
    const { port } = silent.address() as AddressInfo;
    const asked = once(silent, 'connection');
    // 0: it would wait for ever.
    const env = { DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/portfolio`, PGCONNECT_TIMEOUT: '0' };
    const program = startProgram(args, { env });
    await asked;
    program.kill('SIGTERM');
    expect(await program.finished).toMatchObject({
      code: 1,
      signal: null,
      stderr: expect.stringMatching(/(^|\n)stopped before the end\n$/) as unknown,
    });
  });
});

describe('a command that waits for a lock', () => {
  it.each([
    ['SIGINT', 'run', 'synergy_value'],
    ['SIGTERM', 'backfill', '--from', '2026-01-01', '--to', '2026-01-02', '--kpi', 'portfolio_performance'],
  ] as const)('ends on %s, and the server ends what it asked for: %s', async (signal, ...args) => {
    const waiting = async (): Promise<number | null> =>
      (
        await database.client.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
      ).rowCount;
    // Not on the connection that looks: within a transaction the server shows the same activity again.
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE ventures, value_capture_log');
    try {
      const program = startProgram(args, { env: { DATABASE_URL: database.url } });
      await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 20_000, interval: 20 });
      program.kill(signal);
      const { code, stdout } = await program.finished;
      expect(code).toBe(1);
      if (args[0] === 'backfill') expect(stdout).toContain('0 days written');
      await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 20_000, interval: 100 });
    } finally {
      await holder.end();
    }
  });
});
