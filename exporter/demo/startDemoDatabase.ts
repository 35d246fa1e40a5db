import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { migrate } from '../src/database/migrate.js';
import type { Configuration } from '../src/app/loadConfiguration.js';
import { startEmbeddedServer } from './embeddedServer.js';
import { fillDemoDatabase } from './fillDemoDatabase.js';
import { fillDemoHistory } from './fillDemoHistory.js';
import { withClient } from './withClient.js';

const DATABASE = 'portfolio';
const HOST = '127.0.0.1';

export interface DemoDatabaseOptions {
  readonly configuration: Configuration;
  /** The folder `sql`. */
  readonly schema: string;
  /** Ends the filling early. */
  readonly signal: AbortSignal;
  readonly log: { readonly debug: (message: string) => void; readonly warn: (message: string) => void };
}

export interface DemoDatabase {
  readonly port: number;
  /** The server's: it goes with the server, also where this process is killed. */
  readonly directory: string;
  /** Connects the superuser to the demo portfolio. */
  readonly adminUrl: string;
  /** Connects the role portfolio_exporter, with a password of its own. */
  readonly exporterUrl: string;
  /** The line that gives a person a session of the superuser; its password is in no process list. */
  readonly psql: string;
  /** Resolves with the server's last log lines when it is gone, whether it was stopped or not. */
  readonly ended: Promise<string>;
  /** Lets a role log in with a new password; returns the URL by which it connects. Throws pg errors. */
  login(role: string): Promise<string>;
  /** Ends the server and removes everything of it. */
  stop(): Promise<void>;
}

/** A throw-away PostgreSQL, migrated and filled with the demo portfolio and its history. Throws what any of it throws. */
export async function startDemoDatabase(options: DemoDatabaseOptions): Promise<DemoDatabase> {
  const { configuration, log } = options;
  const server = await startEmbeddedServer({ log: (message) => log.debug(`postgresql: ${message}`) });
  try {
    const adminUrl = server.url.replace(/\/postgres$/, `/${DATABASE}`);
    const login = (role: string): Promise<string> => giveLogin(adminUrl, role);
    await withClient(server.url, (client) => client.query(`CREATE DATABASE ${DATABASE}`));
    await withClient(adminUrl, async (client) => {
      await migrate({ client, directory: options.schema, log: { info: log.debug, warn: log.warn } });
      await fillDemoDatabase(client, configuration.settings.timeZone);
    });
    const exporterUrl = await login('portfolio_exporter');
    await fillDemoHistory(exporterUrl, configuration, options.signal);
    const passFile = join(server.directory, 'pgpass');
    await writeFile(passFile, `${HOST}:${server.port}:*:postgres:${new URL(server.url).password}\n`, { mode: 0o600 });
    return {
      port: server.port,
      directory: server.directory,
      adminUrl,
      exporterUrl,
      psql: `PGPASSFILE=${passFile} psql -h ${HOST} -p ${server.port} -U postgres ${DATABASE}`,
      ended: server.ended,
      login,
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function giveLogin(adminUrl: string, role: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  await withClient(adminUrl, (client) =>
    client.query(`ALTER ROLE ${escapeIdentifier(role)} LOGIN PASSWORD ${escapeLiteral(password)}`),
  );
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  return url.href;
}
