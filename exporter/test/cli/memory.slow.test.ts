import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createConfigDirectory, type ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { startServe, type ServedExporter } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

const MIB = 1024 * 1024;
/** A heap in which none of what follows has room, beside the exporter itself. */
const HEAP_MIB = 80;

let database: TestDatabase;
let config: ConfigDirectory;
let exporter: ServedExporter;
const sockets: Socket[] = [];

const large = (name: string) =>
  testUnit({ metrics: { [`portfolio_${name}`]: 'count' }, labels: ['row_id', 'name'], timeout: '30s' });

beforeAll(async () => {
  database = await createDatabase();
  config = await createConfigDirectory({
    'exporter.yaml': 'shipped_kpis: false\nkpi_directories: [kpis]\njitter: 0s\n',
    'kpis/page.yaml': large('page'),
    'kpis/page.sql': `SELECT g AS row_id, repeat('x', 900) AS name, g AS portfolio_page FROM generate_series(1, 1000) AS g`,
    'kpis/joined.yaml': large('joined'),
    'kpis/joined.sql': `SELECT a.n AS row_id, 'name ' || b.n AS name, a.n AS portfolio_joined
                          FROM generate_series(1, 3000) AS a (n), generate_series(1, 1000) AS b (n)`,
    'kpis/wide.yaml': testUnit({ metrics: { portfolio_wide: 'count' }, labels: ['name'], timeout: '30s' }),
    'kpis/wide.sql': `SELECT repeat('x', 100000000) AS name, 1 AS portfolio_wide`,
    'kpis/long.yaml': large('long'),
    'kpis/long.sql': `SELECT g AS row_id, repeat('x', g * 50000000) AS name, g AS portfolio_long FROM generate_series(0, 2) AS g`,
  });
  exporter = await startServe({
    env: { DATABASE_URL: database.url, NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` },
    args: config.args,
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await exporter.stop();
  await config.remove();
  await database.drop();
});

const runs = (kpi: string, result: string) => exporter.value('portfolio_kpi_runs_total', { kpi, result });

describe('a KPI of more than the memory', () => {
  it.each([
    ['joined', 'more than 1000 series'],
    ['wide', 'label name of portfolio_wide is longer than 1024 bytes in row 1 and tells series apart'],
  ])('%s is invalid_result, and says why', async (kpi, reason) => {
    await vi.waitFor(async () => expect(await runs(kpi, 'invalid_result')).toBeGreaterThan(0), { timeout: 60_000 });
    expect(exporter.program.stderr()).toContain(reason);
  });

  it('silences no other one, and no other row', async () => {
    await vi.waitFor(async () => expect(await runs('long', 'success')).toBeGreaterThan(0), { timeout: 60_000 });
    const samples = await exporter.samples();
    expect(samples.filter(({ metric }) => metric === 'portfolio_page')).toHaveLength(1000);
    const names = samples.filter(({ metric }) => metric === 'portfolio_long').map(({ labels }) => labels['name']);
    expect(names).toEqual(['', `${'x'.repeat(1021)}…`, `${'x'.repeat(1021)}…`]);
  });
});

const PIPELINED = 'GET /metrics HTTP/1.1\r\nHost: exporter\r\n\r\n'.repeat(1500);

async function hostile(count: number, bytes: string): Promise<void> {
  const { hostname, port } = new URL(exporter.url);
  const opened = Array.from({ length: count }, () => {
    // Nothing reads it: without a listener for data it stays paused.
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    sockets.push(socket);
    return new Promise<void>((resolve) =>
      socket.once('connect', () => socket.write(bytes, () => resolve())).once('close', () => resolve()),
    );
  });
  await Promise.all(opened);
}

function peakBytes(): number {
  const status = readFileSync(`/proc/${String(exporter.program.pid)}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

describe.runIf(process.platform === 'linux')('clients that ask and read nothing', () => {
  it.each([
    ['2 that pipeline', 2, PIPELINED],
    ['50 that pipeline', 50, PIPELINED],
    ['500 that pipeline', 500, PIPELINED],
    ['500 that ask once', 500, 'GET /metrics HTTP/1.1\r\nHost: exporter\r\n\r\n'],
    ['500 that never end their request', 500, 'GET /metrics HTTP/1.1\r\nHost: exporter\r\nX-'],
    [
      '50 that send a body without end',
      50,
      `POST /-/reload HTTP/1.1\r\nHost: exporter\r\nContent-Length: 9999999999\r\n\r\n${'x'.repeat(100_000)}`,
    ],
  ])('%s: a scrape gets in, and memory stays', async (_what, count, bytes) => {
    const before = peakBytes();
    await hostile(count, bytes);
    const { status, text } = await exporter.get('/metrics');
    expect(status).toBe(200);
    expect(text.match(/^portfolio_page\{/gm)).toHaveLength(1000);
    expect((await exporter.get('/healthz')).status).toBe(200);
    expect(peakBytes() - before).toBeLessThan(150 * MIB);
    expect(peakBytes()).toBeLessThan(384 * MIB);
  });
});
