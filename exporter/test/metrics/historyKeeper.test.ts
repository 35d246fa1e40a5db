import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase as createPool, type Database } from '../../src/database/pool.js';
import { migrate } from '../../src/database/migrate.js';
import { startTestServer } from '../support/testServer.js';
import { runKpi, type RunOutcome } from '../../src/kpi/run/runKpi.js';
import type { Sample } from '../../src/kpi/unit/unit.js';
import { createHistoryKeeper, type HistoryKeeper } from '../../src/metrics/historyKeeper.js';
import { createSelfMetrics, type SelfMetrics } from '../../src/metrics/selfMetrics.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import { INPUT, kpiUnit, metric, SETTINGS } from '../support/kpiUnit.js';
import { parseMetrics, valueOf } from '../support/metricsText.js';
import { SCHEMA_DIRECTORY } from '../support/migrations.js';
import { ERROR, recordedLogger, type LogLine } from '../support/recordedLogger.js';
import { startStandby } from '../support/standbyServer.js';

let server: TestDatabase;
let login: ExporterLogin;
let database: Database;
let self: SelfMetrics;
let history: HistoryKeeper;
let lines: LogLine[];

const pool = (connectionString: string): Database =>
  createPool({
    settings: { connectionString },
    maxConnections: 2,
    connectTimeoutMs: 5_000,
    onIdleError: () => undefined,
  });

beforeAll(async () => {
  server = await createDatabase();
  login = await createExporterLogin(server);
  database = pool(login.url);
});
afterAll(async () => {
  await database.close();
  await login.drop();
  await server.drop();
});
beforeEach(async () => {
  await server.client.query('TRUNCATE kpi_history, kpi_history_days');
  start();
});
afterEach(() => history.stop());

/** What fails is tried again after 50 ms, then 100. */
function start(of = database): void {
  const recorded = recordedLogger();
  lines = recorded.lines;
  self = createSelfMetrics({ version: '1.2.3', nodeVersion: 'v20.19.0' });
  history = keeper(of, recorded.log);
  history.configure([KEPT, OTHER]);
}

function keeper(of: Database, log = recordedLogger().log): HistoryKeeper {
  const retry = { initialDelayMs: 50, maxDelayMs: 100 };
  return createHistoryKeeper({ self, database: of, clock: () => new Date('2026-03-31T12:30:00Z'), log, retry });
}

const KEPT = kpiUnit({
  name: 'kept',
  metrics: [metric('portfolio_backlog', { labels: ['venture'], history: true }), metric('portfolio_not_kept')],
});
const OTHER = kpiUnit({ name: 'other', metrics: [metric('portfolio_other', { history: true })] });

const T0 = new Date('2026-03-31T12:00:00Z');
const backlog = (value: number, venture = 'x'): Sample[] => [
  { metric: 'portfolio_backlog', labels: { venture }, value },
  { metric: 'portfolio_not_kept', labels: {}, value: 9 },
];

/** A run of so many seconds after T0. */
function run(samples: readonly Sample[], seconds = 0, asOf = '2026-03-31', unit = KEPT) {
  const at = new Date(T0.getTime() + seconds * 1000);
  const outcome = {
    unit,
    startedAt: at,
    finishedAt: at,
    runSeconds: 0,
    waitSeconds: 0,
    attempts: 1,
    result: 'success',
    kpi: { samples, dataTimestampSeconds: null, warnings: [] },
    input: { ...INPUT, asOf, now: at },
  } satisfies RunOutcome;
  return outcome;
}

const rows = async (client: Client = server.client): Promise<string[]> => {
  const result = await client.query<{ line: string }>(
    `SELECT concat_ws(' ', kpi, metric, labels ->> 'venture', to_char(day, 'YYYY-MM-DD'), value) AS line
       FROM kpi_history ORDER BY 1`,
  );
  return result.rows.map(({ line }) => line);
};
const own = async (name: string, kpi = 'kept', more: Record<string, string> = {}): Promise<number | undefined> =>
  valueOf(parseMetrics(await self.text()), `portfolio_kpi_history_${name}`, { kpi, ...more });
