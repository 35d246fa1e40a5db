import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  startDatabaseMonitor,
  type DatabaseMonitor,
  type DatabaseMonitorDeps,
} from '../../src/database/databaseMonitor.js';
import { createDatabase as createPool, type Database } from '../../src/database/pool.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordedLogger, type LogLine } from '../support/recordedLogger.js';
import { startSilentProxy } from '../support/silentProxy.js';

let server: TestDatabase;
let role: string;
let database: Database;
let monitor: DatabaseMonitor;
let answers: boolean[];
let ups: number;
let lines: LogLine[];

beforeAll(async () => {
  server = await createDatabase({ template: 'empty' });
  role = `monitor_${randomBytes(6).toString('hex')}`;
  await server.client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'test'`);
});
beforeEach(() => {
  answers = [];
  ups = 0;
});
afterEach(async () => {
  await monitor.stop();
  await database.close();
});
afterAll(async () => {
  await server.client.query(`DROP ROLE ${role}`);
  await server.drop();
});

function start(options: Partial<DatabaseMonitorDeps> & { url?: string } = {}): void {
  const { url = server.urlOf(role, 'test'), ...rest } = options;
  database = createPool({
    settings: { connectionString: url },
    maxConnections: 1,
    connectTimeoutMs: 300,
    onIdleError: () => undefined,
  });
  const recorded = recordedLogger();
  lines = recorded.lines;
  monitor = startDatabaseMonitor({
    database,
    probeIntervalMs: 30,
    answerTimeoutMs: 300,
    clock: () => new Date(),
    log: recorded.log,
    onAnswer: ({ up }) => answers.push(up === true),
    onUp: () => (ups += 1),
    schemaProblem: () => Promise.resolve(null),
    onSchemaMended: () => undefined,
    ...rest,
  });
}

const said = (): unknown[] => lines.map(({ msg, reason }) => (reason === undefined ? msg : [msg, reason]));

/** From now on the role cannot connect, and connections it has are ended. */
async function lockOut(): Promise<void> {
  await server.client.query(`ALTER ROLE ${role} NOLOGIN`);
  await server.client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1', [role]);
}
const letIn = (): Promise<unknown> => server.client.query(`ALTER ROLE ${role} LOGIN`);

describe('the monitor', () => {
  it('knows nothing before the first answer', () => {
    start();
    expect(monitor.state()).toEqual({ up: null, reason: null, since: null, schemaProblem: null, standby: false });
    expect(answers).toEqual([]);
  });

  it('logs each transition once, however often it asks', async () => {
    start();
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(5), 60_000);
    expect(new Set(answers)).toEqual(new Set([true]));
    expect(monitor.state()).toMatchObject({ up: true, reason: null });
    const since = monitor.state().since;
    expect(since).toBeInstanceOf(Date);
    expect(said()).toEqual(['database is up']);
    expect(ups).toBe(1);

    const reason = `role "${role}" is not permitted to log in (SQLSTATE 28000)`;
    await lockOut();
    await vi.waitFor(() => expect(answers.slice(-5)).toEqual(Array(5).fill(false)), 60_000);
    expect(monitor.state()).toMatchObject({ up: false });
    expect(monitor.state().since?.getTime()).toBeGreaterThan(since?.getTime() ?? 0);
    // The connection that was ended may have been the first to tell.
    expect(said().at(-1)).toEqual(['database is down', reason]);
    expect(lines.filter((line) => line.level === 50 && line['reason'] === reason)).toHaveLength(1);
    expect(ups).toBe(1);

    await letIn();
    await vi.waitFor(() => expect(monitor.state()).toMatchObject({ up: true, reason: null }), 60_000);
    expect(said().at(-1)).toBe('database is up');
    expect(ups).toBe(2);
    expect(said().filter((line) => line === 'database is up')).toHaveLength(2);
  });

  it('logs once more when the reason changes, and keeps the time of the outage', async () => {
    start({ url: server.urlOf(role, 'not the password') });
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(2), 60_000);
    const { since, reason } = monitor.state();
    expect(reason).toMatch(/^password authentication failed/);
    await server.client.query(`ALTER ROLE ${role} PASSWORD 'not the password' CONNECTION LIMIT 0`);
    await vi.waitFor(() => expect(monitor.state().reason).toMatch(/^too many connections for role/), 60_000);
    expect(monitor.state().since).toEqual(since);
    expect(lines).toHaveLength(2);
    expect(ups).toBe(0);
    await server.client.query(`ALTER ROLE ${role} PASSWORD 'test' CONNECTION LIMIT -1`);
  });

  it('never logs the password', async () => {
    start({ url: server.urlOf(role, 's3cret') });
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(1), 60_000);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  it('counts a server that does not answer in time as down', async () => {
    const proxy = await startSilentProxy(server.url);
    start({ url: proxy.url });
    await vi.waitFor(() => expect(answers.at(-1)).toBe(true), 60_000);
    proxy.mute();
    await vi.waitFor(() => expect(monitor.state()).toMatchObject({ up: false, reason: 'Query read timeout' }), 60_000);
    proxy.unmute();
    await vi.waitFor(() => expect(monitor.state().up).toBe(true), 60_000);
    await monitor.stop();
    await proxy.stop();
  });

  it('does not take a pool whose connections are all at work for a database that is down', async () => {
    start();
    await vi.waitFor(() => expect(answers.at(-1)).toBe(true), 60_000);
    // Three times the time in which a connection must come.
    await database.withClient((client) => client.query('SELECT pg_sleep(1)'));
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(3), 60_000);
    expect(new Set(answers)).toEqual(new Set([true]));
  });
});

describe('suspect', () => {
  it('asks at once, and once for many', async () => {
    start({ probeIntervalMs: 3_600_000 });
    await vi.waitFor(() => expect(answers).toEqual([true]), 60_000);
    await lockOut();
    expect(monitor.state().up).toBe(true);
    for (let time = 0; time < 20; time += 1) monitor.suspect();
    await vi.waitFor(() => expect(monitor.state().up).toBe(false), 60_000);
    expect(answers).toEqual([true, false]);
    await letIn();
    monitor.suspect();
    await vi.waitFor(() => expect(answers).toEqual([true, false, true]), 60_000);
  });
});

describe('stop', () => {
  it('ends the asking', async () => {
    start();
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(2), 60_000);
    await monitor.stop();
    const count = answers.length;
    monitor.suspect();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(answers).toHaveLength(count);
  });

  it('tells nothing of a question that is still open', async () => {
    start();
    await monitor.stop();
    expect(answers).toEqual([]);
    expect(lines).toEqual([]);
  });
});
