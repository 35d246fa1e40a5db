import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { runCommand } from '../support/runCommand.js';
import type { Finished } from '../support/startProgram.js';

/** A database with two ventures and a folder for files, for the tests of `import`. */
export interface ImportFixture {
  readonly database: TestDatabase;
  readonly client: Client;
  readonly folder: string;
  /** Writes a file into the folder; gives its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  /** Runs `portfolio-exporter import` as the superuser. */
  load(...args: string[]): Promise<Finished>;
  /** The rows of a query, each as a list of what the database writes. */
  rows(sql: string): Promise<unknown[][]>;
  drop(): Promise<void>;
}

export async function importFixture(): Promise<ImportFixture> {
  const database = await createDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  const { client } = database;
  await client.query(`SET TimeZone = 'UTC'`);
  await client.query(`INSERT INTO ventures (name) VALUES ('Vela Payments'), ('Harbor Health')`);
  return {
    database,
    client,
    folder,
    async file(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    load: (...args) => runCommand(['import', ...args], { env: { DATABASE_URL: database.url } }),
    rows: async (sql) => (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows,
    async drop() {
      await rm(folder, { recursive: true });
      await database.drop();
    },
  };
}