const writes = (result: string): Promise<number | undefined> => own('writes_total', 'kept', { result });
const errors = (): LogLine[] => lines.filter(({ level }) => level === ERROR);
const failed = (count = 1) =>
  vi.waitFor(async () => expect(await writes('error')).toBeGreaterThanOrEqual(count), 60_000);
const recorded = (...lines: string[]) => vi.waitFor(async () => expect(await rows()).toEqual(lines), 60_000);

describe('what a KPI said', () => {
  it('is kept under the day of the run, the kept metrics only', async () => {
    history.keep(run(backlog(1)));
    await history.settled();
    expect(await rows()).toEqual(['kept portfolio_backlog x 2026-03-31 1']);
    expect(await writes('success')).toBe(1);
    expect(await own('last_success_timestamp_seconds')).toBe(T0.getTime() / 1000);
    expect(await own('pending_records')).toBe(0);
  });

  it('is not written again while nothing changes, and is on a new day; it is current all the same', async () => {
    // A row that is written or locked is another version, or bears the mark of who did it.
    const versions = async (): Promise<unknown[]> =>
      (
        await server.client.query<Record<string, string>>(`SELECT 'record' AS of, xmin, xmax, ctid FROM kpi_history
         UNION ALL SELECT 'mark', xmin, xmax, ctid FROM kpi_history_days`)
      ).rows;
    history.keep(run(backlog(1)));
    await history.settled();
    const before = await versions();
    const listener = new Client({ connectionString: server.url });
    await listener.connect();
    const heard = vi.fn();
    listener.on('notification', heard);
    await listener.query('LISTEN portfolio_changes');
    for (let n = 1; n < 5; n += 1) {
      history.keep(run(backlog(1), n));
      await history.settled();
    }
    expect(before).toHaveLength(2);
    expect(await versions()).toEqual(before);
    await listener.query('SELECT 1');
    await listener.end();
    expect(heard).not.toHaveBeenCalled();
    expect(await own('last_success_timestamp_seconds')).toBe(T0.getTime() / 1000 + 4);
    history.keep(run(backlog(1), 60, '2026-04-01'));
    await history.settled();
    expect(await rows()).toEqual(['kept portfolio_backlog x 2026-03-31 1', 'kept portfolio_backlog x 2026-04-01 1']);
  });

  it('has a long name, also one that no index entry can hold', async () => {
    // Random: what repeats itself is compressed into the index.
    const name = randomBytes(60_000).toString('base64');
    history.keep(run(backlog(1, name)));
    await history.settled();
    history.keep(run(backlog(2, name), 1));
    await history.settled();
    expect(await rows()).toEqual([`kept portfolio_backlog ${name} 2026-03-31 2`]);
    expect(errors()).toEqual([]);
  });
});

