import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase as createPool } from '../../src/database/pool.js';
import type { Database } from '../../src/database/pool.js';
import { startTestServer } from '../support/testServer.js';
import type { RunKpiDeps, RunOutcome } from '../../src/kpi/run/runKpi.js';
import { runKpi } from '../../src/kpi/run/runKpi.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { CREATE_PAUSE } from '../support/createPause.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { kpiUnit, metric, SETTINGS, unitOf } from '../support/kpiUnit.js';

let server: TestDatabase;
let database: Database;

function poolOf(url: string): Database {
  return createPool({
    settings: { connectionString: url },
    maxConnections: 2,
    connectTimeoutMs: 2_000,
    onIdleError: () => undefined,
  });
}

beforeAll(async () => {
  server = await createDatabase();
  database = poolOf(server.url);
  await server.client.query(`
    CREATE TABLE plan (failure text);
    INSERT INTO plan VALUES ('');
    ${CREATE_PAUSE};
    CREATE FUNCTION planned() RETURNS int LANGUAGE plpgsql STABLE AS $$
      DECLARE what text := (SELECT failure FROM plan);
      BEGIN
        IF what = 'killed' THEN
          -- Behind EXECUTE nobody sees what no KPI may do.
          EXECUTE 'SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)';
        ELSIF what <> '' THEN
          RAISE EXCEPTION 'planned failure' USING ERRCODE = what;
        END IF;
        RETURN 7;
      END $$`);
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

/** The database, where attempt after attempt of `planned()` fails as listed and those after succeed. */
function failing(...failures: string[]): Database {
  return {
    withClient: async (work) => {
      await server.client.query('UPDATE plan SET failure = $1', [failures.shift() ?? '']);
      return await database.withClient(work);
    },
    close: () => Promise.resolve(),
  };
}

const RETRY = { attempts: 3, initialDelayMs: 10, maxDelayMs: 20 };

const run = (unit: KpiUnit, deps: Partial<RunKpiDeps> = {}): Promise<RunOutcome> =>
  runKpi(unit, { database, retry: RETRY, clock: () => new Date(), settings: () => SETTINGS, ...deps });

const selecting = (expression: string, overrides: Partial<KpiUnit> = {}): KpiUnit =>
  kpiUnit({ sql: `SELECT ${expression} AS portfolio_sample`, ...overrides });

const PLANNED = selecting('planned()');
const SUCCESS = { result: 'success', kpi: { samples: [{ metric: 'portfolio_sample', labels: {}, value: 7 }] } };

describe('success', () => {
  it('carries the samples, the moment, the settings and the times of the clock', async () => {
    const unit = await unitOf('SELECT extract(day FROM :as_of) AS portfolio_sample');
    const times = [new Date('2026-04-02T10:00:00Z'), new Date('2026-04-02T10:00:03Z')];
    const outcome = await run(unit, { asOf: '2026-03-31', clock: () => times.shift() ?? new Date(0) });
    expect(outcome).toEqual({
      unit,
      startedAt: new Date('2026-04-02T10:00:00Z'),
      finishedAt: new Date('2026-04-02T10:00:03Z'),
      runSeconds: expect.any(Number) as unknown,
      waitSeconds: expect.any(Number) as unknown,
      attempts: 1,
      result: 'success',
      kpi: {
        samples: [{ metric: 'portfolio_sample', labels: {}, value: 31 }],
        dataTimestampSeconds: null,
        warnings: [],
      },
      input: { asOf: '2026-03-31', now: new Date('2026-04-01T00:00:00Z'), ...SETTINGS },
    });
  });

  it('is of the present unless a day is given', async () => {
    const unit = await unitOf(
      `SELECT (:as_of = (:now AT TIME ZONE :time_zone)::date)::int AS portfolio_sample, extract(epoch FROM :now) AS portfolio_now`,
      { metrics: [metric('portfolio_sample'), metric('portfolio_now')] },
    );
    const { rows } = await server.client.query<{ now: number }>('SELECT extract(epoch FROM now())::float8 AS now');
    const outcome = await run(unit, { settings: () => ({ ...SETTINGS, timeZone: 'Pacific/Kiritimati' }) });
    expect(outcome).toMatchObject({ result: 'success', kpi: { samples: [{ value: 1 }, {}] } });
    const now = outcome.result === 'success' ? outcome.kpi.samples[1]?.value : Number.NaN;
    expect(Math.abs((now ?? Number.NaN) - (rows[0]?.now ?? 0))).toBeLessThan(60);
  });

  it('may have no samples', async () => {
    expect(await run(selecting('NULL::int'))).toMatchObject({ result: 'success', kpi: { samples: [] } });
  });
});

describe('a transient failure', () => {
  it.each([
    ['a connection that pg_terminate_backend killed', 'killed'],
    ['a serialization failure', '40001'],
    ['a deadlock', '40P01'],
    ['a server that shuts down', '57P01'],
    ['a server that is starting', '57P03'],
    ['a broken connection', '08006'],
  ])('is tried again: %s', async (_what, failure) => {
    expect(await run(PLANNED, { database: failing(failure) })).toMatchObject({ ...SUCCESS, attempts: 2 });
    expect(await run(PLANNED, { database: failing(failure, failure) })).toMatchObject({ ...SUCCESS, attempts: 3 });
  });

  it('is the outcome when the attempts are used up', async () => {
    expect(await run(PLANNED, { database: failing('killed', 'killed', 'killed') })).toMatchObject({
      result: 'database_unavailable',
      attempts: 3,
      message: 'terminating connection due to administrator command (SQLSTATE 57P01)',
    });
    expect(await run(PLANNED, { database: failing('40001', '40001', '40001') })).toMatchObject({
      result: 'error',
      attempts: 3,
      message: 'planned failure (SQLSTATE 40001)',
    });
    const once = { ...RETRY, attempts: 1 };
    expect(await run(PLANNED, { database: failing('40001'), retry: once })).toMatchObject({
      result: 'error',
      attempts: 1,
    });
  });

  it('is tried again with growing delays that have a longest', async () => {
    const at: number[] = [];
    const inner = failing('40001', '40001', '40001', '40001');
    const timed: Database = {
      withClient: (work) => {
        at.push(performance.now());
        return inner.withClient(work);
      },
      close: () => Promise.resolve(),
    };
    await run(PLANNED, { database: timed, retry: { attempts: 4, initialDelayMs: 60, maxDelayMs: 200 } });
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    // The first delay is once to twice the initial one, the next twice that, all cut at the longest.
    expect(gaps).toHaveLength(3);
    expect(gaps[0]).toBeGreaterThanOrEqual(55);
    expect(gaps[1]).toBeGreaterThanOrEqual(115);
    expect(gaps[2]).toBeGreaterThanOrEqual(195);
    // It does not end where it is not cut.
    const cut = { attempts: 2, initialDelayMs: 600_000, maxDelayMs: 20 };
    expect(await run(PLANNED, { database: failing('40001', '40001'), retry: cut })).toMatchObject({ attempts: 2 });
  });

  it('is tried again with the settings of that moment', async () => {
    const unit = await unitOf('SELECT planned() * :carry_forward_days AS portfolio_sample');
    let days = 1;
    const settings = () => ({ ...SETTINGS, carryForwardDays: days++ });
    expect(await run(unit, { database: failing('40001'), settings })).toMatchObject({
      kpi: { samples: [{ value: 14 }] },
      input: { carryForwardDays: 2 },
    });
  });

  it('is not waited for once the signal ends it', async () => {
    const stopping = new AbortController();
    const retry = { attempts: 3, initialDelayMs: 600_000, maxDelayMs: 600_000 };
    const inner = failing('40001', '40001');
    const watched: Database = {
      withClient: (work) => inner.withClient(work).finally(() => setTimeout(() => stopping.abort(), 20)),
      close: () => Promise.resolve(),
    };
    const outcome = await run(PLANNED, { database: watched, retry, signal: stopping.signal });
    expect(outcome).toMatchObject({ result: 'error', attempts: 1 });
  });
});

describe('a failure that would only come again', () => {
  it.each([
    [
      'error',
      'a missing table',
      selecting('(SELECT count(*) FROM missing_table)'),
      'relation "missing_table" does not exist (SQLSTATE 42P01); the schema is missing or older than this program: run `portfolio-exporter migrate`',
    ],
    [
      'error',
      'a renamed column',
      selecting('(SELECT max(titel) FROM ventures)'),
      'column "titel" does not exist (SQLSTATE 42703); a column was renamed or dropped: run `portfolio-exporter check` to compare every KPI with the database',
    ],
    [
      'error',
      'a division by zero',
      selecting('1 / (SELECT count(*) FROM ventures)'),
      'division by zero (SQLSTATE 22012)',
    ],
    ['error', 'a syntax error', selecting('1 +'), 'syntax error at or near "AS" (SQLSTATE 42601)'],
    [
      'invalid_result',
      'a write',
      selecting(`(SELECT setval('portfolio_coordination_config_history_id_seq', 1))`),
      'sample.sql:1:16: setval() writes, or reaches past the rows of the query: a KPI only reads them',
    ],
    [
      'error',
      'text that is no number, without the text',
      selecting(`(SELECT ('salary of ' || 'Ada')::numeric)`),
      'invalid input syntax for type numeric: "..." (SQLSTATE 22P02)',
    ],
    [
      'error',
      'a date out of range, without the date',
      selecting(`extract(day FROM ('2026-13-' || '45')::date)`),
      'date/time field value out of range: "..." (SQLSTATE 22008)',
    ],
    [
      'timeout',
      'a query that takes too long',
      selecting('(SELECT 1 FROM pause(5))', { timeoutMs: 150 }),
      'the server cancelled the query after 0.15 s (timeout of sample)',
    ],
    [
      'invalid_result',
      'a row that breaks the contract',
      selecting(`'NaN'::float8`),
      'column portfolio_sample is not a finite number in row 1',
    ],
    [
      'invalid_result',
      'an extra column',
      selecting('1 AS extra, 1'),
      'column extra is not declared; add it to metrics or labels, or drop it from the SELECT',
    ],
    [
      'invalid_result',
      'too many series',
      selecting('g', {
        metrics: [metric('portfolio_sample')],
        maxSeries: 2,
        sql: 'SELECT g AS portfolio_sample FROM generate_series(1, 3) AS g',
      }),
      'more than 2 series (rows times metrics with a value), the max_series of sample; ' +
        'narrow the query (is a join condition missing?) or raise max_series',
    ],
  ])('is %s at once: %s', async (result, _what, unit, message) => {
    const outcome = await run(unit);
    expect(outcome).toMatchObject({ result, message, attempts: 1, unit });
    // The pool is none the worse for it.
    expect(await run(selecting('7'))).toMatchObject({ ...SUCCESS, attempts: 1 });
  });

  it('is error for a day that lies ahead', async () => {
    expect(await run(selecting('1'), { asOf: '2999-01-01' })).toMatchObject({
      result: 'error',
      attempts: 1,
      message: expect.stringMatching(/^2999-01-01 lies ahead; today is \d{4}-\d{2}-\d{2} in UTC$/) as unknown,
    });
  });

  it('is error for a right that the role has not', async () => {
    const role = `reader_${randomBytes(6).toString('hex')}`;
    await server.client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'test'`);
    const reader = poolOf(server.urlOf(role, 'test'));
    expect(await run(selecting('(SELECT count(*) FROM ventures)'), { database: reader })).toMatchObject({
      result: 'error',
      attempts: 1,
      message:
        'permission denied for table ventures (SQLSTATE 42501); the role lacks a right: `portfolio-exporter check` prints the GRANT where it should have it; where it prints none, run this as another role',
    });
    await reader.close();
    await server.client.query(`DROP ROLE ${role}`);
  });
});

describe('a database that cannot be reached', () => {
  it('is database_unavailable for a wrong password, which is not told', async () => {
    const refused = poolOf(server.urlOf('postgres', 'not the password'));
    const outcome = await run(selecting('1'), { database: refused });
    expect(outcome).toMatchObject({
      result: 'database_unavailable',
      attempts: 3,
      message: 'password authentication failed for user "postgres" (SQLSTATE 28P01)',
    });
    await refused.close();
  });

  it('is database_unavailable for a database that does not exist', async () => {
    const url = new URL(server.url);
    url.pathname = '/no_such_database';
    const missing = poolOf(url.href);
    expect(await run(selecting('1'), { database: missing })).toMatchObject({
      result: 'database_unavailable',
      attempts: 3,
      message: 'database "no_such_database" does not exist (SQLSTATE 3D000)',
    });
    await missing.close();
  });

  it('is database_unavailable, after every attempt, for a role without a connection left', async () => {
    const role = `limited_${randomBytes(6).toString('hex')}`;
    await server.client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'test' CONNECTION LIMIT 0`);
    const limited = poolOf(server.urlOf(role, 'test'));
    expect(await run(selecting('1'), { database: limited })).toMatchObject({
      result: 'database_unavailable',
      attempts: 3,
      message: `too many connections for role "${role}" (SQLSTATE 53300)`,
    });
    await limited.close();
    await server.client.query(`DROP ROLE ${role}`);
  });

  it('is database_unavailable when the server stops, during a run as well as before one', async () => {
    const own = await startTestServer();
    const pool = poolOf(own.url);
    await pool.withClient((client) => client.query(CREATE_PAUSE));
    const deps = { database: pool, retry: { ...RETRY, attempts: 2 } };
    expect(await run(selecting('7'), deps)).toMatchObject(SUCCESS);
    const during = run(selecting('(SELECT 1 FROM pause(30))', { timeoutMs: 60_000 }), deps);
    await vi.waitFor(async () => {
      const { rowCount } = await pool.withClient((client) =>
        client.query(`SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT kpi.%pause(30)%'`),
      );
      expect(rowCount).toBe(1);
    }, 60_000);
    await own.stop();
    expect(await during).toMatchObject({ result: 'database_unavailable', attempts: 2 });
    const after = await run(selecting('7'), deps);
    expect(after).toMatchObject({
      result: 'database_unavailable',
      attempts: 2,
      message: `connect ECONNREFUSED 127.0.0.1:${own.port}`,
    });
    await pool.close();
  });

  it('is database_unavailable for a host that is not there', async () => {
    const nowhere = poolOf('postgres://postgres:x@no-such-host.invalid:5432/postgres');
    expect(await run(selecting('1'), { database: nowhere })).toMatchObject({
      result: 'database_unavailable',
      attempts: 3,
    });
    await nowhere.close();
  });
});
