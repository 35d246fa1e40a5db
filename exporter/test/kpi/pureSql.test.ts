import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase as createPool } from '../../src/database/pool.js';
import { impureCalls } from '../../src/kpi/check/checkOnServer.js';
import { queryKpi } from '../../src/kpi/run/queryKpi.js';
import { refusedBuiltIn } from '../../src/kpi/unit/grammar/refusedBuiltIn.js';
import { runKpi } from '../../src/kpi/run/runKpi.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { INPUT, kpiUnit, SETTINGS, unitOf } from '../support/kpiUnit.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';

/** What the syntax tree alone refuses: the words before the reason, with their places. */
async function refused(sql: string): Promise<string[]> {
  return unitOf(sql).then(
    () => [],
    (error: unknown) =>
      (error instanceof Error ? error.message : '')
        .split('\n')
        .map((line) => line.split(/ (?=reads|with|gives|writes|answers|asks|depends|draws)/)[0] ?? ''),
  );
}

describe('by its text alone', () => {
  it.each([
    ['SELECT CURRENT_DATE', '1:8: CURRENT_DATE'],
    ['SELECT :now - CURRENT_TIMESTAMP(0)', '1:15: CURRENT_TIMESTAMP'],
    ['SELECT LOCALTIME', '1:8: LOCALTIME'],
    ['SELECT LOCALTIMESTAMP', '1:8: LOCALTIMESTAMP'],
    ['SELECT 1 FROM t WHERE x = CURRENT_USER', '1:27: CURRENT_USER'],
    ['SELECT now()', '1:8: now()'],
    ['SELECT pg_catalog.now()', '1:8: now()'],
    ['SELECT "now"()', '1:8: now()'],
    ['SELECT clock_timestamp(), timeofday()', '1:8: clock_timestamp()', '1:27: timeofday()'],
    ['SELECT age(:as_of, x), age(x) FROM t', '1:24: age()'],
    ['SELECT 1 ORDER BY random()', '1:19: random()'],
    ['SELECT count(*) FILTER (WHERE random() > 0.5) FROM t', '1:31: random()'],
    ['WITH a AS (SELECT gen_random_uuid()) SELECT 1 FROM a', '1:19: gen_random_uuid()'],
    ["SELECT\n  set_config('a.b', 'x', false)", '2:3: set_config()'],
    ['SELECT pg_advisory_lock(1)', '1:8: pg_advisory_lock()'],
    ['SELECT 1 FROM pg_sleep(1)', '1:15: pg_sleep()'],
    ['SELECT 1 FROM LATERAL ROWS FROM (lo_create(1), generate_series(1, 2)) AS x', '1:34: lo_create()'],
    ["SELECT pg_notify('a', 'b')", '1:8: pg_notify()'],
    ["SELECT nextval('s')", '1:8: nextval()'],
    ["SELECT query_to_xml('SELECT now()', true, true, '')", '1:8: query_to_xml()'],
    ["SELECT current_setting('a.b')", '1:8: current_setting()'],
    ['SELECT txid_current()', '1:8: txid_current()'],
    ['SELECT 1 FROM t TABLESAMPLE bernoulli (10)', '1:29: TABLESAMPLE'],
    ["SELECT 'now'::timestamptz", "1:8: 'now'"],
    ["SELECT date 'today'", "1:13: 'today'"],
    ["SELECT timestamp ' NOW '", "1:18: 'NOW'"],
    ["SELECT CAST('Tomorrow' AS date)", "1:13: 'Tomorrow'"],
    ["SELECT 1 FROM t WHERE x > 'yesterday'", "1:27: 'yesterday'"],
    ["SELECT 1 FROM t WHERE x IN ('2026-01-01', 'today 12:00 Europe/Berlin')", "1:43: 'today 12:00 Europe/Berlin'"],
    ["SELECT '{now, 2026-01-01}'::timestamptz[]", "1:8: '{now, 2026-01-01}'"],
    ["SELECT '[today,tomorrow)'::daterange", "1:8: '[today,tomorrow)'"],
    ["SELECT date('now')", "1:13: 'now'"],
    ["SELECT ('today'::text)::date", "1:9: 'today'"],
    ["SELECT 'today'::text::text::date", "1:8: 'today'"],
    ["SELECT CAST('today'::varchar(10) AS text)::date", "1:13: 'today'"],
    ['SELECT (\'today\'::text COLLATE "C")::date', "1:9: 'today'"],
    ["SELECT 1 FROM t WHERE validity @> 'today'", "1:35: 'today'"],
    ["SELECT trim('today ')::date", "1:13: 'today'"],
    [`SELECT * FROM jsonb_to_record('{"a": "now"}') AS x (a date)`, `1:31: '{\\"a\\": \\"now\\"}'`],
    ["SELECT U&'\\006eow'::date", "1:8: 'now'"],
    ["SELECT 'to'\n'day'::date", "1:8: 'today'"],
    ['SELECT $$now$$::date', "1:8: 'now'"],
  ])('%j is refused', async (sql, ...places) => {
    expect(await refused(sql)).toEqual(places);
  });

  it.each([
    "SELECT 'today'::text AS period, 'bought today', 'Nowhere', 'today''s', 'epoch'::date, 'infinity'::date",
    "SELECT 1 FROM t WHERE name LIKE '%today%' OR name LIKE 'today' OR data ->> 'today' = '1'",
    `SELECT 1 FROM t WHERE data @> '{"when": "now"}' OR data @> '{"when": "today"}'::jsonb`,
    "SELECT position('now' in name), starts_with(name, 'today') FROM t WHERE name SIMILAR TO 'now'",
    'SELECT lo_margin(1)',
    'SELECT 1 AS now, t.today, "current_date" FROM tomorrow AS t',
    'SELECT 1 FROM t TABLESAMPLE system (10) REPEATABLE (1)',
    'SELECT date_trunc($$month$$, :now), extract(epoch FROM :now), :now AT TIME ZONE :time_zone, age(:now, x) FROM t',
    'SELECT pg_size_pretty(1::bigint), pi(), count(*), row_number() OVER () FROM generate_series(1, 2)',
  ])('%j is a function of the rows', async (sql) => {
    expect(await refused(sql)).toEqual([]);
  });

  it('says what to do instead', async () => {
    await expect(unitOf("SELECT CURRENT_DATE - 1, 'today'")).rejects.toThrow(
      '1:8: CURRENT_DATE reads the clock: use :as_of or :now, so that any day can be computed again\n' +
        "1:26: 'today' reads the clock wherever PostgreSQL takes it for a date: use :as_of or :now; where it is a text, write 'today'::text",
    );
  });
});

