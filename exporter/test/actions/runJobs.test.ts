import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type RunningJobs, runJobs } from '../../src/actions/jobs/runJobs.js';
import { createDatabase as createPool, type Database } from '../../src/database/pool.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordedLogger, WARN } from '../support/recordedLogger.js';

let server: TestDatabase;
let database: Database;
beforeAll(async () => {
  server = await createDatabase();
  database = createPool({
    settings: { connectionString: server.url },
    maxConnections: 2,
    connectTimeoutMs: 60_000,
    onIdleError: () => undefined,
  });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

function start(work: () => Promise<void>): RunningJobs & Pick<ReturnType<typeof recordedLogger>, 'lines'> {
  const { log, lines } = recordedLogger();
  const nothing = (): Promise<void> => Promise.resolve();
  const tasks = { each_minute: nothing, each_hour: nothing, deliver_report: work };
  const settings = { connectionString: server.url };
  return {
    lines,
    ...runJobs({ settings, database, connectTimeoutMs: 60_000, tasks, workers: 2, isReady: () => true, log }),
  };
}

it('stopped in the middle of a job, it says which it leaves, without an error, and does it after the next start', async () => {
  await server.client.query(`SELECT graphile_worker.add_job('deliver_report', '{}'::json)`);
  const asks = vi.fn(() =>
    database.withClient(async (client) => {
      await client.query('SELECT pg_sleep(3600)');
    }),
  );
  const jobs = start(asks);
  await vi.waitFor(() => expect(asks).toHaveBeenCalled(), 60_000);
  const stopped = jobs.stop(50);
  await vi.waitFor(
    () =>
      expect(jobs.lines).toContainEqual(
        expect.objectContaining({
          msg: 'these jobs did not end in time: they go on after the next start',
          jobs: [expect.stringMatching(/^deliver_report \d+$/)],
        }),
      ),
    60_000,
  );
  // As the process ends every connection of its own.
  await server.client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)'`,
  );
  await stopped;
  await expect(asks.mock.results[0]?.value).rejects.toThrow();
  await vi.waitFor(() => expect(jobs.lines.map(({ msg }) => msg)).toContain('job ended with its connection'), 60_000);
  expect(jobs.lines.filter(({ level }) => level >= WARN)).toEqual([]);

  const done = vi.fn(() => Promise.resolve());
  const next = start(done);
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce(), 120_000);
  await next.stop(60_000);
  expect(
    (await server.client.query('SELECT FROM graphile_worker.jobs WHERE task_identifier = $1', ['deliver_report'])).rows,
  ).toEqual([]);
});
