import type { EmbeddedServer } from '../../../demo/embeddedServer.js';
import { startHeart } from '../../../demo/startHeart.js';
import { freePort } from '../freePort.js';
import { startPreparedServer } from '../preparedServer.js';
import type { PreparedServerOptions } from '../preparedServer.js';

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
  prepare: PreparedServerOptions['prepare'],
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
      const server = await startPreparedServer({ port, passwordFile, prepare });
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
