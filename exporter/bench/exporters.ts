import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startProgram, type ChildProgram } from '../test/support/childProgram.js';
import { freePort } from '../test/support/freePort.js';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const PROGRAM = file('../bin/portfolio-exporter.js');
const CONSTANT_SERVER = file('constantServer.js');
const URL_LINE = /\burl="?(http:\/\/127\.0\.0\.1:\d+)/;

export interface RunningExporter {
  readonly metricsUrl: string;
  readonly program: ChildProgram;
}

/** A Node.js and its flags. */
export interface Runtime {
  readonly node: string;
  readonly flags: readonly string[];
}

/** The flags with which the image runs the exporter. */
export function imageFlags(): string[] {
  const command = /exec node (.*?) ?\/app\/exporter/.exec(readFileSync(file('../Dockerfile'), 'utf8'))?.[1];
  if (command === undefined) throw new Error('exporter/Dockerfile starts no exporter');
  return command.split(' ').filter((flag) => flag !== '');
}

export interface PortfolioExporterOptions {
  readonly runtime: Runtime;
  readonly databaseUrl: string;
  /** null: the shipped exporter.yaml. */
  readonly configFile: string | null;
  /** Flags of Node.js beside those of the runtime. */
  readonly more?: readonly string[];
}

/** The built program, as the image runs it. */
export async function startPortfolioExporter(options: PortfolioExporterOptions): Promise<RunningExporter> {
  const { runtime, databaseUrl, configFile, more = [] } = options;
  const config = configFile === null ? [] : [`--config.file=${configFile}`];
  const args = [...runtime.flags, ...more, PROGRAM, 'serve', '--web.listen-address=127.0.0.1:0', ...config];
  const program = startProgram(runtime.node, args, { DATABASE_URL: databaseUrl, NODE_ENV: 'production' });
  const [, url = ''] = await program.waitForOutput(URL_LINE);
  return { metricsUrl: `${url}/metrics`, program };
}

/** Does `work` beside an exporter that is ready, and ends that in any case. `pollMs`: how often it is asked whether it is. */
export async function withPortfolioExporter<T>(
  options: PortfolioExporterOptions,
  work: (exporter: RunningExporter) => Promise<T>,
  pollMs?: number,
): Promise<T> {
  const exporter = await startPortfolioExporter(options);
  try {
    await untilReady(exporter.metricsUrl, pollMs);
    return await work(exporter);
  } finally {
    await exporter.program.stop();
  }
}

/** `node:http` that sends these bytes. */
export async function startConstantServer(
  { node, flags }: Runtime,
  directory: string,
  page: { readonly plain: Buffer; readonly gzip: Buffer },
): Promise<RunningExporter> {
  const files = [join(directory, 'page.txt'), join(directory, 'page.gz')] as const;
  writeFileSync(files[0], page.plain);
  writeFileSync(files[1], page.gzip);
  const program = startProgram(node, [...flags, CONSTANT_SERVER, ...files], { NODE_ENV: 'production' });
  const [, url = ''] = await program.waitForOutput(URL_LINE);
  return { metricsUrl: `${url}/metrics`, program };
}

/** Resolves when an exporter that was started answers /readyz with 200. */
export async function untilReady(metricsUrl: string, pollMs = 100): Promise<void> {
  const deadline = Date.now() + 60_000;
  const readyUrl = new URL('/readyz', metricsUrl);
  while (Date.now() < deadline) {
    const response = await fetch(readyUrl);
    await response.arrayBuffer();
    if (response.ok) return;
    await delay(pollMs);
  }
  throw new Error('the exporter was not ready within 60 s');
}

export const SQL_EXPORTER = 'prometheus-sql-exporter';

/** The version of Debian's prometheus-sql-exporter, or null where it is not installed. */
export function sqlExporterVersion(): string | null {
  try {
    return execFileSync('dpkg-query', ['-W', '-f', '${Version}', SQL_EXPORTER], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return null;
  }
}

/** The same query at the same interval; like ours it collects in the background and serves what it holds. */
export async function startSqlExporter(
  databaseUrl: string,
  { query, interval, directory }: { query: string; interval: string; directory: string },
): Promise<RunningExporter> {
  const port = await freePort();
  const configuration = join(directory, 'sql-exporter.yml');
  const job = {
    name: 'bench',
    interval,
    connections: [`${databaseUrl}?sslmode=disable`],
    queries: [{ name: 'bench', help: 'Benchmark series.', labels: ['series', 'venture'], values: ['value'], query }],
  };
  // JSON is YAML. The file holds a password.
  writeFileSync(configuration, JSON.stringify({ jobs: [job] }), { mode: 0o600 });
  const address = `127.0.0.1:${port}`;
  const program = startProgram(SQL_EXPORTER, [`-config.file=${configuration}`, `-web.listen-address=${address}`], {
    LOGLEVEL: 'WARN',
  });
  await accepting(port);
  return { metricsUrl: `http://${address}/metrics`, program };
}

async function accepting(port: number): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const answered = await fetch(`http://127.0.0.1:${port}/metrics`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await delay(20);
  }
  throw new Error(`${SQL_EXPORTER} did not listen on port ${port} within 10 s`);
}
