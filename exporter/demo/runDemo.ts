import type { Logger } from 'pino';
import { readEnvironment } from '../src/config/environment.js';
import { describeDatabaseError } from '../src/database/databaseError.js';
import { startDemoDatabase } from './startDemoDatabase.js';
import { startHeart } from './startHeart.js';
import { listen } from '../src/http/listen.js';
import { loadConfiguration } from '../src/app/loadConfiguration.js';
import type { ConfigPaths } from '../src/app/loadConfiguration.js';
import { aborted, EXIT_OK } from '../src/app/io.js';
import type { Io } from '../src/app/io.js';
import { SCHEMA } from '../src/database/schemaPlan.js';
import { startExporter } from '../src/app/startExporter.js';

export interface DemoOptions {
  readonly paths: ConfigPaths;
  /** 0 takes a free one. */
  readonly port: number;
}

/**
 * `portfolio-exporter demo`: a PostgreSQL of its own, migrated and filled, and the exporter on it as the role
 * portfolio_exporter, until it is asked to end. Nothing outlives it: no process, no file.
 */
export async function runDemo(options: DemoOptions, io: Io, log: Logger): Promise<number> {
  const listenAddress = { host: '127.0.0.1', port: options.port };
  // Said before the database has taken its seconds to start.
  const free = await listen(
    (_request, response) => response.end(),
    listenAddress,
    undefined,
    ({ port }) => `--port ${port}`,
  );
  await free.stop();
  const database = await startDemoDatabase({
    configuration: await loadConfiguration(options.paths),
    schema: SCHEMA,
    signal: io.shutdown,
    log: { debug: (message) => log.debug(message), warn: (message) => log.warn(message) },
  });
  try {
    if (io.shutdown.aborted) return EXIT_OK;
    const exporter = await startExporter({
      paths: options.paths,
      environment: readEnvironment({ DATABASE_URL: database.exporterUrl }),
      listenAddress,
      note: { changedBy: 'demo', reason: 'demo portfolio' },
      log,
    });
    const heart = startHeart(database.adminUrl, (error) =>
      log.warn({ reason: describeDatabaseError(error) }, 'demo heartbeat failed'),
    );
    try {
      io.stdout(greeting(exporter.url, database.psql));
      const stopListening = io.onHangup(() => void exporter.reload());
      await aborted(io.shutdown);
      stopListening();
    } finally {
      await heart.stop();
      await exporter.stop();
    }
  } finally {
    await database.stop();
  }
  return EXIT_OK;
}

function greeting(url: string, psql: string): string {
  return `
The demo portfolio is up. Open

  status page   ${url}/
  metrics       ${url}/metrics
  readiness     ${url}/readyz

Change a row and watch the numbers follow (docs/demo-alerts.md has a line for each alert):

  ${psql}

Ctrl-C stops everything and leaves nothing behind.
`;
}
