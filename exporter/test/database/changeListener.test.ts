import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  startChangeListener,
  type ChangeListener,
  type ChangeListenerOptions,
} from '../../src/database/changeListener.js';
import { createDatabase as createPool, type Database } from '../../src/database/pool.js';
import { startTestServer } from '../support/testServer.js';
import { createKpiScheduler, type KpiScheduler } from '../../src/kpi/schedule/kpiScheduler.js';
import { runKpi } from '../../src/kpi/run/runKpi.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import { kpiUnit, SETTINGS } from '../support/kpiUnit.js';
import { startSilentProxy } from '../support/silentProxy.js';
import { startStandby } from '../support/standbyServer.js';

const INITIATIVE = '00000000-0000-4000-8000-000000000002';
/** What is awaited; a machine with other work needs it. */
const SOON_MS = 60_000;
/** Less than any time that a listener waits by itself where it is to end at once. */
const AT_ONCE_MS = 15_000;
const INSERT = `INSERT INTO value_capture_log (initiative_id, value_type, value_amount)`;

let database: TestDatabase;
let login: ExporterLogin;
let listener: ChangeListener | null;
let changes: string[];
let listenings: number;
let errors: string[];

beforeAll(async () => {
  database = await createDatabase();
  login = await createExporterLogin(database);
  await database.client.query(
    `INSERT INTO synergy_initiatives (id, code, name) VALUES ('${INITIATIVE}', 'AUTH-SHARED-001', 'Shared login')`,
  );
});
beforeEach(() => {
  listener = null;
  changes = [];
  listenings = 0;
  errors = [];
});
afterEach(async () => {
  await listener?.stop();
  await database.client.query('TRUNCATE value_capture_log');
});
afterAll(async () => {
  await login.drop();
  await database.drop();
});

function start(options: Partial<ChangeListenerOptions> = {}): ChangeListener {
  listener = startChangeListener({
    settings: { connectionString: login.url },
    connectTimeoutMs: 2_000,
    keepAliveMs: 1_000,
    retry: { initialDelayMs: 20, maxDelayMs: 100 },
    onChange: (table) => changes.push(table),
    onListening: () => (listenings += 1),
    onError: (error) => errors.push(error instanceof Error ? error.message : String(error)),
    ...options,
  });
  return listener;
}

const listening = (times: number): Promise<void> => vi.waitFor(() => expect(listenings).toBe(times), SOON_MS);

