import { Client } from 'pg';
import type { ClientBase } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase as createPool } from '../../src/database/pool.js';
import type { KpiInput } from '../../src/kpi/unit/kpiInput.js';
import { describeKpi, queryKpi } from '../../src/kpi/run/queryKpi.js';
import type { Freshness, KpiUnit } from '../../src/kpi/unit/unit.js';
import { CREATE_PAUSE } from '../support/createPause.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { INPUT, kpiUnit, metric, unitOf } from '../support/kpiUnit.js';
import { startSilentProxy } from '../support/silentProxy.js';

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await createDatabase();
  await database.client.query(`
    CREATE SEQUENCE written;
    ${CREATE_PAUSE};
    -- What they do is hidden behind a wrong declaration.
    CREATE FUNCTION counts(regclass) RETURNS bigint LANGUAGE internal STABLE AS 'nextval_oid';
    CREATE FUNCTION sets(text, text, boolean) RETURNS text LANGUAGE internal STABLE AS 'set_config_by_name';
    CREATE FUNCTION locks(bigint) RETURNS void LANGUAGE internal STABLE AS 'pg_advisory_lock_int8';
    CREATE FUNCTION sleeps(seconds float8) RETURNS int LANGUAGE sql STABLE AS 'SELECT 1 FROM pause($1)';
  `);
  client = new Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const valueOf = async (unit: KpiUnit, input: KpiInput = INPUT, on: ClientBase = client): Promise<number | undefined> =>
  (await queryKpi(on, unit, input)).samples[0]?.value;

const sampleOf = (expression: string): KpiUnit => kpiUnit({ sql: `SELECT ${expression} AS portfolio_sample` });

describe('the parameters', () => {
  it('reach the server with their types, each as often as it is named', async () => {
    const unit = await unitOf(
      `SELECT ('2026-03-31'::date = :as_of AND :as_of + 1 = '2026-04-01')::int
            + 10 * (:now = timestamptz '2026-04-01T00:00:00Z')::int
            + 100 * (:time_zone = 'Europe/Berlin')::int
            + 1000 * (:carry_forward_days + 1)
            + 10000 * (:hourly_rate * 2) AS portfolio_sample`,
    );
    const input = { ...INPUT, timeZone: 'Europe/Berlin', thresholds: { ...INPUT.thresholds, hourly_rate: 0.3 } };
    expect(await valueOf(unit, input)).toBe(1 + 10 + 100 + 4_000 + 6_000);
  });
});

