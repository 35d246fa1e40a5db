import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { demoTemplate } from './demoPortfolio.js';
import { MIGRATED_TEMPLATE } from './migratedTemplate.js';

export interface TestDatabase {
  /** Connects the superuser to this database. */
  readonly url: string;
  /** Connected as the superuser. */
  readonly client: Client;
  /** The connection string of another role, with the password if it has one. */
  urlOf(role: string, password?: string): string;
  /** Ends the client and removes the database, with whatever connections are left. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** `migrated` (the default) has every migration, `demo` the demo portfolio too, `empty` nothing. */
  readonly template?: 'migrated' | 'demo' | 'empty';
  /** Superuser URL of another server than the run's own; it has no templates but `empty`. */
  readonly server?: string;
}

/** A database of its own for one test or one file of tests. */
export async function createDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = options.server ?? inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = { migrated: () => MIGRATED_TEMPLATE, demo: () => demoTemplate(server), empty: () => 'template0' };
  await runOnce(
    server,
    `CREATE DATABASE ${name} TEMPLATE ${await template[options.template ?? 'migrated']()} STRATEGY FILE_COPY`,
  );
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.href });
  // Tests end connections from the server's side; a query that waits reports that by itself.
  client.on('error', () => undefined);
  await client.connect();
  return {
    url: url.href,
    client,
    urlOf: (role, password = '') => {
      const other = new URL(url);
      other.username = role;
      other.password = password;
      return other.href;
    },
    drop: async () => {
      await client.end();
      await runOnce(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function runOnce(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
