import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../src/database/migrate.js';
import { rowSecurityWarnings } from '../../src/database/rowSecurity.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { SCHEMA_DIRECTORY, recordLog } from '../support/migrations.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

const WARNING =
  /^public\.ventures has row-level security and no policy for portfolio_actions and portfolio_exporter: its queries see no row of it and say nothing; fix: (CREATE POLICY .*;)$/;

it('tells of a table whose rows nobody lets the exporter see, and its cure shows them', async () => {
  const { client } = database;
  const seen = async (): Promise<number | null> => {
    await client.query('BEGIN; SET LOCAL ROLE portfolio_exporter');
    const { rowCount } = await client.query('SELECT FROM ventures');
    await client.query('COMMIT');
    return rowCount;
  };
  await client.query(`INSERT INTO ventures (name, status) VALUES ('x', 'active')`);
  expect(await rowSecurityWarnings(client)).toEqual([]);

  // Policies that are for others, or only for writing, or only restrict.
  await client.query(`ALTER TABLE ventures ENABLE ROW LEVEL SECURITY;
    CREATE POLICY one ON ventures FOR INSERT TO PUBLIC WITH CHECK (true);
    CREATE POLICY two ON ventures FOR SELECT TO portfolio_grafana USING (true);
    CREATE POLICY three ON ventures AS RESTRICTIVE FOR SELECT TO PUBLIC USING (true)`);
  expect(await seen()).toBe(0);
  const log = recordLog();
  await migrate({ client, directory: SCHEMA_DIRECTORY, log });
  expect(log.warnings).toEqual([expect.stringMatching(WARNING)]);

  await client.query(WARNING.exec(log.warnings[0] ?? '')?.[1] ?? '');
  expect(await seen()).toBe(1);
  expect(await rowSecurityWarnings(client)).toEqual([]);
});
