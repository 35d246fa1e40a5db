import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, escapeLiteral } from 'pg';
import type { Logger } from 'pino';
import { readEnvironment } from '../config/environment.js';
import { describeDatabaseError } from '../database/databaseError.js';
import { migrate } from '../database/migrate.js';
import { startEmbeddedServer } from '../demo/embeddedServer.js';
import { fillDemoHistory } from '../demo/fillDemoHistory.js';
import { generatePortfolio } from '../demo/generatePortfolio.js';
import { loadPortfolio } from '../demo/loadPortfolio.js';
import { startHeart } from '../demo/startHeart.js';
import { listen } from '../http/listen.js';
import { loadConfiguration } from '../kpi/loadConfiguration.js';
import type { Configuration, ConfigPaths } from '../kpi/loadConfiguration.js';
import { presentMoment } from '../kpi/moment.js';
import { EXIT_OK } from './io.js';
import type { Io } from './io.js';
import { MIGRATIONS } from './migrate.js';
import { aborted } from './serve.js';
import { startExporter } from './startExporter.js';

export interface DemoOptions {
  readonly paths: ConfigPaths;
  /** 0 takes a free one. */
  readonly port: number;
}

const DATABASE = 'portfolio';
const HOST = '127.0.0.1';

/**
 * `portfolio-exporter demo`: a PostgreSQL of its own, migrated and filled, and the exporter on it as the role
 * portfolio_exporter, until it is asked to end. Nothing outlives it: no process, no file.
 */
export async function demo(options: DemoOptions, io: Io, log: Logger): Promise<number> {
  const listenAddress = { host: HOST, port: options.port };
  // Said before the database has taken its seconds to start.
  await (await listen((_request, response) => response.end(), listenAddress)).stop();
  const configuration = await loadConfiguration(options.paths);
  const server = await startEmbeddedServer({ log: (message) => log.debug({ from: 'postgresql' }, message) });
  try {
    const adminUrl = server.url.replace(/\/postgres$/, `/${DATABASE}`);
    await createDemoDatabase(server.url);
    const exporterUrl = await prepare(adminUrl, { configuration, signal: io.shutdown, log });
    if (io.shutdown.aborted) return EXIT_OK;
    // In the server's directory, which goes with the server even where this process is killed.
    const passFile = join(server.directory, 'pgpass');
    await writeFile(passFile, `${HOST}:${server.port}:*:postgres:${new URL(server.url).password}\n`, { mode: 0o600 });

    const exporter = await startExporter({
      paths: options.paths,
      environment: readEnvironment({ DATABASE_URL: exporterUrl }),
      listenAddress,
      note: { changedBy: 'demo', reason: 'demo portfolio' },
      log,
    });
    const heart = startHeart(adminUrl, (error) =>
      log.warn({ reason: describeDatabaseError(error) }, 'demo heartbeat failed'),
    );
    try {
      const psql = `PGPASSFILE=${passFile} psql -h ${HOST} -p ${server.port} -U postgres ${DATABASE}`;
      io.stdout(greeting(exporter.url, psql));
      const stopListening = io.onHangup(() => void exporter.reload());
      await aborted(io.shutdown);
      stopListening();
    } finally {
      await heart.stop();
      await exporter.stop();
    }
  } finally {
    await server.stop();
  }
  return EXIT_OK;
}

async function createDemoDatabase(url: string): Promise<void> {
  await withClient(url, (client) => client.query(`CREATE DATABASE ${DATABASE}`));
}

/** Migrates and fills the database; returns the URL by which the exporter connects, with a password of its own. */
async function prepare(
  adminUrl: string,
  { configuration, signal, log }: { configuration: Configuration; signal: AbortSignal; log: Logger },
): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  await withClient(adminUrl, async (client) => {
    await migrate({
      client,
      directory: MIGRATIONS,
      log: { info: (message) => log.debug(message), warn: (message) => log.warn(message) },
    });
    const moment = await presentMoment(client, configuration.settings.timeZone);
    await loadPortfolio(client, generatePortfolio({ today: moment.asOf, now: moment.now }));
    await client.query(`ALTER ROLE portfolio_exporter LOGIN PASSWORD ${escapeLiteral(password)}`);
  });
  const url = new URL(adminUrl);
  url.username = 'portfolio_exporter';
  url.password = password;
  await fillDemoHistory(url.href, configuration, signal);
  return url.href;
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
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
