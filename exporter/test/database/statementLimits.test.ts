import { Client, type ClientBase } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfigHistory } from '../../src/database/configStore.js';
import { migrate } from '../../src/database/migrate.js';
import { createDatabase as createPool, type Database } from '../../src/database/pool.js';
import { inTransaction } from '../../src/database/transaction.js';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { recordedDays, writeHistory } from '../../src/kpi/history/history.js';
import { describeKpi, queryKpi } from '../../src/kpi/run/queryKpi.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { INPUT, kpiUnit } from '../support/kpiUnit.js';
import { SCHEMA_DIRECTORY, recordLog } from '../support/migrations.js';
import { postgresVersions } from '../support/postgresVersions.js';
import { recordConfiguration } from '../support/recordConfiguration.js';

const SAMPLE = { metric: 'portfolio_sample', labels: {}, value: 1 };
/** Numbers that anybody can read in this program and in the library of migrations. */
const KNOWN_KEYS = [`hashtextextended('kpi_history sample', 0)`, '7310003901'];

/** Everything the exporter asks of tables, each on a connection of its own. */
const WORK: Readonly<Record<string, (client: ClientBase) => Promise<unknown>>> = {
  'writes history': (client) => writeHistory(client, 'sample', '2026-03-31', [SAMPLE]),
  'reads recorded days': (client) => recordedDays(client, 'sample', '2026-03-01', '2026-03-31'),
  'records the configuration': (client) => recordConfiguration(client),
  'reads the history of thresholds': (client) => readConfigHistory(client, { limit: 1 }),
  'runs a KPI': (client) => queryKpi(client, kpi('kpi_history'), INPUT),
  'prepares a KPI': (client) => describeKpi(client, kpi('kpi_history'), INPUT),
  'reads how fresh a KPI is': (client) =>
    queryKpi(client, { ...kpi('pg_class'), freshness: { kind: 'heartbeat', sources: ['x'] } }, INPUT),
};

function kpi(table: string) {
  return kpiUnit({ timeoutMs: 600_000, sql: `SELECT count(*) AS portfolio_sample FROM ${table}` });
}

describe.each(postgresVersions())('on $title', ({ isInstalled, start }) => {
  describe.skipIf(!isInstalled)('', () => {
    let server: EmbeddedServer;
    let database: TestDatabase;
    let pool: Database;
    beforeAll(async () => {
      server = await start();
      database = await createDatabase({ template: 'empty', server: server.url });
      await migrate({ client: database.client, directory: SCHEMA_DIRECTORY, log: recordLog() });
      await database.client.query(`
        ALTER ROLE portfolio_exporter LOGIN PASSWORD 'exporter';
        ALTER ROLE portfolio_grafana LOGIN PASSWORD 'grafana'`);
      pool = createPool({
        settings: { connectionString: database.urlOf('portfolio_exporter', 'exporter') },
        maxConnections: 10,
        connectTimeoutMs: 5_000,
        onIdleError: () => undefined,
      });
    });
    afterAll(async () => {
      await pool.close();
      await database.drop();
      await server.stop();
    });

    const sessions = async (condition: string): Promise<number> => {
      const { rows } = await database.client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'portfolio_exporter' AND ${condition}`,
      );
      return rows[0]?.n ?? -1;
    };

    it('a dashboard viewer who takes every lock that he may take holds up nothing', async () => {
      const viewer = new Client({ connectionString: database.urlOf('portfolio_grafana', 'grafana') });
      await viewer.connect();
      try {
        await viewer.query('BEGIN READ WRITE');
        for (const key of KNOWN_KEYS) await viewer.query(`SELECT pg_advisory_lock(${key})`);
        const { rows: views } = await database.client.query<{ name: string }>(
          `SELECT format('portfolio_reporting.%I', viewname) AS name FROM pg_views WHERE schemaname = 'portfolio_reporting'`,
        );
        // A lock on a view is one on its tables too.
        for (const { name } of views) await viewer.query(`LOCK TABLE ${name} IN ACCESS SHARE MODE`);
        for (const mode of ['ROW SHARE', 'SHARE', 'ACCESS EXCLUSIVE']) {
          await viewer.query('SAVEPOINT before');
          await expect(viewer.query(`LOCK TABLE portfolio_reporting.thresholds IN ${mode} MODE`)).rejects.toThrow();
          await viewer.query('ROLLBACK TO before');
        }
        await viewer.query('SAVEPOINT before');
        await expect(viewer.query('SELECT FROM portfolio_locks FOR UPDATE')).rejects.toMatchObject({ code: '42501' });
        await viewer.query('ROLLBACK TO before');
        await Promise.all(Object.values(WORK).map((work) => pool.withClient(work)));
      } finally {
        await viewer.end();
      }
    });

    it('who waits for a lock is sent away by the server, leaves no session behind, and succeeds afterwards', async () => {
      const owner = new Client({ connectionString: database.url });
      await owner.connect();
      try {
        await owner.query('BEGIN');
        await owner.query(
          `LOCK TABLE kpi_history, portfolio_coordination_config, portfolio_coordination_config_history, source_heartbeats`,
        );
        const waits = Object.entries(WORK).map(([name, work]) =>
          pool.withClient(work).then(
            () => [name, 'done'],
            (error: unknown) => [name, error instanceof Error && 'code' in error ? error.code : error],
          ),
        );
        const ends = await Promise.all(waits);
        expect(ends).toEqual(Object.keys(WORK).map((name) => [name, '55P03']));
        await vi.waitFor(async () => expect(await sessions(`wait_event_type = 'Lock'`)).toBe(0), 60_000);
        expect(await sessions('true')).toBeLessThanOrEqual(10);
      } finally {
        await owner.end();
      }
      await Promise.all(Object.values(WORK).map((work) => pool.withClient(work)));
    });

    it('whose client went away in the middle of a statement does not go on with it', async () => {
      const client = new Client({ connectionString: database.urlOf('portfolio_exporter', 'exporter') });
      client.on('error', () => undefined);
      await client.connect();
      const query = inTransaction(client, { access: 'READ ONLY', timeoutMs: 600_000 }, () =>
        client.query('SELECT pg_sleep(600)'),
      ).catch(() => undefined);
      await vi.waitFor(async () => expect(await sessions(`query LIKE '%pg_sleep%'`)).toBe(1), 60_000);
      // With a query under way this only cuts the connection.
      await client.end();
      await query;
      await vi.waitFor(async () => expect(await sessions(`query LIKE '%pg_sleep%'`)).toBe(0), 60_000);
    });
  });
});
