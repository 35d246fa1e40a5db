import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { finished } from 'node:stream/promises';
import { startEmbeddedServer } from '../demo/embeddedServer.js';
import { migrate } from '../src/database/migrate.js';
import { Client } from 'pg';
import { markdownTable } from './markdownTable.js';

// `npm run bench:import -- [rows]`: rows a second and the peak memory of `import`, of a new table and again without a change.

const ROWS = Number(process.argv[2] ?? 1_000_000);
const VENTURES = 1_000;
const PROGRAM = fileURLToPath(new URL('../bin/portfolio-exporter.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'import-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const server = await startEmbeddedServer({ log: () => undefined });
const client = new Client({ connectionString: server.url });
await client.connect();
try {
  await migrate({
    client,
    directory: fileURLToPath(new URL('../../sql', import.meta.url)),
    log: { info: () => undefined, warn: () => undefined },
  });
  await client.query(`INSERT INTO ventures (name) SELECT 'Venture ' || n FROM generate_series(1, ${VENTURES}) AS n`);
  const file = join(folder, 'venture_metrics.csv');
  await writeRows(file);
  const figures = [];
  for (const what of ['new rows', 'again, unchanged']) figures.push([what, ...(await load(file))]);
  process.stdout.write(
    `${ROWS.toLocaleString('en-US')} rows of venture_metrics, Node.js ${process.version}\n\n` +
      `${markdownTable(['load', 'seconds', 'rows a second', 'CPU seconds of import', 'peak RSS, MB'], figures)}\n`,
  );
} finally {
  await client.end();
  await server.stop();
}

async function writeRows(file: string): Promise<void> {
  const stream = createWriteStream(file);
  stream.write('venture,recorded_at,monthly_revenue,monthly_burn,user_count,stage\n');
  for (let row = 0; row < ROWS; row += 1) {
    const day = new Date(Date.UTC(2020, 0, 1 + Math.floor(row / VENTURES))).toISOString().slice(0, 10);
    const line = `Venture ${(row % VENTURES) + 1},${day},${152_000 + (row % 997)}.25,${58_000 + (row % 499)}.5,${row % 21_400},39\n`;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}

async function load(file: string): Promise<string[]> {
  const start = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'import', file], {
    env: { PATH: process.env['PATH'], DATABASE_URL: server.url },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => Number(code));
  let [peak, ticks, code] = [0, 0, -1];
  while (code < 0) {
    // Both only grow, so the last look before the end has them.
    const [status, stat] = [procFile(child.pid, 'status'), procFile(child.pid, 'stat')];
    peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? peak);
    const fields = stat.split(' ');
    if (stat !== '') ticks = Number(fields[13]) + Number(fields[14]);
    code = await Promise.race([ended, delay(100, -1)]);
  }
  if (code !== 0) throw new Error(`import ended with ${code}`);
  const seconds = (performance.now() - start) / 1000;
  return [
    seconds.toFixed(1),
    Math.round(ROWS / seconds).toLocaleString('en-US'),
    (ticks / 100).toFixed(1),
    (peak / 1024).toFixed(0),
  ];
}

function procFile(pid: number | undefined, name: string): string {
  try {
    return readFileSync(`/proc/${pid ?? 0}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
