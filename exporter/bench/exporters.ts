import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startProgram, type ChildProgram } from '../test/support/childProgram.js';
import { freePort } from '../test/support/freePort.js';

const PROGRAM = fileURLToPath(new URL('../bin/portfolio-exporter.js', import.meta.url));

export interface RunningExporter {
  readonly metricsUrl: string;
  readonly program: ChildProgram;
}

/** The built program, as `npm start` runs it; `configFile` null takes the shipped exporter.yaml. */
export async function startPortfolioExporter(databaseUrl: string, configFile: string | null): Promise<RunningExporter> {
  const config = configFile === null ? [] : [`--config.file=${configFile}`];
  const args = [PROGRAM, 'serve', '--web.listen-address=127.0.0.1:0', ...config];
  const program = startProgram(process.execPath, args, { DATABASE_URL: databaseUrl, NODE_ENV: 'production' });
  const [, url = ''] = await program.waitForOutput(/\burl="?(http:\/\/127\.0\.0\.1:\d+)/);
  return { metricsUrl: `${url}/metrics`, program };
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
  query: string,
  directory: string,
): Promise<RunningExporter> {
  const port = await freePort();
  const file = join(directory, 'sql-exporter.yml');
  const job = {
    name: 'bench',
    interval: '5s',
    connections: [`${databaseUrl}?sslmode=disable`],
    queries: [{ name: 'bench', help: 'Benchmark series.', labels: ['series', 'venture'], values: ['value'], query }],
  };
  // JSON is YAML. The file holds a password.
  writeFileSync(file, JSON.stringify({ jobs: [job] }), { mode: 0o600 });
  const address = `127.0.0.1:${port}`;
  const program = startProgram(SQL_EXPORTER, [`-config.file=${file}`, `-web.listen-address=${address}`], {
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
