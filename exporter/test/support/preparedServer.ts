import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { migrate } from '../../src/database/migrate.js';
import { startTestServer } from './testServer.js';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { loadDemoPortfolio } from './demoPortfolio.js';

const SCHEMA = fileURLToPath(new URL('../../../sql', import.meta.url));

export interface PreparedServerOptions {
  readonly port: number;
  /** Where an exporter finds the password of this server, which is another one at each start. */
  readonly passwordFile: string;
  /** Works on the demo portfolio before anybody sees it; the URL is the superuser's. */
  readonly prepare: (client: Client, url: string) => Promise<void>;
}

/** A server of its own on the port, whose database `portfolio` appears under its name when it is complete. */
export async function startPreparedServer({
  port,
  passwordFile,
  prepare,
}: PreparedServerOptions): Promise<EmbeddedServer> {
  const server = await startTestServer({ port });
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  await admin.query('CREATE DATABASE staging');
  const url = server.url.replace(/\/postgres$/, '/staging');
  const client = new Client({ connectionString: url });
  await client.connect();
  await migrate({ client, directory: SCHEMA, log: { info: () => undefined, warn: () => undefined } });
  await loadDemoPortfolio({ client });
  await prepare(client, url);
  await client.end();
  await admin.query('ALTER DATABASE staging RENAME TO portfolio');
  await admin.end();
  await writeFile(passwordFile, `${new URL(server.url).password}\n`);
  return server;
}