describe('the transaction', () => {
  it.each([
    ['a function that writes', `counts('written')`],
    ['a function that asks for more first', `length(sets('transaction_read_only', 'off', true)) + counts('written')`],
  ])('is read-only on the server, even for %s', async (_what, expression) => {
    await expect(queryKpi(client, sampleOf(expression), INPUT)).rejects.toMatchObject({
      code: expect.stringMatching(/^(25006|25001)$/) as unknown,
    });
    expect((await client.query('SELECT is_called FROM written')).rows).toEqual([{ is_called: false }]);
    expect(await valueOf(sampleOf('2'))).toBe(2);
  });

  it('has one snapshot for the rows and their freshness', async () => {
    const unit = kpiUnit({
      sql: 'SELECT sleeps(1) * (SELECT count(*) FROM ventures) AS portfolio_sample',
      freshness: { kind: 'heartbeat', sources: ['ventures'] },
    });
    const now = new Date();
    const run = queryKpi(client, unit, { ...INPUT, now });
    await vi.waitFor(async () => {
      const asleep = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '%sleeps(1)%'`;
      expect((await database.client.query(asleep)).rowCount).toBe(1);
    }, 60_000);
    await database.client.query(`INSERT INTO source_heartbeats VALUES ('ventures', $1)`, [now]);
    expect(await run).toEqual({
      samples: [{ metric: 'portfolio_sample', labels: {}, value: 0 }],
      dataTimestampSeconds: null,
      warnings: [expect.stringContaining('source_heartbeats has no row of ventures') as unknown],
    });
    await database.client.query('TRUNCATE source_heartbeats');
  });

  it('is ended by the server when it takes longer than the timeout of the unit', async () => {
    const unit = kpiUnit({ sql: 'SELECT sleeps(20) AS portfolio_sample', timeoutMs: 200 });
    const before = Date.now();
    const run = queryKpi(client, unit, INPUT);
    await expect(run).rejects.toMatchObject({ code: '57014', message: 'canceling statement due to statement timeout' });
    expect(Date.now() - before).toBeLessThan(15_000);
    const active = await database.client.query(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%sleeps%' AND state = 'active' AND pid <> pg_backend_pid()`,
    );
    expect(active.rows).toEqual([]);
  });

  it('leaves the connection usable and without its settings, whatever happened', async () => {
    for (const unit of [
      sampleOf('1'),
      sampleOf('1 / 0'),
      sampleOf(`'x'`),
      kpiUnit({ sql: 'SELECT sleeps(5) AS portfolio_sample', timeoutMs: 100 }),
    ]) {
      await queryKpi(client, unit, INPUT).catch(() => undefined);
      const { rows } = await client.query(
        `SELECT current_setting('statement_timeout') AS timeout, current_setting('transaction_read_only') AS read_only,
                pg_current_xact_id_if_assigned() IS NULL AS idle`,
      );
      expect(rows).toEqual([{ timeout: '0', read_only: 'off', idle: true }]);
    }
  });

  it('leaves the session as it was made, whatever a function did to it behind its declaration', async () => {
    const sessionOf = async (): Promise<unknown> => {
      const { rows } = await client.query(
        `SELECT current_setting('work_mem') AS work_mem, current_setting('TimeZone') AS zone, current_user AS role,
                  (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks`,
      );
      return rows;
    };
    const before = await sessionOf();
    const meddling = `length(sets('work_mem', '64kB', false) || sets('TimeZone', 'Asia/Tokyo', false)
                             || sets('role', 'portfolio_exporter', false)) + (SELECT count(*) FROM locks(4711))`;
    expect(await valueOf(sampleOf(meddling))).toBeGreaterThan(0);
    expect(await sessionOf()).toEqual(before);
  });

  it('is not waited for when the server vanished without a word', async () => {
    const proxy = await startSilentProxy(database.url);
    const cut = new Client({ connectionString: proxy.url });
    cut.on('error', () => undefined);
    await cut.connect();
    const run = queryKpi(cut, kpiUnit({ sql: 'SELECT sleeps(0.4) AS portfolio_sample', timeoutMs: 500 }), INPUT);
    run.catch(() => undefined);
    await vi.waitFor(async () => {
      const asleep = `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT kpi.%sleeps(0.4)%'`;
      expect((await client.query(asleep)).rowCount).toBe(1);
    }, 60_000);
    const before = Date.now();
    proxy.mute();
    await expect(run).rejects.toThrow('Query read timeout');
    expect(Date.now() - before).toBeLessThan(60_000);
    await proxy.stop();
    await cut.end();
  });
});

describe('describeKpi', () => {
  it('gives the columns without running the query', async () => {
    const unit = kpiUnit({
      sql: `SELECT 'x' AS venture, sleeps(20) AS portfolio_sample, 1.5 AS "Grand total" -- end`,
    });
    const fields = await describeKpi(client, unit, INPUT);
    expect(fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ['venture', 25],
      ['portfolio_sample', 23],
      ['Grand total', 1700],
    ]);
    expect((await client.query('SELECT 1 AS usable')).rows).toEqual([{ usable: 1 }]);
  });

  it('tells what the server says of a query that cannot run', async () => {
    await expect(describeKpi(client, sampleOf('nothing'), INPUT)).rejects.toMatchObject({ code: '42703' });
    expect((await client.query('SELECT 1 AS usable')).rows).toEqual([{ usable: 1 }]);
  });
});