describe('two replicas at midnight', () => {
  let twin: HistoryKeeper;
  let twinDatabase: Database;
  let twinLines: LogLine[];
  beforeEach(() => {
    const recorded = recordedLogger();
    twinLines = recorded.lines;
    twinDatabase = pool(login.url);
    twin = keeper(twinDatabase, recorded.log);
    twin.configure([KEPT]);
  });
  afterEach(async () => {
    await twin.stop();
    await twinDatabase.close();
  });

  const MIDNIGHT = 12 * 3600;
  /** A complete value: what is left of another one shows. */
  const said = (value: number): Sample[] => [...backlog(value), ...backlog(value, `only ${value}`)];
  const whole = (value: number, day: string): string[] => [
    `kept portfolio_backlog only ${value} ${day} ${value}`,
    `kept portfolio_backlog x ${day} ${value}`,
  ];
  const settle = () => Promise.all([history.settled(), twin.settled()]);

  it('leave one row a series and day, the last complete value of each', async () => {
    history.keep(run(said(1), MIDNIGHT - 31));
    await settle();
    twin.keep(run(said(2), MIDNIGHT - 30));
    await settle();
    // What the first replica has said before, and the other has not.
    history.keep(run(said(1), MIDNIGHT - 1));
    await settle();
    twin.keep(run(said(2), MIDNIGHT, '2026-04-01'));
    await settle();
    history.keep(run(said(3), MIDNIGHT + 1, '2026-04-01'));
    await settle();
    expect(await rows()).toEqual([...whole(1, '2026-03-31'), ...whole(3, '2026-04-01')].sort());
    expect([...errors(), ...twinLines.filter(({ level }) => level === ERROR)]).toEqual([]);
  });

  it('that write at the very same moment wait for each other, and what remains is whole', async () => {
    const waiting = async () => {
      const { rows: sessions } = await server.client.query(
        `SELECT pid FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'`,
        [login.role],
      );
      return sessions.length;
    };
    const holder = new Client({ connectionString: server.url });
    await holder.connect();
    try {
      for (const [at, day] of [
        [MIDNIGHT - 1, '2026-03-31'],
        [MIDNIGHT, '2026-04-01'],
      ] as const) {
        history.keep(run(said(0), at - 10, day));
        await settle();
        await holder.query('BEGIN');
        await holder.query('SELECT FROM kpi_history_days WHERE day = $1 FOR UPDATE', [day]);
        history.keep(run(said(1), at, day));
        twin.keep(run(said(2), at, day));
        await expect.poll(waiting, { timeout: 60_000 }).toBe(2);
        await holder.query('COMMIT');
        await settle();
        expect([whole(1, day), whole(2, day)]).toContainEqual((await rows()).filter((line) => line.includes(day)));
      }
    } finally {
      await holder.end();
    }
    expect([...errors(), ...twinLines.filter(({ level }) => level === ERROR)]).toEqual([]);
  });

  it('are of one day by the clock of the database, where the clock of one is an hour behind', async () => {
    const unit = kpiUnit({
      name: 'kept',
      sql: 'SELECT $1::text AS venture, extract(epoch FROM $2::timestamptz)::float8 AS portfolio_backlog',
      parameters: ['as_of', 'now'],
      metrics: [metric('portfolio_backlog', { labels: ['venture'], history: true })],
    });
    const retry = { attempts: 1, initialDelayMs: 1, maxDelayMs: 1 };
    const behind = () => new Date(Date.now() - 3_600_000);
    for (const [at, clock] of [
      [history, () => new Date()],
      [twin, behind],
      [history, () => new Date()],
    ] as const) {
      const outcome = await runKpi(unit, { database, clock, retry, settings: () => SETTINGS });
      if (outcome.result !== 'success') throw new Error(JSON.stringify(outcome));
      at.keep(outcome);
      await settle();
      const { rows: kept } = await server.client.query(
        `SELECT to_char(day, 'YYYY-MM-DD') AS day, labels ->> 'venture' AS venture, value FROM kpi_history
          WHERE day = $1`,
        [outcome.input.asOf],
      );
      const { asOf, now } = outcome.input;
      expect(kept).toEqual([{ day: asOf, venture: asOf, value: now.getTime() / 1000 }]);
    }
  });
});

