import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordConfiguration } from '../support/recordConfiguration.js';

const GOLDEN = fileURLToPath(new URL('./columns.golden.txt', import.meta.url));
const INSUFFICIENT_PRIVILEGE = '42501';

let database: TestDatabase;
let grafana: Client;
let views: string[];

beforeAll(async () => {
  database = await createDatabase({ template: 'demo' });
  await recordConfiguration(database.client);
  await database.client
    .query(`INSERT INTO portfolio_coordination_config_history (parameter_name, old_value, new_value, changed_by)
                               VALUES ('hourly_rate', '75', '80', 'test')`);
  grafana = new Client({ connectionString: database.url });
  await grafana.connect();
  await grafana.query('SET SESSION AUTHORIZATION portfolio_grafana');
  const { rows } = await grafana.query<{ name: string }>(
    `SELECT viewname AS name FROM pg_views WHERE schemaname = 'portfolio_reporting' ORDER BY viewname COLLATE "C"`,
  );
  views = rows.map(({ name }) => name);
});

afterAll(async () => {
  await grafana.end();
  await database.drop();
});

describe('the role portfolio_grafana', () => {
  it('reads rows from every reporting view', async () => {
    const empty: string[] = [];
    for (const view of views) {
      if ((await grafana.query(`SELECT * FROM portfolio_reporting.${view}`)).rowCount === 0) empty.push(view);
    }
    expect(empty).toEqual([]);
    expect(views.length).toBeGreaterThan(25);
  });

  it('gets the columns and types on which the dashboards rely', async () => {
    const lines: string[] = [];
    for (const view of views) {
      const { fields } = await grafana.query(`SELECT * FROM portfolio_reporting.${view} LIMIT 0`);
      const types = await grafana.query<{ name: string }>(
        `SELECT format_type(type, NULL) AS name FROM unnest($1::oid[]) WITH ORDINALITY AS field (type, n) ORDER BY n`,
        [fields.map(({ dataTypeID }) => dataTypeID)],
      );
      lines.push(view, ...fields.map(({ name }, index) => `  ${name} ${types.rows[index]?.name ?? ''}`));
    }
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(GOLDEN);
  });

  it('reads no table, neither by itself nor through a function of its own', async () => {
    const { rows } = await database.client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(rows.length).toBeGreaterThan(15);
    for (const { name } of rows) {
      await expect(grafana.query(`SELECT FROM public.${name}`)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
    }
  });

  it('calls no function that reads tables by reading a view: it would run with the rights of the reader', async () => {
    const { rows } = await database.client.query<{ view: string; function: string }>(
      `SELECT DISTINCT r.ev_class::regclass::text AS view, d.refobjid::regprocedure::text AS function
         FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
         JOIN pg_class c ON c.oid = r.ev_class AND c.relnamespace = 'portfolio_reporting'::regnamespace
         JOIN pg_proc f ON f.oid = d.refobjid AND f.provolatile <> 'i'
        WHERE d.refclassid = 'pg_proc'::regclass`,
    );
    expect(rows).toEqual([]);
  });
});
