import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startChangeListener } from '../../src/database/changeListener.js';
import { migrate } from '../../src/database/migrate.js';
import { writeHistory } from '../../src/kpi/history/history.js';
import { createConfigDirectory } from '../support/configDirectory.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SCHEMA_DIRECTORY, recordLog } from '../support/migrations.js';
import { PGBOUNCER, startPgbouncer, type RunningPooler } from '../support/pgbouncer.js';
import { startServe } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

describe.skipIf(PGBOUNCER === null)('behind PgBouncer in transaction mode', () => {
  let database: TestDatabase;
  let pooler: RunningPooler;
  beforeAll(async () => {
    database = await createDatabase({ template: 'empty' });
    pooler = await startPgbouncer([database.url]);
  });
  afterAll(async () => {
    await pooler.stop();
    await database.drop();
  });
  const locks = async () =>
    (await database.client.query<{ n: number }>(`SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'`))
      .rows;

  it('migrate does its work, beside another one and again, and leaves no lock', async () => {
    const options = { directory: SCHEMA_DIRECTORY, log: recordLog() };
    const config = { connectionString: pooler.urlOf(database.url) };
    const dry = await migrate({ ...options, config, dryRun: true });
    const results = await Promise.all([migrate({ ...options, config }), migrate({ ...options, config })]);
    expect(results.flatMap(({ applied }) => applied)).toEqual(dry.pending);
    expect(await locks()).toEqual([{ n: 0 }]);
    expect((await migrate({ ...options, config })).applied).toEqual([]);
  });

  it('history is written within the limits, and no setting stays with the pool', async () => {
    const client = new Client({ connectionString: pooler.urlOf(database.url) });
    await client.connect();
    await writeHistory(client, 'sample', '2026-03-31', [{ metric: 'portfolio_sample', labels: {}, value: 1 }]);
    for (const setting of ['statement_timeout', 'lock_timeout'])
      expect((await client.query(`SELECT current_setting('${setting}') AS value`)).rows).toEqual([{ value: '0' }]);
    await client.end();
  });

  it('a listener does not say that it listens, says why once, and tries again', async () => {
    const errors: string[] = [];
    const news: boolean[] = [];
    const onListening = vi.fn();
    const listener = startChangeListener({
      settings: { connectionString: pooler.urlOf(database.url) },
      connectTimeoutMs: 500,
      keepAliveMs: 1_000,
      retry: { initialDelayMs: 20, maxDelayMs: 100 },
      onChange: () => undefined,
      onListening,
      onError: (error, isNew) => {
        errors.push(error instanceof Error ? error.message : String(error));
        news.push(isNew);
      },
    });
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(1), 60_000);
    await listener.stop();
    expect(errors[0]).toMatch(/^LISTEN hears nothing: a pooler in transaction mode/);
    expect(listener.trouble()?.reason).toBe(errors[0]);
    expect(news.slice(0, 2)).toEqual([true, false]);
    expect(onListening).not.toHaveBeenCalled();
  });

  it('the exporter is ready, and says on /readyz, the status page and once in the log that changes are not heard', async () => {
    const connection = { connectionString: database.url };
    await migrate({ config: connection, directory: SCHEMA_DIRECTORY, log: recordLog() });
    const config = await createConfigDirectory({
      'exporter.yaml':
        'shipped_kpis: false\nkpi_directories: [kpis]\nretry:\n  initial_delay: 100ms\n  max_delay: 100ms\ndatabase:\n  connect_timeout: 1s\n',
      'kpis/good.yaml': testUnit({ metrics: { portfolio_test_good: 'count' } }),
      'kpis/good.sql': 'SELECT 1 AS portfolio_test_good',
    });
    const exporter = await startServe({ env: { DATABASE_URL: pooler.urlOf(database.url) }, args: config.args });
    const note =
      /^ready\nnote: changes of tables are not heard, KPIs run on schedule only: LISTEN hears nothing: .*; fix: /;
    await vi.waitFor(async () => expect((await exporter.get('/readyz')).text).toMatch(note), 60_000);
    expect((await exporter.get('/')).text).toContain('<b>Changes of tables are not heard</b> since ');
    // Two more tries.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const told = [
      ...exporter.program.stderr().matchAll(/ reason=("(?:[^"\\]|\\.)*") msg="changes of tables are not heard/g),
    ];
    const reasons = told.map(([, reason]) => reason);
    expect(reasons).toContainEqual(expect.stringMatching(/^"LISTEN hears nothing/));
    // Another reason in between is that of a machine with other work.
    expect(reasons.filter((reason, index) => reason === reasons[index - 1])).toEqual([]);
    await exporter.stop();
    await config.remove();
  });
});