describe('what cannot be written', () => {
  const FAULTS = {
    'the right is revoked': [
      `REVOKE INSERT ON kpi_history FROM portfolio_exporter`,
      `GRANT INSERT ON kpi_history TO portfolio_exporter`,
    ],
    'the disk is full': [
      `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
       CREATE TRIGGER full_disk BEFORE INSERT ON kpi_history FOR EACH STATEMENT EXECUTE FUNCTION full_disk()`,
      `DROP TRIGGER full_disk ON kpi_history; DROP FUNCTION full_disk()`,
    ],
    'the table is gone': [`ALTER TABLE kpi_history RENAME TO away`, `ALTER TABLE away RENAME TO kpi_history`],
  } as const;

  it.each(Object.entries(FAULTS))('because %s is tried again until it is, without another run', async (_, sql) => {
    await server.client.query(sql[0]);
    try {
      history.keep(run(backlog(1)));
      await failed(3);
      expect(await own('pending_records')).toBe(1);
      expect(await own('last_success_timestamp_seconds')).toBeUndefined();
      expect(history.trouble('kept')).toEqual({
        since: new Date('2026-03-31T12:30:00Z'),
        days: ['2026-03-31'],
        reason: expect.stringContaining('SQLSTATE') as unknown,
      });
      // One line, not one for each try.
      expect(errors()).toHaveLength(1);
    } finally {
      await server.client.query(sql[1]);
    }
    await recorded('kept portfolio_backlog x 2026-03-31 1');
    await history.settled();
    expect(await own('pending_records')).toBe(0);
    expect(await own('last_success_timestamp_seconds')).toBe(T0.getTime() / 1000);
    expect(history.trouble('kept')).toBeNull();
    expect(lines.at(-1)).toMatchObject({ kpi: 'kept', msg: 'KPI history is written again' });
  });

  it('because another session holds the table is written when that ends', async () => {
    const holder = new Client({ connectionString: server.url });
    await holder.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE kpi_history IN ACCESS EXCLUSIVE MODE');
      history.keep(run(backlog(1)));
      history.keep(run(backlog(2), 1));
    } finally {
      await holder.end();
    }
    await recorded('kept portfolio_backlog x 2026-03-31 2');
  });

  describe('for a while', () => {
    beforeEach(() => server.client.query(FAULTS['the table is gone'][0]));
    afterEach(() => server.client.query(FAULTS['the table is gone'][1]).catch(() => undefined));
    const mend = () => server.client.query(FAULTS['the table is gone'][1]);

    it('gives way to a newer run of the day', async () => {
      history.keep(run(backlog(1)));
      await failed();
      history.keep(run(backlog(2), 3600));
      await failed(2);
      expect(await own('pending_records')).toBe(1);
      await mend();
      await recorded('kept portfolio_backlog x 2026-03-31 2');
      await history.settled();
      expect(await own('last_success_timestamp_seconds')).toBe(T0.getTime() / 1000 + 3600);
    });

    it('over midnight is written under its own day', async () => {
      history.keep(run(backlog(1)));
      await failed();
      history.keep(run(backlog(2), 86_400, '2026-04-01'));
      await failed(2);
      expect(await own('pending_records')).toBe(2);
      await mend();
      await recorded('kept portfolio_backlog x 2026-03-31 1', 'kept portfolio_backlog x 2026-04-01 2');
    });

    it('does not keep other KPIs from being written', async () => {
      await mend();
      await server.client.query(
        `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON kpi_history FOR EACH ROW WHEN (NEW.kpi = 'kept') EXECUTE FUNCTION refuse()`,
      );
      try {
        history.keep(run(backlog(1)));
        history.keep(run([{ metric: 'portfolio_other', labels: {}, value: 5 }], 0, '2026-03-31', OTHER));
        await recorded('other portfolio_other 2026-03-31 5');
        expect(await own('pending_records', 'other')).toBe(0);
        expect(await own('pending_records', 'kept')).toBe(1);
      } finally {
        await server.client.query('DROP FUNCTION refuse() CASCADE');
      }
      await recorded('kept portfolio_backlog x 2026-03-31 1', 'other portfolio_other 2026-03-31 5');
    });

    it('is held for a week, and what is lost is named', async () => {
      const keep = (day: number) => history.keep(run(backlog(day), day * 86_400, `2026-04-0${day}`));
      for (let day = 1; day <= 7; day += 1) keep(day);
      await failed(7);
      for (const day of [8, 9]) keep(day);
      expect(await own('pending_records')).toBe(7);
      expect(lines.filter(({ msg }) => msg.includes('lost')).map(({ day, msg }) => [day, msg])).toEqual([
        ['2026-04-01', expect.stringContaining('backfill --from 2026-04-01 --to 2026-04-01 --kpi kept --overwrite')],
        ['2026-04-02', expect.anything()],
      ]);
      await mend();
      // One that was given up may have been under way, and still be written.
      const held = [3, 4, 5, 6, 7, 8, 9].map((day) => `kept portfolio_backlog x 2026-04-0${day} ${day}`);
      await vi.waitFor(async () => expect(await rows()).toEqual(expect.arrayContaining(held)), 60_000);
    });

    it('is tried once more at the stop, and named where that fails too', async () => {
      history.keep(run(backlog(1)));
      await failed();
      const before = (await writes('error')) ?? 0;
      await history.stop();
      expect(await writes('error')).toBe(before + 1);
      expect(lines.at(-1)).toMatchObject({
        kpi: 'kept',
        day: '2026-03-31',
        msg: expect.stringContaining('is lost') as unknown,
      });
      start();
      history.keep(run(backlog(1)));
      await failed();
      await mend();
      await history.stop();
      expect(await rows()).toEqual(['kept portfolio_backlog x 2026-03-31 1']);
    });

    it('is forgotten with its KPI', async () => {
      history.keep(run(backlog(1)));
      await failed();
      history.configure([OTHER]);
      await mend();
      await history.settled();
      await history.stop();
      expect(await rows()).toEqual([]);
      expect(await own('pending_records')).toBeUndefined();
    });
  });

  it('because there is no database waits for it, and is told once', async () => {
    const url = new URL(login.url);
    url.port = '1';
    const closed = pool(url.href);
    start(closed);
    history.keep(run(backlog(1)));
    history.keep(run([{ metric: 'portfolio_other', labels: {}, value: 5 }], 0, '2026-03-31', OTHER));
    await failed(2);
    expect(errors()).toHaveLength(1);
    await history.stop();
    await closed.close();
  });
});

