import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/database/pool.js';
import type { SessionPoolOptions } from '../../src/database/sessionPool.js';
import { createDatabase as createTestDatabase, type TestDatabase } from '../support/database.js';
import { startSilentProxy } from '../support/silentProxy.js';

let server: TestDatabase;
const open: Database[] = [];
const idleErrors: string[] = [];

beforeAll(async () => {
  server = await createTestDatabase({ template: 'empty' });
});
afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
  idleErrors.length = 0;
});
afterAll(() => server.drop());

function pool(options: Partial<SessionPoolOptions> = {}): Database {
  const database = createDatabase({
    settings: { connectionString: server.url },
    maxConnections: 2,
    connectTimeoutMs: 2_000,
    onIdleError: (error) => idleErrors.push(error.message),
    ...options,
  });
  open.push(database);
  return database;
}

async function close(database: Database): Promise<void> {
  open.splice(open.indexOf(database), 1);
  await database.close();
}

const backend = async (database: Database): Promise<number> =>
  database.withClient(async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0]?.pid ?? 0;
  });

describe('a connection', () => {
  it('is used again after a success, and replaced after a failure', async () => {
    const database = pool();
    const first = await backend(database);
    expect(await backend(database)).toBe(first);
    await expect(database.withClient(() => Promise.reject(new Error('no use')))).rejects.toThrow('no use');
    expect(await backend(database)).not.toBe(first);
  });

  it('that is terminated while idle is reported and replaced', async () => {
    const database = pool();
    const first = await backend(database);
    await server.client.query('SELECT pg_terminate_backend($1, 5000)', [first]);
    await vi.waitFor(() => expect(idleErrors).toEqual(['terminating connection due to administrator command']), 60_000);
    expect(await backend(database)).not.toBe(first);
  });

  it('that breaks without a word while it is in use fails the work and not the process', async () => {
    const crashes: string[] = [];
    const onCrash = (error: Error): number => crashes.push(error.message);
    // Without a listener of its own, vitest would end this run; with one, the crash is seen here.
    process.prependListener('uncaughtException', onCrash);
    const proxy = await startSilentProxy(server.url);
    try {
      const database = pool({ settings: { connectionString: proxy.url } });
      const work = database.withClient((client) => client.query('SELECT pg_sleep(20)'));
      work.catch(() => undefined);
      await vi.waitFor(async () => {
        const { rowCount } = await server.client.query(
          `SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)'`,
        );
        expect(rowCount).toBe(1);
      }, 60_000);
      // The sockets end, as when the kernel kills a server process.
      await proxy.stop();
      await expect(work).rejects.toThrow('Connection terminated unexpectedly');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(crashes).toEqual([]);
    } finally {
      process.off('uncaughtException', onCrash);
    }
  });

  it('that breaks between two queries fails the second', async () => {
    const database = pool();
    const work = database.withClient(async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await server.client.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await client.query('SELECT 1');
    });
    await expect(work).rejects.toThrow(/not queryable/);
    expect(await backend(database)).toBeGreaterThan(0);
  });

  it('whose server vanished is given up after the time limit', async () => {
    const proxy = await startSilentProxy(server.url);
    const database = pool({ settings: { connectionString: proxy.url }, queryTimeoutMs: 300 });
    await backend(database);
    proxy.mute();
    await expect(backend(database)).rejects.toThrow('Query read timeout');
    proxy.unmute();
    expect(await backend(database)).toBeGreaterThan(0);
    await close(database);
    await proxy.stop();
  });

  it('is told by its name in pg_stat_activity', async () => {
    await pool().withClient(async (client) => {
      const { rows } = await client.query(`SELECT current_setting('application_name') AS name`);
      expect(rows).toEqual([{ name: 'portfolio-exporter' }]);
    });
  });
});

describe('a full pool', () => {
  it('makes work wait for its turn, longer than a connection may take, and in order', async () => {
    // The third waits longer than the two seconds that a connection may take here.
    const database = pool({ maxConnections: 1 });
    await backend(database);
    const order: number[] = [];
    const work = [1, 2, 3].map((n) =>
      database.withClient(async (client) => {
        await client.query('SELECT pg_sleep(1.05)');
        order.push(n);
      }),
    );
    await Promise.all(work);
    expect(order).toEqual([1, 2, 3]);
  });

  it('never opens more connections than it may', async () => {
    const database = pool({ maxConnections: 3, settings: { connectionString: server.url, application_name: 'many' } });
    let most = 0;
    const work = Array.from({ length: 12 }, () =>
      database.withClient(async (client) => {
        await client.query('SELECT pg_sleep(0.05)');
        const { rowCount } = await server.client.query(`SELECT FROM pg_stat_activity WHERE application_name = 'many'`);
        most = Math.max(most, rowCount ?? 0);
      }),
    );
    await Promise.all(work);
    expect(most).toBe(3);
  });

  it('gives the turn on after a failure to connect', async () => {
    const database = pool({ maxConnections: 1, settings: { connectionString: server.urlOf('nobody', 'x') } });
    for (let time = 0; time < 3; time += 1)
      await expect(backend(database)).rejects.toMatchObject({ name: 'ConnectionError', cause: { code: '28P01' } });
  });
});

describe('close', () => {
  it('fails the work under way and the work that waits for its turn, at once', async () => {
    const database = pool({ maxConnections: 1 });
    const work = database.withClient((client) => client.query('SELECT pg_sleep(21)'));
    work.catch(() => undefined);
    const waiting = backend(database);
    waiting.catch(() => undefined);
    await vi.waitFor(async () => {
      const { rowCount } = await server.client.query(
        `SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(21)'`,
      );
      expect(rowCount).toBe(1);
    }, 60_000);
    const before = Date.now();
    await close(database);
    await expect(work).rejects.toThrow('Connection terminated');
    await expect(waiting).rejects.toThrow('Cannot use a pool after calling end on the pool');
    expect(Date.now() - before).toBeLessThan(15_000);
  });

  it('fails work that is still connecting', async () => {
    const database = pool();
    const begun: string[] = [];
    const work = database.withClient(async (client) => {
      begun.push('begun');
      await client.query('SELECT pg_sleep(22)');
    });
    work.catch(() => undefined);
    // Past the turn, into the connecting.
    await new Promise((resolve) => setImmediate(resolve));
    const before = Date.now();
    await close(database);
    await expect(work).rejects.toThrow('Connection terminated');
    expect(begun).toEqual([]);
    expect(Date.now() - before).toBeLessThan(15_000);
  });
});

it('opens nothing before it is used, and closes everything', async () => {
  const connections = async (): Promise<number | null> => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const { rowCount } = await client.query(`SELECT FROM pg_stat_activity WHERE application_name = 'counted'`);
    await client.end();
    return rowCount;
  };
  const database = pool({ settings: { connectionString: server.url, application_name: 'counted' } });
  expect(await connections()).toBe(0);
  await Promise.all([backend(database), backend(database)]);
  expect(await connections()).toBe(2);
  await close(database);
  await vi.waitFor(async () => expect(await connections()).toBe(0), 60_000);
});
