import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainError } from '../../src/cli/explainError.js';
import { migrate, readPending } from '../../src/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SCHEMA_DIRECTORY, recordLog } from '../support/migrations.js';

const VENTURES = 'name text, status text, lead_name text, lead_email text';
const OWN_SCHEMA = /^a schema of its own, beside what is there: CREATE SCHEMA portfolio AUTHORIZATION /;

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase({ template: 'empty' });
});
afterEach(() => database.drop());

async function objects(): Promise<string[]> {
  const { rows } = await database.client.query<{ name: string }>(
    `SELECT relname || ' ' || relnamespace::regnamespace AS name FROM pg_class WHERE relnamespace >= 16384 OR oid >= 16384 ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** What `migrate` and its dry run refuse, which must be the same and leave nothing. */
async function refused(url = database.url): Promise<string[]> {
  const before = await objects();
  const [real, dry] = await Promise.all(
    [false, true].map((dryRun) =>
      migrate({ config: { connectionString: url }, directory: SCHEMA_DIRECTORY, log: recordLog(), dryRun }).then(
        ({ applied, pending }) => `not refused: ${[...applied, ...pending].join(', ')}`,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    ),
  );
  expect(await objects()).toEqual(before);
  expect(dry).toBe(real);
  return (dry ?? '').split('\n');
}

describe('migrate and its dry run refuse', () => {
  it.each([
    ['a view', 'CREATE VIEW ventures AS SELECT gen_random_uuid() AS id'],
    ['a materialized view', 'CREATE MATERIALIZED VIEW ventures AS SELECT gen_random_uuid() AS id'],
    [
      'a foreign table',
      `CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN TABLE ventures (id uuid) SERVER files OPTIONS (filename '/dev/null')`,
    ],
    ['a sequence', 'CREATE SEQUENCE ventures'],
    ['a composite type', 'CREATE TYPE ventures AS (id uuid)'],
    ['an index', 'CREATE TABLE other (id uuid); CREATE INDEX ventures ON other (id)'],
  ])('%s named ventures', async (_what, sql) => {
    // Not every build of the server has file_fdw.
    const { rowCount } = await database.client.query(`SELECT FROM pg_available_extensions WHERE name = 'file_fdw'`);
    if (rowCount === 0 && sql.includes('file_fdw')) return;
    await database.client.query(sql);
    expect(await refused()).toEqual([
      'the existing public.ventures is not a table, so the portfolio tables cannot refer to its rows; fix: a schema of its own',
      expect.stringMatching(OWN_SCHEMA),
    ]);
  });

  it.each([
    ['a table', 'CREATE TABLE kpi_history (x int)', 'a table public.kpi_history', 'TABLE public.kpi_history'],
    [
      'a partitioned table',
      'CREATE TABLE kpi_history (x int) PARTITION BY LIST (x)',
      'a partitioned table public.kpi_history',
      'TABLE public.kpi_history',
    ],
    [
      'a view',
      'CREATE VIEW venture_metrics AS SELECT 1',
      'a view public.venture_metrics',
      'VIEW public.venture_metrics',
    ],
    [
      'an index named like one of ours',
      'CREATE TABLE x (x int); CREATE INDEX kpi_history_day_idx ON x (x)',
      'an index public.kpi_history_day_idx',
      'INDEX public.kpi_history_day_idx',
    ],
    [
      'an enum',
      `CREATE TYPE resource_conflicts AS ENUM ('a')`,
      'a type public.resource_conflicts',
      'TYPE public.resource_conflicts',
    ],
    ['an enum named ventures', `CREATE TYPE ventures AS ENUM ('a')`, 'a type public.ventures', 'TYPE public.ventures'],
    [
      'a domain',
      'CREATE DOMAIN synergy_initiatives AS int',
      'a type public.synergy_initiatives',
      'TYPE public.synergy_initiatives',
    ],
    [
      'a function',
      `CREATE FUNCTION portfolio_missing_grants() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      'a function public.portfolio_missing_grants()',
      'FUNCTION public.portfolio_missing_grants()',
    ],
    [
      'a function that the same call finds',
      `CREATE FUNCTION portfolio_missing_grants(x int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      'a function public.portfolio_missing_grants(x integer)',
      'FUNCTION public.portfolio_missing_grants(x integer)',
    ],
    [
      'a procedure',
      `CREATE PROCEDURE portfolio_apply_grants() LANGUAGE sql AS 'SELECT 1'`,
      'a procedure public.portfolio_apply_grants()',
      'PROCEDURE public.portfolio_apply_grants()',
    ],
    ...['portfolio_schema_migrations'].flatMap((name) => [
      [`a ${name} of others`, `CREATE TABLE ${name} (x int)`, `a table public.${name}`, `TABLE public.${name}`],
      [`a view ${name}`, `CREATE VIEW ${name} AS SELECT 1`, `a view public.${name}`, `VIEW public.${name}`],
      [`an enum ${name}`, `CREATE TYPE ${name} AS ENUM ('a')`, `a type public.${name}`, `TYPE public.${name}`],
    ]),
  ])('%s where the portfolio creates its own', async (_what, sql, found, altered) => {
    await database.client.query(sql);
    expect(await refused()).toEqual([
      `${found} exists already, where the portfolio creates its own; fix: ALTER ${altered} RENAME TO <another name>; or a schema of its own`,
      expect.stringMatching(OWN_SCHEMA),
    ]);
    await database.client.query(`ALTER ${altered} RENAME TO somebody_elses`);
    expect(await readPending(database.client, SCHEMA_DIRECTORY)).toMatchObject({ problems: [] });
  });

  it('one of each kind, and with the names of the cure the migrations apply', async () => {
    await database.client.query(`
      CREATE TABLE kpi_history (x int); CREATE VIEW venture_metrics AS SELECT 1; CREATE TYPE resource_conflicts AS ENUM ('a');
      CREATE DOMAIN synergy_initiatives AS int; CREATE TABLE x (x int); CREATE INDEX kpi_history_day_idx ON x (x);
      CREATE FUNCTION portfolio_missing_grants(x int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE PROCEDURE portfolio_apply_grants() LANGUAGE sql AS 'SELECT 1'; CREATE TABLE portfolio_schema_migrations (x int)`);
    const cures = (await refused()).flatMap((problem) => /; fix: (ALTER .*) <another name>/.exec(problem)?.[1] ?? []);
    expect(cures).toHaveLength(8);
    for (const [index, cure] of cures.entries()) await database.client.query(`${cure} somebody_elses_${index}`);
    const { applied, adminStatements } = await migrate({
      client: database.client,
      directory: SCHEMA_DIRECTORY,
      log: recordLog(),
    });
    expect(applied).toContain('0001_baseline');
    expect(adminStatements).toEqual([]);
  });

  it.each(['LATIN1', 'EUC_JP'])('a database in %s, by its encoding and with what to do', async (encoding) => {
    const name = `${encoding.toLowerCase()}_${randomBytes(8).toString('hex')}`;
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    await database.client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`);
    try {
      expect(await refused(url.href)).toEqual([
        expect.stringMatching(
          new RegExp(`^the database ${name} is encoded in ${encoding}, .*; fix: a database in UTF8 \\(CREATE DATABASE`),
        ),
      ]);
    } finally {
      await database.client.query(`DROP DATABASE ${name}`);
    }
  });

  it('a schema of the name of its own, whatever is in it', async () => {
    await database.client.query(
      'CREATE SCHEMA portfolio_reporting; CREATE VIEW portfolio_reporting.thresholds AS SELECT 1',
    );
    expect(await refused()).toEqual([
      expect.stringMatching(
        /^a schema portfolio_reporting that is not the portfolio's exists already; fix: ALTER SCHEMA portfolio_reporting RENAME TO/,
      ),
    ]);
  });

  it('everything at once, and the cure in the last line is the whole of it', async () => {
    await database.client.query(`
      CREATE TABLE ventures (id bigint PRIMARY KEY, name json, status int, lead_name text);
      CREATE TABLE kpi_history (x int);
      CREATE TABLE portfolio_coordination_config (x int)`);
    const problems = await refused();
    expect(problems.map((problem) => problem.split(';')[0])).toEqual([
      'the existing table public.ventures lacks: lead_email',
      'the column id of the existing table public.ventures is bigint, not uuid, by which the portfolio tables refer to it',
      'the column name is json in the existing table public.ventures, not text',
      'a table public.kpi_history exists already, where the portfolio creates its own',
      'a table public.portfolio_coordination_config exists already, where the portfolio creates its own',
      'the column status of the existing table public.ventures is integer, not text or an enum: no venture would count as active',
      expect.stringMatching(OWN_SCHEMA),
    ]);
    const cure = problems.at(-1)?.replace(/^[^:]*: /, '') ?? '';
    expect(cure).toMatch(/ALTER ROLE portfolio_exporter IN DATABASE \w+ SET search_path = portfolio; /);
    expect(cure).toMatch(/ALTER ROLE portfolio_grafana IN DATABASE \w+ SET search_path = portfolio;$/);
    await database.client.query(cure);
    const config = { connectionString: database.url };
    const result = await migrate({ config, directory: SCHEMA_DIRECTORY, log: recordLog() });
    expect(result.adminStatements).toEqual([]);
    expect(result.applied).toContain('0001_baseline');
  });

  it('a role that may not create anything, with the statements that let it', async () => {
    const role = `poor_${(await database.client.query<{ oid: number }>('SELECT oid FROM pg_database ORDER BY oid DESC LIMIT 1')).rows[0]?.oid}`;
    await database.client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'poor'`);
    try {
      const url = database.urlOf(role, 'poor');
      const problems = await refused(url);
      expect(problems).toEqual([
        expect.stringContaining(
          `the role ${role} may not create tables in schema public; fix: GRANT CREATE ON SCHEMA public TO ${role};`,
        ),
        expect.stringMatching(
          new RegExp(`^the role ${role} may not create schemas in database .*; fix: GRANT CREATE ON DATABASE`),
        ),
      ]);
      for (const problem of problems) await database.client.query(problem.replace(/^.*; fix: /, ''));
      const result = await migrate({
        config: { connectionString: url },
        directory: SCHEMA_DIRECTORY,
        log: recordLog(),
      });
      expect(result.applied).not.toEqual([]);
    } finally {
      await database.client.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
    }
  });

  it.each([
    [
      `CREATE UNLOGGED TABLE ventures (id uuid PRIMARY KEY, ${VENTURES})`,
      /^the existing table public\.ventures is unlogged.*; fix: (ALTER TABLE public\.ventures SET LOGGED;)$/,
    ],
    [
      `CREATE TABLE ventures (id uuid PRIMARY KEY, ${VENTURES});
       CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER portfolio_notify_change AFTER INSERT ON ventures EXECUTE FUNCTION f()`,
      /^the existing table public\.ventures has a trigger portfolio_notify_change.*; fix: (ALTER TRIGGER .*;)$/,
    ],
  ])('ventures that the migrations cannot work with: %s', async (sql, problem) => {
    await database.client.query(sql);
    const problems = await refused();
    expect(problems).toEqual([expect.stringMatching(problem)]);
    await database.client.query((problem.exec(problems[0] ?? '')?.[1] ?? '').replace('<another name>', 'another'));
    await expect(
      migrate({ client: database.client, directory: SCHEMA_DIRECTORY, log: recordLog() }),
    ).resolves.toMatchObject({ adminStatements: [] });
  });

  it.each(['pg_temp', 'pg_catalog', 'information_schema'])('a search_path that leads to %s', async (schema) => {
    const { rows } = await database.client.query<{ name: string }>('SELECT current_database() AS name');
    await database.client.query(`ALTER DATABASE ${rows[0]?.name} SET search_path = ${schema}, public`);
    expect(await refused()).toEqual([
      `the search_path leads to ${schema}, which belongs to the server: set search_path for this role to a schema of yours`,
    ]);
  });

  it('what only the server finds, as migrate says it', async () => {
    await database.client.query(
      `CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not on weekdays'; END $$;
       CREATE EVENT TRIGGER refuse ON ddl_command_start EXECUTE FUNCTION refuse()`,
    );
    const failure: unknown = await migrate({
      config: { connectionString: database.url },
      directory: SCHEMA_DIRECTORY,
      log: recordLog(),
    }).catch((error: unknown) => error);
    expect(explainError(failure)).toBe('not on weekdays');
    expect(await refused()).toEqual(['not on weekdays']);
  });

  it('not where an administrator has set standard_conforming_strings off for old programs', async () => {
    const { rows } = await database.client.query<{ name: string }>('SELECT current_database() AS name');
    await database.client.query(`ALTER DATABASE ${rows[0]?.name} SET standard_conforming_strings = off`);
    const log = recordLog();
    await migrate({ config: { connectionString: database.url }, directory: SCHEMA_DIRECTORY, log });
    expect(log.warnings).toEqual([]);
  });
});

describe('a dry run', () => {
  it('names the statements of an administrator before the first migration', async () => {
    const role = `owner_${(await database.client.query<{ oid: number }>('SELECT max(oid)::int AS oid FROM pg_database')).rows[0]?.oid}`;
    await database.client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'plain'`);
    await database.client.query(`GRANT CREATE ON SCHEMA public TO ${role}`);
    const { rows } = await database.client.query<{ name: string }>('SELECT current_database() AS name');
    await database.client.query(`GRANT CREATE ON DATABASE ${rows[0]?.name} TO ${role}`);
    try {
      const config = { connectionString: database.urlOf(role, 'plain') };
      const options = { config, directory: SCHEMA_DIRECTORY, log: recordLog() };
      const before = await objects();
      const dry = await migrate({ ...options, dryRun: true });
      expect(await objects()).toEqual(before);
      const real = await migrate(options);
      expect(dry.pending).toEqual(real.applied);
      expect(dry.adminStatements).toEqual(real.adminStatements);
    } finally {
      await database.client.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
    }
  });
});
