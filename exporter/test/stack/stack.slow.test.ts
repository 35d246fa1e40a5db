import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { listProcesses } from '../support/processes.js';
import type { ProcessEntry } from '../support/processes.js';
import { startProgram } from '../support/startProgram.js';
import type { RunningProgram } from '../support/startProgram.js';
import { ROOT } from './composeFile.js';

/** PostgreSQL is made and filled, and four programs start; other tests run beside this one. */
const READY_LIMIT_MS = 240_000;
const FREE_PORTS = ['', 'prometheus-', 'alertmanager-', 'actions-', 'mail-']
  .map((of) => `--${of}port=0`)
  .concat('--no-grafana');

vi.setConfig({ testTimeout: 900_000 });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'portfolio-stack-test-'));
  // Not only this user's: as root, PostgreSQL runs as another one.
  await chmod(directory, 0o777);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function startStack(args: readonly string[] = FREE_PORTS, env: Record<string, string> = {}): RunningProgram {
  return startProgram(args, {
    command: [process.execPath, '--import', 'tsx', 'exporter/scripts/stack/stack.ts'],
    cwd: ROOT,
    detached: true,
    env: { TMPDIR: directory, ...env },
  });
}

/** Programs of the stack, by the directory that all its files are in. */
async function programs(): Promise<ProcessEntry[]> {
  const all = await listProcesses();
  return all.filter((entry) => entry.commandLine.includes(directory) || entry.workingDirectory.startsWith(directory));
}

/** What the stack made, without the compiler's own cache. */
async function files(): Promise<string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith('tsx-'));
}

async function nothingIsLeft(): Promise<void> {
  const left = async (): Promise<string[]> => (await programs()).map(({ commandLine }) => commandLine);
  await expect.poll(left, { timeout: 30_000, interval: 100 }).toEqual([]);
  await expect.poll(files, { timeout: 10_000 }).toEqual([]);
}

/** Numbers of a metric by job. */
async function query(prometheus: string, expression: string): Promise<Record<string, number>> {
  const body: unknown = await (
    await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`)
  ).json();
  const sample = z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) });
  const { data } = z.object({ data: z.object({ result: z.array(sample) }) }).parse(body);
  return Object.fromEntries(data.result.map(({ metric, value }) => [metric['job'] ?? '', Number(value[1])]));
}

describe.skipIf(findAlertingBinaries() === null)('npm run stack', () => {
  it('starts everything on the demo portfolio, tells what it sends, and Ctrl-C leaves no process and no file', async () => {
    const stack = startStack();
    await stack.says(/Ctrl-C stops everything/, READY_LIMIT_MS);
    const address = (name: string): string =>
      new RegExp(`  ${name} +(http://127\\.0\\.0\\.1:\\d+)/\n`).exec(stack.stdout())?.[1] ?? `no ${name}`;
    const prometheus = address('Prometheus');
    const up = { 'portfolio-exporter': 1, 'portfolio-actions': 1, prometheus: 1, alertmanager: 1 };
    await expect.poll(() => query(prometheus, 'up'), { timeout: READY_LIMIT_MS }).toEqual(up);
    await expect
      .poll(() => query(prometheus, 'portfolio_revenue_dollars'), { timeout: READY_LIMIT_MS })
      .toEqual({ 'portfolio-exporter': expect.any(Number) as number });
    expect((await fetch(`${address('status page')}/readyz`)).status).toBe(200);
    const status: unknown = await (await fetch(`${address('Alertmanager')}/api/v2/status`)).json();
    expect(status).toMatchObject({ cluster: { status: 'disabled' } });
    // The demo portfolio has an over-allocated resource: its way to people is complete.
    await stack.says(/^slack #portfolio-alerts \[FIRING · high\] CTO time/m, READY_LIMIT_MS);
    await stack.says(/^mail {2}chairman@example\.test: \[FIRING · high\] CTO time/m, READY_LIMIT_MS);
    // What follows it, too: the Chairman is asked.
    await stack.says(/^mail {2}chairman@example\.test: .*CTO time is allocated at/m, READY_LIMIT_MS);
    const [, mail = ''] = /each mail of Alertmanager is a file in (\S+)\.\s/.exec(stack.stdout()) ?? [];
    expect(await readdir(mail)).toEqual(expect.arrayContaining(['0001.eml', '0001.html']));

    const [, passFile = ''] = /PGPASSFILE=(\S+) psql/.exec(stack.stdout()) ?? [];
    const password = (await readFile(passFile, 'utf8')).trim().split(':').at(-1) ?? '';
    expect(password.length).toBeGreaterThan(20);
    const family = await programs();
    expect(family.length).toBeGreaterThan(8);
    for (const { commandLine } of family) expect(commandLine).not.toContain(password);
    // What differs from the files as they stand is said, and it is addresses only.
    expect(stack.stdout()).toContain(`- - targets: ['exporter:10039']\n`);
    const changed = [...stack.stdout().matchAll(/^ {4}\+ (.*)$/gm)].map(([, line = '']) => line);
    expect(changed.length).toBeGreaterThan(8);
    for (const line of changed)
      expect(line).toMatch(/127\.0\.0\.1|\.yml"|\.tmpl"|slack_api_url|credentials_file|require_tls: false|\[\]/);

    // A machine that is busy may skip a tick, and say so; nothing fails, and the end has nothing to warn of.
    const before = stack.stderr();
    expect(before).not.toMatch(/level=error/);
    process.kill(-stack.pid, 'SIGINT');
    const finished = await stack.finished;
    expect(finished).toMatchObject({ code: 0, signal: null });
    expect(finished.stderr.slice(before.length)).not.toMatch(/level=(warn|error)/);
    await nothingIsLeft();
  });

  it('ends where one of its programs ends, and says which with its last lines', async () => {
    const stack = startStack();
    await stack.says(/Ctrl-C stops everything/, READY_LIMIT_MS);
    const victim = (await programs()).find(
      ({ commandLine }) => commandLine.includes('--storage.tsdb.path') && !commandLine.startsWith('/bin/sh'),
    );
    process.kill(victim?.pid ?? Number.NaN, 'SIGKILL');
    const finished = await stack.finished;
    expect(finished.code).toBe(1);
    expect(finished.stderr).toMatch(/^Prometheus ended with exit code 137; its last lines:\n[^]*Server is ready/m);
    await nothingIsLeft();
  });

  it('leaves nothing even where it is killed', async () => {
    const stack = startStack();
    await stack.says(/Ctrl-C stops everything/, READY_LIMIT_MS);
    stack.kill('SIGKILL');
    await stack.finished;
    await nothingIsLeft();
  });

  it('says that a port is in use before it starts anything', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const finished = await startStack([...FREE_PORTS, `--prometheus-port=${port}`]).finished;
    other.close();
    expect(finished).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `port ${port} of 127.0.0.1 is in use by another program: choose another one with --prometheus-port, 0 for any\n`,
    });
    expect(await files()).toEqual([]);
  });
});

it('npm run stack says which programs are missing, and how to get them', async () => {
  const finished = await startStack(FREE_PORTS, { PATH: '/nonexistent' }).finished;
  expect(finished).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'prometheus is not installed: apt-get install prometheus\n' +
      'alertmanager is not installed: apt-get install prometheus-alertmanager\n',
  });
  expect(await files()).toEqual([]);
});
