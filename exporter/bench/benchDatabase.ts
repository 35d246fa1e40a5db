import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { migrate } from '../src/database/migrate.js';
import { startEmbeddedServer } from '../demo/embeddedServer.js';

const SCHEMA = fileURLToPath(new URL('../../sql', import.meta.url));

export interface BenchDatabase {
  /** By the superuser. */
  readonly client: Client;
  /** By which the exporters connect, as the role portfolio_exporter. */
  readonly exporterUrl: string;
  close(): Promise<void>;
}

export interface BenchServer {
  readonly version: string;
  /** A migrated database without rows. */
  createDatabase(name: string): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

/** A PostgreSQL of the benchmark's own, on 127.0.0.1, gone after stop(). */
export async function startBenchServer(): Promise<BenchServer> {
  const server = await startEmbeddedServer({ log: () => undefined });
  const password = randomBytes(24).toString('base64url');
  const version = await withClient(server.url, async (client) => {
    const result = await client.query<{ server_version: string }>('SHOW server_version');
    return result.rows[0]?.server_version ?? 'unknown';
  });
  return {
    version,
    async createDatabase(name) {
      await withClient(server.url, (client) => client.query(`CREATE DATABASE ${escapeIdentifier(name)}`));
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      const client = new Client({ connectionString: url.href });
      await client.connect();
      await migrate({ client, directory: SCHEMA, log: { info: () => undefined, warn: () => undefined } });
      await client.query(`ALTER ROLE portfolio_exporter LOGIN PASSWORD ${escapeLiteral(password)}`);
      url.username = 'portfolio_exporter';
      url.password = password;
      return { client, exporterUrl: url.href, close: () => client.end() };
    },
    stop: () => server.stop(),
  };
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
