import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { migrate } from '../../../src/database/migrate.js';
import { startEmbeddedServer } from '../../../src/demo/embeddedServer.js';
import type { EmbeddedServer } from '../../../src/demo/embeddedServer.js';
import { startHeart } from '../../../src/demo/startHeart.js';
import { loadDemoPortfolio } from '../demoPortfolio.js';
import { freePort } from '../freePort.js';

const MIGRATIONS = fileURLToPath(new URL('../../../../sql/migrations', import.meta.url));

export interface RestartableDatabase {
  readonly environment: Readonly<Record<string, string>>;
  /** Stops PostgreSQL: connections are refused. */
  stop(): Promise<void>;
  /** Starts it on the same port; the database appears with all its rows in one step. */
  start(): Promise<void>;
}

/**
 * A PostgreSQL server of its own with the demo portfolio and what `prepare` makes of it; the same rows after each start.
 * `passwordFile` is where the exporter finds the present password.
 */
export async function startRestartableDatabase(
  passwordFile: string,
  prepare: (client: Client, url: string) => Promise<void>,
): Promise<RestartableDatabase> {
  const port = await freePort();
  let running: { server: EmbeddedServer; heart: { stop(): Promise<void> } } | null = null;
  const database: RestartableDatabase = {
    environment: {
      DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/portfolio`,
      DATABASE_PASSWORD_FILE: passwordFile,
    },
    async start() {
      if (running !== null) return;
      const server = await startEmbeddedServer({ port, log: () => undefined });
      const admin = new Client({ connectionString: server.url });
      await admin.connect();
      await admin.query('CREATE DATABASE staging');
      const url = server.url.replace(/\/postgres$/, '/staging');
      const client = new Client({ connectionString: url });
      await client.connect();
      await migrate({ client, directory: MIGRATIONS, log: { info: () => undefined, warn: () => undefined } });
      await loadDemoPortfolio({ client });
      await prepare(client, url);
      await client.end();
      await writeFile(passwordFile, `${new URL(server.url).password}\n`);
      await admin.query('ALTER DATABASE staging RENAME TO portfolio');
      await admin.end();
      running = { server, heart: startHeart(server.url.replace(/\/postgres$/, '/portfolio'), () => undefined) };
    },
    async stop() {
      const ending = running;
      running = null;
      // Its connection would be ended by the server otherwise.
      await ending?.heart.stop();
      await ending?.server.stop();
    },
  };
  await database.start();
  return database;
}