describe('on the server', () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await createDatabase();
    client = database.client;
    await client.query(`
      CREATE SCHEMA app;
      CREATE FUNCTION undeclared(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
      CREATE FUNCTION app.undeclared() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION stable_sum() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM ventures';
      CREATE FUNCTION fixed(int) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1 + 1;
      CREATE FUNCTION by_string(date) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT $1 < CURRENT_DATE';
      CREATE FUNCTION by_body(date) RETURNS boolean LANGUAGE sql STABLE RETURN $1 < CURRENT_DATE;
      CREATE FUNCTION by_plpgsql(date) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
        DECLARE due date; BEGIN due := 'yesterday'; RETURN $1 < due; END $$;
      CREATE FUNCTION by_another(date) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT by_string($1)';
      CREATE FUNCTION of_c() RETURNS timestamptz LANGUAGE internal STABLE AS 'now';
      CREATE FUNCTION step(numeric, numeric) RETURNS numeric LANGUAGE sql AS 'SELECT $1 + $2';
      CREATE AGGREGATE total(numeric) (sfunc = step, stype = numeric, initcond = 0);
      CREATE OPERATOR <+> (leftarg = numeric, rightarg = numeric, function = step);
      CREATE TYPE app.kind AS (id int);
      CREATE FUNCTION app.to_kind(int) RETURNS app.kind LANGUAGE sql AS 'SELECT ROW($1)::app.kind';
      CREATE CAST (int AS app.kind) WITH FUNCTION app.to_kind(int);
      CREATE TYPE era AS (id int);
      CREATE FUNCTION to_era(date) RETURNS era LANGUAGE sql AS 'SELECT ROW(1)::era';
      CREATE CAST (date AS era) WITH FUNCTION to_era(date) AS IMPLICIT;
      CREATE FUNCTION takes_era(era) RETURNS int LANGUAGE sql IMMUTABLE RETURN 1;
      CREATE FUNCTION luck(ventures) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION days_to(date DEFAULT CURRENT_DATE) RETURNS date LANGUAGE sql IMMUTABLE AS 'SELECT $1';
      CREATE FUNCTION two(int, at timestamptz DEFAULT clock_timestamp()) RETURNS timestamptz
        LANGUAGE plpgsql STABLE AS 'BEGIN RETURN at; END';
      CREATE VIEW latest AS SELECT now() AS id;
      CREATE VIEW app.young AS SELECT id FROM ventures WHERE now() > '2020-01-01';
      CREATE VIEW app.nested AS SELECT * FROM app.young;
      CREATE VIEW app.plain AS SELECT id, fixed(1) FROM ventures;
    `);
  });
  afterAll(() => database.drop());

  const found = async (sql: string): Promise<string[]> =>
    (await impureCalls(client, await unitOf(sql))).map(({ line, column, message }) => `${line}:${column}: ${message}`);

  it('every function of PostgreSQL that is volatile, or answers from the session, is refused without asking it', async () => {
    const { rows } = await client.query<{ name: string; args: number }>(
      `SELECT DISTINCT proname AS name, pronargs AS args
         FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f'
          AND (provolatile = 'v' OR (provolatile = 's' AND pronargs = 0))
          -- Not to be called by a query.
          AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype, 'language_handler'::regtype,
                                 'index_am_handler'::regtype, 'table_am_handler'::regtype, 'tsm_handler'::regtype)
          AND NOT 'internal'::regtype = ANY (proargtypes::oid[])
          AND proname !~ '^(jsonb?_build_|plpgsql_|binary_upgrade_)'
          -- Settled when the database is created.
          AND proname <> 'getdatabaseencoding'`,
    );
    expect(rows.length).toBeGreaterThan(200);
    expect(rows.filter(({ name, args }) => refusedBuiltIn(name, args) === null)).toEqual([]);
  });

  it.each([
    ['SELECT 1,\n  undeclared(:carry_forward_days)', '2:3: undeclared(integer) is VOLATILE for the server'],
    ['SELECT :as_of, app.undeclared()', '1:16: app.undeclared() is VOLATILE for the server'],
    ['SELECT total(1)', '1:8: step(numeric,numeric) is VOLATILE for the server'],
    ['SELECT 1 <+> 2', '1:10: step(numeric,numeric) is VOLATILE for the server'],
    ['SELECT 1 OPERATOR(public.<+>) 2', '1:10: step(numeric,numeric) is VOLATILE for the server'],
    ['SELECT 1::app.kind', '1:11: app.to_kind(integer) is VOLATILE for the server'],
    ['SELECT of_c()', '1:8: of_c() takes no argument and is not IMMUTABLE'],
    ['SELECT by_string(:as_of)', '1:8: by_string(date): CURRENT_DATE reads the clock'],
    ['SELECT by_body(:as_of)', '1:8: by_body(date): CURRENT_DATE reads the clock'],
    ['SELECT by_plpgsql(:as_of)', "1:8: by_plpgsql(date): 'yesterday' reads the clock"],
    ['SELECT by_another(:as_of)', '1:8: by_another(date): by_string(date): CURRENT_DATE reads the clock'],
    ['SELECT v.luck FROM ventures v', '1:8: luck(ventures) is VOLATILE for the server'],
    ['SELECT (v).luck FROM ventures v', '1:8: luck(ventures) is VOLATILE for the server'],
    ['SELECT takes_era(:as_of)', '1:8: to_era(date) is VOLATILE for the server'],
    ['SELECT days_to()', '1:8: defaults of days_to(date): CURRENT_DATE reads the clock'],
    ['SELECT two(1)', '1:8: defaults of two(integer,timestamp with time zone): clock_timestamp() reads the clock'],
    ['SELECT id FROM latest', '1:16: latest: now() reads the clock'],
    ['WITH latest AS (SELECT * FROM latest) SELECT id FROM latest', '1:31: latest: now() reads the clock'],
    ['SELECT id FROM app.young', '1:16: app.young: now() reads the clock'],
    ['SELECT id FROM app.nested', '1:16: app.nested: app.young: now() reads the clock'],
    ['SELECT 1 FROM pg_stat_activity', '1:15: pg_stat_activity: pg_stat_get_activity() asks or changes the server'],
  ])('%j is refused', async (sql, message) => {
    expect(await found(sql)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    'SELECT stable_sum(), fixed(1), fixed(:carry_forward_days)',
    'SELECT * FROM app.plain',
    'SELECT days_to(:as_of), two(1, :now), v.name, (v).id FROM ventures v',
    'WITH latest AS (SELECT 1 AS id), other AS (SELECT id FROM latest) SELECT id FROM other, latest',
    'WITH RECURSIVE latest AS (SELECT 1 AS id UNION SELECT id + 1 FROM latest WHERE id < 3) SELECT id FROM latest',
    '(WITH latest AS (SELECT 1 AS id) SELECT id FROM latest) UNION SELECT 2',
    'SELECT id FROM ventures',
  ])('%j is a function of the rows', async (sql) => {
    expect(await found(sql)).toEqual([]);
  });

  it('every KPI that comes with the program is', async () => {
    const { units } = await shippedConfiguration();
    for (const unit of units) expect([unit.name, await impureCalls(client, unit)]).toEqual([unit.name, []]);
  });

  it('a run of a KPI that nobody checked is refused as well, without running it', async () => {
    const pool = createPool({
      settings: { connectionString: database.url },
      maxConnections: 1,
      connectTimeoutMs: 5_000,
      onIdleError: () => undefined,
    });
    const unit = kpiUnit({ sql: 'SELECT undeclared(1) AS portfolio_sample', sqlFile: '/kpis/sample.sql' });
    const deps = {
      database: pool,
      retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 1 },
      clock: () => new Date(),
      settings: () => SETTINGS,
    };
    expect(await runKpi(unit, deps)).toMatchObject({
      result: 'invalid_result',
      message: expect.stringContaining('sample.sql:1:8: undeclared(integer) is VOLATILE') as unknown,
    });
    await client.query('ALTER FUNCTION undeclared STABLE');
    expect(await runKpi(unit, deps)).toMatchObject({ result: 'success' });
    // The connection keeps what it knows for a while; another one asks again.
    await client.query('ALTER FUNCTION undeclared VOLATILE');
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await expect(queryKpi(other, unit, INPUT)).rejects.toThrow('undeclared(integer) is VOLATILE');
    await other.end();
    await pool.close();
  });
});
