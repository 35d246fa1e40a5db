import { chmod, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type EmbeddedServer, startEmbeddedServer } from '../../demo/embeddedServer.js';
import { embeddedBinaries } from '../../demo/serverBinaries.js';
import { shippedFile } from '../../src/config/shippedFile.js';
import { migrate } from '../../src/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { sampleNotification } from './sampleNotification.js';
import { holdSampleJob, SET_OFF_BY_ALERTS, startTestActions, type TestActions } from './testActions.js';

/** What was committed outlives the server's process. */
const KEPT = { synchronous_commit: 'on' };

let logins: TestDatabase;
let directory: string;
let server: EmbeddedServer;

beforeAll(async () => {
  logins = await createDatabase();
  directory = await mkdtemp(join(tmpdir(), 'portfolio-lost-'));
  await chmod(directory, 0o755);
  server = await startEmbeddedServer({ settings: KEPT, log: () => undefined });
  // What the server leaves behind outlives its own directory.
  await rename(join(server.directory, 'data'), join(directory, 'data'));
  await symlink(join(directory, 'data'), join(server.directory, 'data'));
  const client = await connect();
  await migrate({ client, directory: shippedFile('sql'), log: { info: () => undefined, warn: () => undefined } });
  await client.end();
});
afterAll(async () => {
  await server.stop();
  await logins.drop();
  await rm(directory, { recursive: true });
});

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** As `pg_ctl stop -m immediate`. */
async function stopAtOnce(): Promise<void> {
  process.kill(server.pid, 'SIGQUIT');
  await server.ended;
}

async function startAgain(): Promise<void> {
  // Called in place of initdb, as `initdb -D <data directory> ...`; the password of the first start is known to nobody.
  const initdb = join(directory, 'initdb');
  const data = join(directory, 'data');
  await writeFile(
    initdb,
    `#!/bin/sh\nln -s '${data}' "$2" && echo 'host all all 127.0.0.1/32 trust' >"$2/pg_hba.conf"\n`,
  );
  await chmod(initdb, 0o755);
  const { postgres } = await embeddedBinaries();
  const settings = { port: server.port, settings: KEPT };
  server = await startEmbeddedServer({ ...settings, binaries: { initdb, postgres }, log: () => undefined });
}

/** Longer than a minute: the time table is asked for while the database is away. */
const AWAY_MS = 65_000;

it('a database that dies in the middle of a job of two processes: it is done once, by workers that are all there again', async () => {
  const trace = vi.spyOn(console, 'trace').mockImplementation(() => undefined);
  const actions = await startTestActions(logins, { url: server.url, leaseMs: 2_000 });
  const other = await startTestActions(logins, { url: server.url, leaseMs: 2_000 });
  const starts = ({ lines }: TestActions): number => lines.filter(({ msg }) => msg === 'jobs are run').length;
  const said = (): string[] => [actions, other].flatMap(({ lines }) => lines.map(({ msg }) => msg));
  for (const one of [actions, other])
    await vi.waitFor(async () => expect((await one.get('/readyz')).status).toBe(200), 60_000);
  const [holder, watcher] = [await connect(), await connect()];
  const before = await holder.query<{ id: string }>('SELECT id FROM portfolio_actions.workers');
  await holdSampleJob(holder);
  expect((await actions.post(sampleNotification())).status).toBe(200);
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%portfolio_actions.actions%'`;
  await vi.waitFor(async () => expect((await watcher.query(waiting)).rowCount).toBe(1), 60_000);
  await stopAtOnce();
  await vi.waitFor(() => expect(said()).toContain('job failed, it is tried again'), 60_000);
  await vi.waitFor(
    async () => expect(await (await actions.get('/readyz')).text()).toMatch(/^not ready\ndatabase: /),
    60_000,
  );

  await delay(AWAY_MS);
  await startAgain();
  const answers = new Set<string>();
  for (;;) {
    const ready = await actions.get('/readyz');
    if (ready.status === 200) break;
    answers.add(await ready.text());
    await delay(5);
  }
  await vi.waitFor(async () => expect((await other.get('/readyz')).status).toBe(200), 60_000);
  expect([starts(actions), starts(other)]).toEqual([2, 2]);
  expect([...answers]).toContainEqual(expect.stringMatching(/^not ready\njobs: .+\n$/));
  const client = await connect();
  const { rows: workers } = await client.query<{ id: string }>(
    'SELECT id FROM portfolio_actions.workers WHERE NOT id = ANY ($1)',
    [before.rows.map(({ id }) => id)],
  );
  expect(workers).toHaveLength(before.rows.length);
  const expected = [{ action: 'opened' }, { action: 'recursion' }];
  await vi.waitFor(async () => expect((await client.query(SET_OFF_BY_ALERTS)).rows).toEqual(expected), 60_000);
  // As another Alertmanager tells it, to the other process.
  expect((await other.post(sampleNotification([{}], 'http://alertmanager-2:9093'))).status).toBe(200);
  const unhandled = 'SELECT FROM portfolio_actions.notifications WHERE handled_at IS NULL';
  await vi.waitFor(async () => expect((await client.query(unhandled)).rows).toEqual([]), 60_000);
  expect((await client.query(SET_OFF_BY_ALERTS)).rows).toEqual(expected);
  expect(said()).toContain('jobs of workers that have ended are free again');
  expect(trace).not.toHaveBeenCalled();
  trace.mockRestore();
  await client.end();
  await Promise.all([actions.stop(), other.stop()]);
}, 360_000);