async function listeners(): Promise<number[]> {
  const { rows } = await database.client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'portfolio-exporter listen' AND datname = current_database()`,
  );
  return rows.map((row) => row.pid);
}

async function elapsed(action: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await action();
  return performance.now() - before;
}

describe('a listener', () => {
  it('says that it listens, then tells of each changed table, with the rights of the exporter', async () => {
    start();
    await listening(1);
    await database.client.query(`${INSERT} VALUES ('${INITIATIVE}', 'COST_SAVED', 1)`);
    await database.client.query(`UPDATE synergy_initiatives SET progress_pct = 5`);
    await database.client.query(`SELECT pg_notify('something_else', 'x')`);
    await vi.waitFor(() => expect(changes).toEqual(['value_capture_log', 'synergy_initiatives']), SOON_MS);
    expect(errors).toEqual([]);
    expect(listenings).toBe(1);
  });

  it('listens again after its connection was killed, and says so', async () => {
    start();
    for (const time of [1, 2, 3]) {
      await listening(time);
      expect(errors).toHaveLength(time - 1);
      const [pid] = await listeners();
      await database.client.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
    }
    await listening(4);
    expect(errors).toEqual(Array(3).fill('terminating connection due to administrator command'));
    await database.client.query(`${INSERT} VALUES ('${INITIATIVE}', 'COST_SAVED', 1)`);
    await vi.waitFor(() => expect(changes).toEqual(['value_capture_log']), SOON_MS);
    expect(await listeners()).toHaveLength(1);
  });

  it('notices a peer that vanished without a packet, and listens again', async () => {
    const proxy = await startSilentProxy(login.url);
    start({ settings: { connectionString: proxy.url }, keepAliveMs: 200, connectTimeoutMs: 1_000 });
    await listening(1);
    proxy.mute();
    await vi.waitFor(() => expect(errors).toContain('Query read timeout'), SOON_MS);
    expect(listenings).toBe(1);
    proxy.unmute();
    await listening(2);
    await listener?.stop();
    await proxy.stop();
  });

  it('waits for a server that is not there, with growing delays', async () => {
    const at: number[] = [];
    const onError = (error: unknown): void => {
      at.push(performance.now());
      errors.push(error instanceof Error ? error.message : String(error));
    };
    start({
      settings: { connectionString: 'postgres://postgres:x@127.0.0.1:1/postgres' },
      retry: { initialDelayMs: 100, maxDelayMs: 400 },
      onError,
    });
    await vi.waitFor(() => expect(at.length).toBeGreaterThanOrEqual(5), SOON_MS);
    expect(errors[0]).toBe('connect ECONNREFUSED 127.0.0.1:1');
    // Half to the whole of 100, 200, 400, 400.
    const gaps = at.slice(1, 5).map((time, index) => time - (at[index] ?? 0));
    for (const [index, least] of [50, 100, 200, 200].entries()) expect(gaps[index]).toBeGreaterThanOrEqual(least - 5);
    expect(listenings).toBe(0);
  });
});

describe('on a hot standby', () => {
  it('says once that LISTEN is refused there, and listens when it is promoted', async () => {
    const primary = await startTestServer();
    const standby = await startStandby(primary);
    try {
      const news: boolean[] = [];
      start({
        settings: { connectionString: standby.url },
        onError: (error, isNew) => {
          errors.push(error instanceof Error ? error.message : String(error));
          news.push(isNew);
        },
      });
      await vi.waitFor(() => expect(errors.length).toBeGreaterThan(2), SOON_MS);
      const reason =
        'the database is a read-only standby, which refuses LISTEN; fix: connect to the primary, or set database.listen: false';
      expect(new Set(errors)).toEqual(new Set([reason]));
      expect(news.slice(0, 3)).toEqual([true, false, false]);
      expect(listener?.trouble()?.reason).toBe(reason);
      const client = new Client({ connectionString: standby.url });
      await client.connect();
      await client.query('SELECT pg_promote()');
      await client.end();
      await listening(1);
      expect(listener?.trouble()).toBeNull();
    } finally {
      await listener?.stop();
      await standby.stop();
      await primary.stop();
    }
  });
});

describe('stop', () => {
  it('ends at once while listening, and disconnects', async () => {
    start({ keepAliveMs: 60_000 });
    await listening(1);
    expect(await elapsed(() => listener?.stop() ?? Promise.resolve())).toBeLessThan(AT_ONCE_MS);
    await vi.waitFor(async () => expect(await listeners()).toEqual([]), SOON_MS);
    await database.client.query(`${INSERT} VALUES ('${INITIATIVE}', 'COST_SAVED', 1)`);
    expect(changes).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('ends at once while it waits to connect again', async () => {
    const retry = { initialDelayMs: 60_000, maxDelayMs: 60_000 };
    start({ settings: { connectionString: 'postgres://postgres:x@127.0.0.1:1/postgres' }, retry });
    await vi.waitFor(() => expect(errors).toHaveLength(1), SOON_MS);
    expect(await elapsed(() => listener?.stop() ?? Promise.resolve())).toBeLessThan(AT_ONCE_MS);
    expect(errors).toHaveLength(1);
  });

  it('ends soon while it connects to a server that never answers', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const reached = once(silent, 'connection');
    start({ settings: { host: '127.0.0.1', port, user: 'x', password: 'x' }, connectTimeoutMs: 20_000 });
    const [socket] = (await reached) as [{ destroy: () => void }];
    expect(await elapsed(() => listener?.stop() ?? Promise.resolve())).toBeLessThan(AT_ONCE_MS);
    expect(errors).toEqual([]);
    socket.destroy();
    silent.close();
  });

  it('ends soon when the peer vanished', async () => {
    const proxy = await startSilentProxy(login.url);
    start({ settings: { connectionString: proxy.url }, keepAliveMs: 60_000, connectTimeoutMs: 60_000 });
    await listening(1);
    proxy.mute();
    expect(await elapsed(() => listener?.stop() ?? Promise.resolve())).toBeLessThan(AT_ONCE_MS);
    await proxy.stop();
  });
});

/** Listener, scheduler and runs joined as in the program, on a KPI that counts the rows. */
describe('a burst of 10,000 changes', () => {
  const MIN_INTERVAL_MS = 250;
  let pool: Database;
  let scheduler: KpiScheduler;
  let counts: number[];

  beforeEach(async () => {
    counts = [];
    pool = createPool({
      settings: { connectionString: login.url },
      maxConnections: 2,
      connectTimeoutMs: 5_000,
      onIdleError: () => undefined,
    });
    const clock = (): Date => new Date();
    const retry = { attempts: 1, initialDelayMs: 10, maxDelayMs: 10 };
    scheduler = createKpiScheduler({
      clock,
      random: () => 0,
      run: async (unit) => {
        const outcome = await runKpi(unit, { database: pool, retry, clock, settings: () => SETTINGS });
        counts.push(outcome.result === 'success' ? (outcome.kpi.samples[0]?.value ?? -1) : -1);
      },
      onSkip: () => undefined,
    });
    const unit = kpiUnit({
      // In real time, and longer than the test.
      schedule: { kind: 'every', intervalMs: 60_000 },
      onChange: ['value_capture_log'],
      sql: 'SELECT count(*) AS portfolio_sample FROM value_capture_log',
    });
    scheduler.apply([unit], {
      timeZone: 'UTC',
      jitterMs: 0,
      onChange: { delayMs: 50, minIntervalMs: MIN_INTERVAL_MS },
    });
    start({
      onChange: (table) => {
        changes.push(table);
        scheduler.tableChanged(table);
      },
      onListening: () => {
        listenings += 1;
        scheduler.request(({ onChange }) => onChange.length > 0);
      },
    });
    await listening(1);
    await vi.waitFor(() => expect(scheduler.isRunning('sample')).toBe(false), SOON_MS);
    // The run at the start may be followed by the one for listening.
    await settle();
    expect(counts.every((count) => count === 0)).toBe(true);
    counts = [];
  });
  afterEach(async () => {
    await listener?.stop();
    await scheduler.stop();
    await pool.close();
  });

  /** Whatever run is still to come has ended: its timer is due before the one here. */
  async function settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2 * MIN_INTERVAL_MS));
    await vi.waitFor(() => expect(scheduler.isRunning('sample')).toBe(false), SOON_MS);
  }

  const lastSees = (rows: number): Promise<void> => vi.waitFor(() => expect(counts.at(-1)).toBe(rows), SOON_MS);

  it('in one statement makes one run, which sees the last row', async () => {
    await database.client.query(
      `${INSERT} SELECT '${INITIATIVE}', 'COST_SAVED', n FROM generate_series(1, 10000) AS n`,
    );
    await lastSees(10_000);
    await settle();
    expect(counts).toEqual([10_000]);
    expect(changes).toEqual(['value_capture_log']);
  });

  it('in one transaction makes one run after its commit', async () => {
    await database.client.query(
      `DO $$ BEGIN
         FOR n IN 1..10000 LOOP ${INSERT} VALUES ('${INITIATIVE}', 'COST_SAVED', n); END LOOP;
       END $$`,
    );
    await lastSees(10_000);
    await settle();
    expect(counts).toEqual([10_000]);
    expect(changes).toEqual(['value_capture_log']);
  });

  it('in as many transactions makes at most one run an interval and one more, the last of which sees the last row', async () => {
    const writer = new Client({ connectionString: database.url });
    await writer.connect();
    const ms = await elapsed(async () => {
      // Each statement of a simple query would share one transaction: a COMMIT after each gives each its own.
      const one = `BEGIN; ${INSERT} VALUES ('${INITIATIVE}', 'COST_SAVED', 1); COMMIT;`;
      for (let batch = 0; batch < 100; batch += 1) await writer.query(one.repeat(100));
    });
    await lastSees(10_000);
    await settle();
    expect(changes.length).toBeGreaterThan(1_000);
    expect(counts.length).toBeLessThanOrEqual(Math.ceil(ms / MIN_INTERVAL_MS) + 2);
    expect(counts.at(-1)).toBe(10_000);
    await writer.end();
  });

  it('while nobody listened makes one run when somebody does again, which sees the last row', async () => {
    const [pid] = await listeners();
    await database.client.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
    await database.client.query(
      `${INSERT} SELECT '${INITIATIVE}', 'COST_SAVED', n FROM generate_series(1, 10000) AS n`,
    );
    await lastSees(10_000);
    await settle();
    expect(listenings).toBe(2);
    expect(counts.length).toBeLessThanOrEqual(2);
  });
});