describe('a replica that writes late', () => {
  it('does not overwrite what another computed after it, though nothing of it is left', async () => {
    const twin = keeper(database);
    twin.configure([KEPT]);
    await server.client.query(`REVOKE INSERT, UPDATE ON kpi_history_days FROM portfolio_exporter`);
    history.keep(run(backlog(1)));
    await failed();
    await server.client.query(`GRANT INSERT, UPDATE ON kpi_history_days TO portfolio_exporter`);
    twin.keep(run([], 60));
    await twin.stop();
    history.retry();
    await history.settled();
    expect(await rows()).toEqual([]);
    // The newer record is the day's record: nothing waits.
    expect(await own('pending_records')).toBe(0);
  });

  it('is not held back by a mark of a clock that has been set back since', async () => {
    await server.client.query(`INSERT INTO kpi_history_days VALUES ('kept', '2026-03-31', now() + interval '1 hour')`);
    history.keep(run(backlog(1)));
    await history.settled();
    expect(await rows()).toEqual(['kept portfolio_backlog x 2026-03-31 1']);
  });
});

describe('on a read-only standby', () => {
  it('nothing is written, that is said once, and what the primary has recorded is recorded', async () => {
    const primary = await startTestServer();
    const config = { connectionString: primary.url };
    await migrate({ config, directory: SCHEMA_DIRECTORY, log: { info: () => undefined, warn: () => undefined } });
    const standby = await startStandby(primary, true);
    const onStandby = pool(standby.url);
    const onPrimary = pool(primary.url);
    try {
      start(onStandby);
      history.keep(run(backlog(1)));
      history.keep(run([{ metric: 'portfolio_other', labels: {}, value: 5 }], 0, '2026-03-31', OTHER));
      await failed(3);
      await vi.waitFor(
        async () => expect(await own('writes_total', 'other', { result: 'error' })).toBeGreaterThan(1),
        60_000,
      );
      expect(errors().map(({ msg }) => msg)).toEqual([
        'the database is a read-only standby: KPI history is not written; reads go on',
      ]);
      expect(history.trouble('kept')).toMatchObject({ reason: 'the database is a read-only standby' });
      const twin = keeper(onPrimary);
      twin.configure([KEPT]);
      twin.keep(run(backlog(1), 1));
      await twin.stop();
      await vi.waitFor(async () => expect(await own('pending_records')).toBe(0), 60_000);
      await vi.waitFor(() => expect(history.trouble('kept')).toBeNull(), 60_000);
      // Nothing changes on the primary, which writes nothing more: a later run that says the same is recorded too.
      const failures = await writes('error');
      history.keep(run(backlog(1), 2));
      await history.settled();
      expect(await writes('error')).toBe(failures);
      expect(await own('pending_records', 'other')).toBe(1);
    } finally {
      await history.stop();
      await onStandby.close();
      await onPrimary.close();
      await standby.stop();
      await primary.stop();
    }
  });
});
