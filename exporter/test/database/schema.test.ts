import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, readPending } from '../../src/database/migrate.js';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SCHEMA_DIRECTORY, recordLog } from '../support/migrations.js';
import { postgresVersions } from '../support/postgresVersions.js';
import { dumpSchema, VIEW_BODY } from '../support/schemaDump.js';

const GOLDEN = fileURLToPath(new URL('../../../sql/schema.golden.txt', import.meta.url));

describe.each(postgresVersions())('the migrations on $title', ({ isInstalled, title, start }) => {
  describe.skipIf(!isInstalled)('', () => {
    let server: EmbeddedServer;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    const inEmptyDatabase = async (work: (database: TestDatabase) => Promise<void>): Promise<void> => {
      const database = await createDatabase({ template: 'empty', server: server.url });
      try {
        await work(database);
      } finally {
        await database.drop();
      }
    };
    const run = (database: TestDatabase) =>
      migrate({ client: database.client, directory: SCHEMA_DIRECTORY, log: recordLog() });

    it('make the golden schema', () =>
      inEmptyDatabase(async (database) => {
        await run(database);
        const dump = await dumpSchema(database.client);
        if (title === 'PostgreSQL 18') {
          await expect(dump).toMatchFileSnapshot(GOLDEN);
        } else {
          const withoutBodies = (text: string) => text.split('\n').filter((line) => !VIEW_BODY.test(line));
          expect(withoutBodies(dump)).toEqual(withoutBodies(await readFile(GOLDEN, 'utf8')));
        }
      }));

    it('use an existing, larger ventures table as it is, with a column for the cadence', () =>
      inEmptyDatabase(async (database) => {
        const { client } = database;
        await client.query(`
          CREATE TYPE venture_status AS ENUM ('active', 'paused', 'sunset');
          CREATE TABLE ventures (
            id uuid CONSTRAINT own_key PRIMARY KEY, name varchar(80) NOT NULL, status venture_status NOT NULL,
            lead_name varchar(40), lead_email varchar(80), country char(2) NOT NULL, tags text[], touched integer DEFAULT 0
          );
          CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := NEW.touched + 1; RETURN NEW; END $$;
          CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON ventures FOR EACH ROW EXECUTE FUNCTION touch();
          INSERT INTO ventures (id, name, status, country)
          VALUES ('00000000-0000-4000-8000-000000000001', 'Northwind', 'active', 'NO');`);
        const describeVentures = async () =>
          (await dumpSchema(client)).split(/^(?=\S)/m).filter((part) => part.startsWith('table ventures\n'));
        const before = await describeVentures();
        const rows = await client.query('SELECT * FROM ventures');

        const { applied } = await run(database);

        expect(applied[0]).toBe('0001_baseline');
        // Only that column, the rights to read it and the trigger that announces changes have come; foreign keys of other tables stand at those.
        const added =
          /^ {2}(cadence .*|constraint ventures_cadence_check .*|grant SELECT to portfolio_(?:actions|exporter)|CREATE TRIGGER portfolio_notify_change .*)\n/gm;
        expect((await describeVentures()).map((part) => part.replaceAll(added, ''))).toEqual(before);
        expect((await client.query('SELECT * FROM ventures')).rows).toEqual(
          rows.rows.map((row: object) => ({ ...row, cadence: 'daily' })),
        );
        await client.query(`INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue)
                            SELECT id, '2030-01-01', 50000 FROM ventures WHERE status::text = 'active'`);
        const read = await client.query(
          'SELECT v.name::text, m.monthly_revenue FROM venture_metrics m JOIN ventures v ON v.id = m.venture_id',
        );
        expect(read.rows).toEqual([{ name: 'Northwind', monthly_revenue: '50000.00' }]);
      }));

    it.each([
      {
        name: 'columns are missing',
        ventures: 'CREATE TABLE ventures (id uuid PRIMARY KEY, name text, status text)',
        message: 'lacks: lead_name, lead_email',
      },
      {
        name: 'id is missing and nothing is a key',
        ventures: 'CREATE TABLE ventures (name text, status text, lead_name text, lead_email text)',
        message: 'lacks: id',
      },
      {
        name: 'id is missing and something else is the key',
        ventures:
          'CREATE TABLE ventures (number int PRIMARY KEY, name text, status text, lead_name text, lead_email text)',
        message: 'lacks: id',
      },
      {
        name: 'id has no key',
        ventures: 'CREATE TABLE ventures (id uuid, name text, status text, lead_name text, lead_email text)',
        message: 'no primary key or unique constraint on id',
      },
      {
        name: 'only a deferrable constraint makes id unique',
        ventures: `CREATE TABLE ventures (number int PRIMARY KEY, id uuid UNIQUE DEFERRABLE, name text, status text, lead_name text, lead_email text)`,
        message: 'no primary key or unique constraint on id',
      },
    ])('stop when $name, and the statement in the error mends it', ({ ventures, message }) =>
      inEmptyDatabase(async (database) => {
        await database.client.query(ventures);
        const failure = await run(database).catch((error: unknown) => error);
        if (!(failure instanceof Error)) throw new Error('the migration was expected to fail');
        expect(failure.message).toMatch(/^the existing table public\.ventures /);
        expect(failure.message).toContain(message);
        const { rows } = await database.client.query("SELECT relname FROM pg_class WHERE relname = 'venture_metrics'");
        expect(rows).toEqual([]);

        await database.client.query(failure.message.slice(failure.message.indexOf('fix: ') + 'fix: '.length));
        // What the migrations ask of the table: nothing more is refused, and rows of others can refer to its own.
        expect(await readPending(database.client, SCHEMA_DIRECTORY)).toMatchObject({ problems: [] });
        await database.client.query('CREATE TABLE others (venture_id uuid REFERENCES ventures (id))');
      }),
    );

    it.each([
      {
        name: 'id is not a uuid',
        ventures:
          'CREATE TABLE ventures (id bigint PRIMARY KEY, name text, status text, lead_name text, lead_email text)',
        message: 'is bigint, not uuid',
      },
      {
        name: 'ventures is a view',
        ventures: 'CREATE VIEW ventures AS SELECT gen_random_uuid() AS id',
        message: 'the existing public.ventures is not a table',
      },
    ])('stop when $name; in a schema of its own the portfolio fits beside it', ({ ventures, message }) =>
      inEmptyDatabase(async (database) => {
        await database.client.query(ventures);
        await expect(run(database)).rejects.toThrow(message);
        await database.client.query('CREATE SCHEMA portfolio; SET search_path = portfolio');
        const { applied, adminStatements } = await run(database);
        expect(applied).toContain('portfolio_missing_grants');
        expect(adminStatements).toEqual([]);
        const { rows } = await database.client.query(
          `SELECT relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND relname NOT LIKE 'portfolio_schema_%'`,
        );
        expect(rows).toEqual([{ relname: 'ventures' }]);
      }),
    );
  });
});