describe('the data timestamp', () => {
  const freshness = async (source: Freshness, input: Partial<KpiInput>): Promise<string | null> => {
    const unit = kpiUnit({ freshness: source, metrics: [metric('portfolio_sample')] });
    const { dataTimestampSeconds } = await queryKpi(client, unit, { ...INPUT, ...input });
    return dataTimestampSeconds === null ? null : new Date(dataTimestampSeconds * 1_000).toISOString();
  };

  describe('of a daily table', () => {
    const daily: Freshness = { kind: 'day', table: 'venture_metrics', column: 'recorded_at' };

    beforeEach(async () => {
      await client.query(`
        INSERT INTO ventures (id, name) VALUES ('00000000-0000-4000-8000-000000000001', 'Northwind');
        INSERT INTO venture_metrics (venture_id, recorded_at)
        SELECT id, day::date FROM ventures, unnest(ARRAY['2026-03-20', '2026-03-28', '2026-03-29', '2026-06-01']) AS day;`);
    });
    afterEach(() => client.query('TRUNCATE venture_metrics, ventures CASCADE'));

    it.each([
      // The end of the newest day that is not after as_of; later days are another day's business.
      ['2026-03-31', 'UTC', '2026-03-30T00:00:00.000Z'],
      ['2026-03-29', 'UTC', '2026-03-30T00:00:00.000Z'],
      ['2026-03-28', 'UTC', '2026-03-29T00:00:00.000Z'],
      ['2026-03-27', 'UTC', '2026-03-21T00:00:00.000Z'],
      ['2026-07-01', 'UTC', '2026-06-02T00:00:00.000Z'],
      // On 29 March clocks in Berlin go from 2 to 3: the day begins at 23:00 UTC and ends at 22:00 UTC.
      ['2026-03-28', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
      ['2026-03-29', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
      ['2026-03-29', 'America/New_York', '2026-03-30T04:00:00.000Z'],
      ['2026-03-29', 'Pacific/Kiritimati', '2026-03-29T10:00:00.000Z'],
      ['2026-03-19', 'UTC', null],
    ])('as of %s in %s is %s', async (asOf, timeZone, expected) => {
      expect(await freshness(daily, { asOf, timeZone })).toBe(expected);
    });

    it('without a row is not known', async () => {
      await client.query('TRUNCATE venture_metrics');
      expect(await freshness(daily, {})).toBeNull();
    });

    describe('by the cadence of the ventures', () => {
      const byCadence: Freshness = { ...daily, venture: 'venture_id' };
      const id = (last: number): string => `00000000-0000-4000-8000-00000000000${last}`;

      it.each([
        ['2026-03-31', '2026-03-30T00:00:00.000Z'],
        ['2026-03-27', '2026-03-21T00:00:00.000Z'],
        ['2026-03-19', null],
      ])(
        'as of %s is the newest day where all report daily, whether or not they are active',
        async (asOf, expected) => {
          await client.query(`UPDATE ventures SET status = 'closed'`);
          expect(await freshness(byCadence, { asOf })).toBe(expected);
          await client.query(`INSERT INTO ventures (id, name) VALUES ('${id(2)}', 'No row yet')`);
          expect(await freshness(byCadence, { asOf })).toBe(expected);
        },
      );

      it.each([
        // 29 March and 7 days are fresh to the end of 5 April; today's end is the most that is fresh.
        ['weekly', '2026-03-31', '2026-04-01T00:00:00.000Z'],
        ['weekly', '2026-04-05', '2026-04-06T00:00:00.000Z'],
        ['weekly', '2026-04-06', '2026-04-06T00:00:00.000Z'],
        ['monthly', '2026-05-13', '2026-05-14T00:00:00.000Z'],
        ['monthly', '2026-05-15', '2026-05-14T00:00:00.000Z'],
      ])('of one that reports %s, as of %s lasts until the next row is due', async (cadence, asOf, expected) => {
        await client.query(`UPDATE ventures SET cadence = $1`, [cadence]);
        expect(await freshness(byCadence, { asOf })).toBe(expected);
      });

      it('is that of the cadence that is worst off: a load of daily rows that died is seen', async () => {
        await client.query(`
          INSERT INTO ventures (id, name, status, cadence) VALUES
            ('${id(2)}', 'By month', 'active', 'monthly'), ('${id(3)}', 'By week', 'active', 'weekly'), ('${id(4)}', 'Gone', 'closed', 'weekly');
          INSERT INTO venture_metrics (venture_id, recorded_at) VALUES ('${id(2)}', '2026-03-31'), ('${id(4)}', '2026-03-01')`);
        // The daily one's row of 29 March; nothing of one that reports by week is known yet, and one that is gone is not waited for.
        expect(await freshness(byCadence, { asOf: '2026-04-10' })).toBe('2026-03-30T00:00:00.000Z');
        await client.query(`INSERT INTO venture_metrics (venture_id, recorded_at) VALUES ('${id(3)}', '2026-03-15')`);
        expect(await freshness(byCadence, { asOf: '2026-04-10' })).toBe('2026-03-23T00:00:00.000Z');
      });
    });

    it('that is not there fails the run', async () => {
      await expect(freshness({ ...daily, table: 'missing' }, {})).rejects.toMatchObject({ code: '42P01' });
    });
  });

  describe('of event tables', () => {
    const now = new Date('2026-03-31T12:00:00Z');
    const beat = async (source: string, at: string): Promise<void> => {
      await client.query(
        'INSERT INTO source_heartbeats VALUES ($1, $2) ON CONFLICT (source) DO UPDATE SET seen_at = EXCLUDED.seen_at',
        [source, at],
      );
    };
    afterEach(() => client.query('TRUNCATE source_heartbeats'));

    const both: Freshness = { kind: 'heartbeat', sources: ['value_capture_log', 'resource_conflicts'] };

    it('is not known before the first heartbeat', async () => {
      await beat('something_else', '2026-03-31T11:00:00Z');
      expect(await freshness(both, { now })).toBeNull();
    });

    it('is the oldest of several', async () => {
      await beat('value_capture_log', '2026-03-31T11:59:30.250Z');
      await beat('resource_conflicts', '2026-03-31T11:00:00Z');
      await beat('something_else', '2026-03-01T00:00:00Z');
      expect(await freshness(both, { now })).toBe('2026-03-31T11:00:00.000Z');
      await beat('resource_conflicts', '2026-03-31T12:00:00Z');
      expect(await freshness(both, { now })).toBe('2026-03-31T11:59:30.250Z');
    });

    it('does not wait for a writer that never sent one', async () => {
      await beat('value_capture_log', '2026-03-31T11:00:00Z');
      expect(await freshness(both, { now })).toBe('2026-03-31T11:00:00.000Z');
    });

    it('does not believe the future', async () => {
      await beat('value_capture_log', '2026-03-31T12:00:00.001Z');
      // The clocks of two machines: it counts as now.
      expect(await freshness(both, { now })).toBe('2026-03-31T12:00:00.000Z');
      await beat('value_capture_log', '2026-03-31T12:06:00Z');
      // Later than the moment of a past day, which tells nothing of that day.
      expect(await freshness(both, { now })).toBeNull();
    });

    it.each(['2999-01-01', 'infinity', '-infinity'])('fails the run where a heartbeat says %s', async (at) => {
      await beat('value_capture_log', at);
      await expect(freshness(both, { now })).rejects.toThrow(
        'freshness: source_heartbeats.seen_at of value_capture_log is no moment up to now',
      );
    });

    it('tells of each source that never sent one', async () => {
      await beat('value_capture_log', '2026-03-31T11:00:00Z');
      const { warnings } = await queryKpi(client, kpiUnit({ freshness: both }), { ...INPUT, now });
      expect(warnings).toEqual([
        'freshness: source_heartbeats has no row of resource_conflicts: whether it still writes is not known until its first one',
      ]);
    });
  });

  it('is null for a unit without a source', async () => {
    expect((await queryKpi(client, sampleOf('1'), INPUT)).dataTimestampSeconds).toBeNull();
  });
});

describe('a connection of the pool', () => {
  it('is never handed out again with a transaction open', async () => {
    const pool = createPool({
      settings: { connectionString: database.url },
      maxConnections: 1,
      connectTimeoutMs: 5_000,
      onIdleError: () => undefined,
    });
    await pool.withClient((one) => queryKpi(one, sampleOf('1 / 0'), INPUT)).catch(() => undefined);
    await pool.withClient((one) => one.query('BEGIN; SELECT 1 / 0')).catch(() => undefined);
    expect(await pool.withClient((one) => valueOf(sampleOf('3'), INPUT, one))).toBe(3);
    await pool.close();
  });
});
