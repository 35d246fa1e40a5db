import { runMigrations } from 'graphile-worker';
import { Pool, type ClientBase } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import { recordLog, SCHEMA_DIRECTORY } from '../support/migrations.js';

/** Tables with columns and constraints, indexes, functions, views, types and triggers of the job engine. */
const DUMP = `
  WITH engine AS (SELECT 'graphile_worker'::regnamespace::oid AS id)
  SELECT format('%s %s', c.oid::regclass, c.relkind) AS line FROM engine JOIN pg_class c ON c.relnamespace = engine.id
  UNION ALL
  SELECT format('%s.%s %s %s %s', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
    FROM engine JOIN pg_class c ON c.relnamespace = engine.id AND c.relkind IN ('r', 'v', 'c')
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  UNION ALL
  SELECT format('%s %s', conname, pg_get_constraintdef(k.oid)) FROM engine JOIN pg_constraint k ON k.connamespace = engine.id
  UNION ALL
  SELECT pg_get_indexdef(indexrelid) FROM engine JOIN pg_class c ON c.relnamespace = engine.id JOIN pg_index ON indrelid = c.oid
  UNION ALL
  SELECT pg_get_triggerdef(t.oid) FROM engine JOIN pg_class c ON c.relnamespace = engine.id JOIN pg_trigger t ON t.tgrelid = c.oid
  UNION ALL
  SELECT pg_get_functiondef(p.oid) FROM engine JOIN pg_proc p ON p.pronamespace = engine.id
  UNION ALL
  SELECT format('%s %s', id, breaking) FROM graphile_worker.migrations
  ORDER BY 1`;

const dump = async (client: ClientBase): Promise<string[]> =>
  (await client.query<{ line: string }>(DUMP)).rows.map(({ line }) => line);

describe('the job engine', () => {
  let ours: TestDatabase;
  beforeAll(async () => {
    ours = await createDatabase();
  });
  afterAll(() => ours.drop());

  const runItsOwn = async (url: string): Promise<void> => {
    const pgPool = new Pool({ connectionString: url });
    await runMigrations({ pgPool });
    await pgPool.end();
  };

  it('has the schema that its own migrate makes, and finds nothing to do', async () => {
    const theirs = await createDatabase({ template: 'empty' });
    await runItsOwn(theirs.url);
    const made = await dump(ours.client);
    expect(made).toEqual(await dump(theirs.client));
    await theirs.drop();
    const login = await createExporterLogin(ours, 'portfolio_actions');
    await runItsOwn(login.url);
    await login.drop();
    expect(await dump(ours.client)).toEqual(made);
  });

  it('that is newer than the program is refused where it says that it breaks', async () => {
    const migrateOurs = () => migrate({ client: ours.client, directory: SCHEMA_DIRECTORY, log: recordLog() });
    await ours.client.query('INSERT INTO graphile_worker.migrations (id, breaking) VALUES (98, false)');
    expect((await migrateOurs()).applied).toEqual([]);
    await ours.client.query('INSERT INTO graphile_worker.migrations (id, breaking) VALUES (99, true)');
    await expect(migrateOurs()).rejects.toThrow('of a newer graphile-worker (99)');
    await ours.client.query('DELETE FROM graphile_worker.migrations WHERE id >= 98');
  });
});
