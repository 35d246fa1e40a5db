import type { Logger } from 'pino';
import { readEnvironment } from '../config/environment.js';
import { describeDatabaseError } from '../database/databaseError.js';
import { startDemoDatabase } from '../../demo/startDemoDatabase.js';
import { startHeart } from '../../demo/startHeart.js';
import { listen } from '../http/listen.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { SCHEMA } from './migrate.js';
import { aborted } from './serve.js';
import { startExporter } from '../app/startExporter.js';

/** `portfolio-exporter demo`. Throws {@link CommandError} where this installation has no demo. */
export async function demo(options: DemoOptions, io: Io, log: Logger): Promise<number> {
  const { runDemo } = await import('../../demo/runDemo.js').catch(explainAbsence);
  return runDemo(options, io, log);
}

/** `portfolio-exporter demo --database-only`. Throws {@link CommandError} where this installation has no demo. */
export async function demoDatabase(options: DemoDatabaseOptions, io: Io, log: Logger): Promise<number> {
  const { runDemoDatabase } = await import('../../demo/runDemoDatabase.js').catch(explainAbsence);
  return runDemoDatabase(options, io, log);
}

function explainAbsence(error: unknown): never {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
  throw new CommandError(
    'this installation has no demo: run it from a checkout (npm ci && npm run demo), or in the image of ' +
      '"docker build --target demo -f exporter/Dockerfile ."',
    { cause: error },
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
