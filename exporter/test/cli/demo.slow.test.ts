import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPassFile } from '../../src/config/passwordSource.js';
import { isReachableByAll } from '../../demo/serverAccount.js';
import { parseMetrics, valueOf } from '../support/metricsText.js';
import { familyOf, listProcesses } from '../support/processes.js';
import type { ProcessEntry } from '../support/processes.js';
import { PROGRAM, runProgram, startProgram } from '../support/startProgram.js';
import type { RunningProgram } from '../support/startProgram.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** A cluster is made, migrated and filled: 20 s on two idle cores is the promise, a machine with other work takes longer. */
const READY_LIMIT_MS = 240_000;
const NODE = process.execPath;
const WHY_NOT_AS_NOBODY = await whyNotAsNobody();

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'portfolio-demo-test-'));
  // Not only this user's: as root, PostgreSQL runs as another one.
  await chmod(directory, 0o777);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Demo {
  readonly program: RunningProgram;
  readonly url: string;
  /** The line that connects psql, as a person would paste it. */
  readonly psql: string;
  /** All its processes, PostgreSQL's included. */
  readonly family: readonly ProcessEntry[];
}

/** Starts a demo whose files all go below the test's directory, and waits until it says what to open. */
async function startDemo(command: readonly [string, ...string[]] = [NODE, PROGRAM, 'demo']): Promise<Demo> {
  const startedAt = performance.now();
  const program = startProgram(['--port', '0'], { command, detached: true, cwd: ROOT, env: { TMPDIR: directory } });
  const match = await program.says(
    /status page +(http:\/\/127\.0\.0\.1:\d+)\/\n[^]*\n +(PGPASSFILE=.*)\n/,
    READY_LIMIT_MS,
  );
  process.stdout.write(`demo: ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  const processes = await listProcesses();
  const family = [...familyOf(program.pid, processes), ...processes.filter(belongsToDirectory)];
  // Node, the supervisor's shell and its watch, the server and its workers.
  expect(family.length).toBeGreaterThan(5);
  return { program, url: match[1] ?? '', psql: match[2] ?? '', family };
}

function belongsToDirectory({ commandLine, workingDirectory }: ProcessEntry): boolean {
  return commandLine.includes(directory) || workingDirectory.startsWith(directory);
}

/** Neither a process of the demo nor a file of it, a moment later. */
async function nothingIsLeft({ family }: Pick<Demo, 'family'>): Promise<void> {
  const left = async (): Promise<string[]> => {
    const processes = await listProcesses();
    const known = new Set(family.map(({ pid, startedAt }) => `${pid} ${startedAt}`));
    return processes
      .filter((entry) => known.has(`${entry.pid} ${entry.startedAt}`) || belongsToDirectory(entry))
      .map(({ pid, commandLine }) => `${pid} ${commandLine}`);
  };
  await expect.poll(left, { interval: 100 }).toEqual([]);
  expect(await readdir(directory)).toEqual([]);
}

/** What a terminal does on Ctrl-C: the signal goes to the whole foreground process group. */
function interrupt({ program }: Demo): void {
  process.kill(-program.pid, 'SIGINT');
}

async function hasData(url: string): Promise<void> {
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { interval: 50 }).toBe(200);
  const samples = parseMetrics(await (await fetch(`${url}/metrics`)).text());
  expect(valueOf(samples, 'portfolio_active_ventures')).toBeGreaterThan(5);
  // Months of history are there too.
  expect(samples.filter(({ metric }) => metric === 'portfolio_kpi_breach_months').length).toBeGreaterThan(0);
  const failed = samples.filter(
    ({ metric, labels, value }) => metric === 'portfolio_kpi_runs_total' && labels['result'] !== 'success' && value > 0,
  );
  expect(failed).toEqual([]);
}

describe('the demo', () => {
  it('shows a portfolio on an own PostgreSQL, and Ctrl-C leaves no process and no file', async () => {
    const demo = await startDemo();
    await hasData(demo.url);
    expect((await fetch(`${demo.url}/`)).status).toBe(200);
    expect(demo.program.stdout()).toContain(`metrics       ${demo.url}/metrics\n`);

    // The printed line gives a person a session in which rows can be changed.
    const [, passFile, port, user, database] =
      /^PGPASSFILE=(\S+) psql -h 127\.0\.0\.1 -p (\d+) -U (\S+) (\S+)$/.exec(demo.psql) ?? [];
    expect(passFile?.startsWith(directory)).toBe(true);
    const target = { host: '127.0.0.1', port: Number(port), database: database ?? '', user: user ?? '' };
    const client = new Client({ ...target, password: readPassFile(passFile ?? '', null, target) ?? '' });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`UPDATE ventures SET status = 'sunset' WHERE false`);
    await client.end();

    // What follows its alerts arrives where its greeting says, and the page of open items is behind the password.
    const [, actionsUrl = '', password = '', mailUrl = ''] =
      /open items +(http:\S+)\/ +\(portfolio, password (\S+)\)\n +caught mail +(http:\S+)\/\n/.exec(
        demo.program.stdout(),
      ) ?? [];
    const mails = async (): Promise<string> => (await fetch(`${mailUrl}/`)).text();
    for (const subject of ['Decision needed: ', 'Your status on ', 'Portfolio report, '])
      await expect.poll(mails, { timeout: READY_LIMIT_MS, interval: 500 }).toContain(subject);
    expect((await fetch(`${actionsUrl}/`)).status).toBe(401);
    const authorization = `Basic ${Buffer.from(`portfolio:${password}`).toString('base64')}`;
    const open = await fetch(`${actionsUrl}/`, { headers: { authorization } });
    expect(await open.text()).toContain('Chairman');

    // A machine that is busy may skip a tick, and say so; nothing fails, and the end has nothing to warn of.
    const before = demo.program.stderr();
    expect(before).not.toMatch(/level=error/);
    interrupt(demo);
    const finished = await demo.program.finished;
    expect(finished).toMatchObject({ code: 0, signal: null });
    expect(finished.stderr.slice(before.length)).not.toMatch(/level=(warn|error)/);
    await nothingIsLeft(demo);
  }, 600_000);

  it('works a second time through npm, which passes Ctrl-C on as well', async () => {
    const demo = await startDemo(['npm', 'run', 'demo', '--']);
    await hasData(demo.url);
    interrupt(demo);
    setTimeout(() => interruptIfThere(demo), 100);
    await demo.program.finished;
    await nothingIsLeft(demo);
    expect(demo.program.stderr()).not.toMatch(/level=error/);
  }, 600_000);

  it('leaves nothing behind when it is killed', async () => {
    const demo = await startDemo();
    demo.program.kill('SIGKILL');
    expect(await demo.program.finished).toMatchObject({ signal: 'SIGKILL' });
    await nothingIsLeft(demo);
  }, 600_000);

  it('leaves nothing behind when it is stopped before it is up', async () => {
    const program = startProgram(['demo', '--port', '0'], { detached: true, env: { TMPDIR: directory } });
    await expect
      .poll(async () => (await listProcesses()).filter(belongsToDirectory).length, { interval: 20 })
      .toBeGreaterThan(0);
    process.kill(-program.pid, 'SIGINT');
    await program.finished;
    await nothingIsLeft({ family: [] });
  }, 600_000);

  it('says that its port is in use before it starts anything', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const result = await runProgram(['demo', '--port', String(port)], { env: { TMPDIR: directory } });
    other.close();
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(`127.0.0.1:${port} is in use by another program`);
    expect(result.stderr).toContain(`for example --port ${port + 1}`);
    expect(await readdir(directory)).toEqual([]);
  });

  it.skipIf(WHY_NOT_AS_NOBODY !== null)(
    'runs for a user without any rights as well',
    async () => {
      const demo = await startDemo(['runuser', '-u', 'nobody', '--', NODE, PROGRAM, 'demo']);
      await hasData(demo.url);
      interrupt(demo);
      await demo.program.finished;
      await nothingIsLeft(demo);
    },
    600_000,
  );
});

function interruptIfThere(demo: Demo): void {
  try {
    interrupt(demo);
  } catch {
    // The whole group is gone already.
  }
}

/** Why the program cannot be run as the account nobody here, said once; null where it can. */
async function whyNotAsNobody(): Promise<string | null> {
  const reason =
    userInfo().uid !== 0
      ? 'this user is no root: every other test here is the test of a normal user'
      : spawnSync('runuser', ['-u', 'nobody', '--', 'true']).status !== 0
        ? 'runuser or the account nobody is missing'
        : (await isReachableByAll(PROGRAM)) && (await isReachableByAll(NODE))
          ? null
          : 'nobody may not enter the checkout';
  if (reason !== null) process.stdout.write(`demo as nobody is left out: ${reason}\n`);
  return reason;
}
