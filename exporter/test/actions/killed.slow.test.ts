import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import { startProgram } from '../support/startProgram.js';
import { sampleNotification } from './sampleNotification.js';
import {
  holdSampleJob,
  SET_OFF_BY_ALERTS,
  startTestActions,
  TOKEN,
  untilIdle,
  writeActionsFiles,
} from './testActions.js';

let database: TestDatabase;
let login: ExporterLogin;
let directory: string;

beforeAll(async () => {
  database = await createDatabase();
  login = await createExporterLogin(database, 'portfolio_actions');
  directory = await writeActionsFiles();
});
afterAll(async () => {
  await login.drop();
  await database.drop();
  await rm(directory, { recursive: true });
});

const read = async (sql: string): Promise<unknown[]> =>
  (await database.client.query<Record<string, unknown>>(sql)).rows;

it('a process killed in the middle of a job: another goes on with it, and does it once', async () => {
  const program = startProgram(
    ['actions', '--web.listen-address', '127.0.0.1:0', '--config.actions-file', join(directory, 'actions.yaml')],
    { env: { DATABASE_URL: login.url } },
  );
  const [, url = ''] = await program.says(/url=(http:\/\/127\.0\.0\.1:\d+)\b/);
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), 60_000);
  const holder = new Client({ connectionString: database.url });
  await holder.connect();
  await holdSampleJob(holder);
  const response = await fetch(`${url}/alerts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(sampleNotification()),
  });
  expect(response.status).toBe(200);
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%portfolio_actions.actions%'
                      AND datname = current_database()`;
  await vi.waitFor(async () => expect(await read(waiting)).toHaveLength(1), { timeout: 60_000, interval: 20 });
  program.kill('SIGKILL');
  await program.finished;
  await holder.end();
  expect(await read(SET_OFF_BY_ALERTS)).toEqual([]);
  expect(
    await read(`SELECT FROM graphile_worker.jobs WHERE locked_at IS NOT NULL AND task_identifier = 'act_on_alert'`),
  ).toHaveLength(1);

  const next = await startTestActions(database, { leaseMs: 2_000 });
  const other = await startTestActions(database, { leaseMs: 2_000 });
  await vi.waitFor(async () => expect(await read('SELECT FROM graphile_worker.jobs')).toEqual([]), 60_000);
  await untilIdle(database);
  expect(await read(SET_OFF_BY_ALERTS)).toEqual([{ action: 'opened' }, { action: 'recursion' }]);
  await next.stop();
  await other.stop();
}, 300_000);
