import { Client, type ClientBase } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, type MigrateResult } from '../../src/database/migrate.js';
import { missingGrants, ROLES } from '../../src/database/roles.js';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SCHEMA_DIRECTORY, recordLog, type RecordedLog } from '../support/migrations.js';
import { postgresVersions } from '../support/postgresVersions.js';

const INSUFFICIENT_PRIVILEGE = '42501';
const SCHEMAS = `('public'::regnamespace, 'portfolio_reporting'::regnamespace, 'portfolio_actions'::regnamespace, 'graphile_worker'::regnamespace)`;
const VENTURE = '00000000-0000-4000-8000-000000000001';

async function as<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function column(client: ClientBase, sql: string): Promise<unknown[]> {
  return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.map((row) => row[0]);
}

describe.each(postgresVersions())('the roles on $title', ({ isInstalled, start }) => {
  describe.skipIf(!isInstalled)('', () => {
    let server: EmbeddedServer;
    let database: TestDatabase;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    const fresh = () => createDatabase({ template: 'empty', server: server.url });
    const run = (url: string, log: RecordedLog = recordLog()): Promise<MigrateResult> =>
      migrate({ config: { connectionString: url, connectionTimeoutMillis: 60_000 }, directory: SCHEMA_DIRECTORY, log });
    const ownedBy = async (owner: string): Promise<TestDatabase> => {
      const owned = await fresh();
      await owned.client.query(`ALTER DATABASE ${await currentDatabase(owned.client)} OWNER TO ${owner}`);
      return owned;
    };

    describe('for an owner of the database without CREATEROLE', () => {
      beforeAll(async () => {
        await as(server.url, (admin) => admin.query(`CREATE ROLE plain_owner LOGIN PASSWORD 'plain'`));
      });

      it('says every statement an administrator must run, and these are enough', async () => {
        const owned = await ownedBy('plain_owner');
        const { applied, adminStatements } = await run(owned.urlOf('plain_owner', 'plain'));

        expect(applied).toContain('portfolio_missing_grants');
        expect(adminStatements.slice(0, 3)).toEqual([
          'CREATE ROLE portfolio_actions NOLOGIN;',
          'CREATE ROLE portfolio_exporter NOLOGIN;',
          'CREATE ROLE portfolio_grafana NOLOGIN;',
        ]);
        expect(adminStatements.filter((one) => one.includes('SELECT, SELECT'))).toEqual([]);
        expect(adminStatements).toContain("ALTER ROLE portfolio_grafana SET default_transaction_read_only = 'on';");

        for (const statement of adminStatements) await owned.client.query(statement);
        expect(await missingGrants(owned.client)).toEqual([]);
        await as(owned.urlOf('plain_owner', 'plain'), async (owner) => {
          // The administrator's default rights hold for what the owner makes later.
          await owner.query('CREATE VIEW portfolio_reporting.later AS SELECT 1 AS one');
        });
        expect(await missingGrants(owned.client)).toEqual([]);
        await owned.drop();
      });

      it('grants to roles that exist, so that only their settings are left', async () => {
        const owned = await ownedBy('plain_owner');
        await owned.client.query(
          'ALTER ROLE portfolio_grafana RESET ALL; ALTER ROLE portfolio_grafana CONNECTION LIMIT -1',
        );
        const { adminStatements } = await run(owned.urlOf('plain_owner', 'plain'));
        expect(adminStatements).toEqual([
          "ALTER ROLE portfolio_grafana SET default_transaction_read_only = 'on';",
          "ALTER ROLE portfolio_grafana SET idle_in_transaction_session_timeout = '1min';",
          "ALTER ROLE portfolio_grafana SET lock_timeout = '5s';",
          "ALTER ROLE portfolio_grafana SET statement_timeout = '30s';",
          'ALTER ROLE portfolio_grafana CONNECTION LIMIT 20;',
        ]);
        for (const statement of adminStatements) await owned.client.query(statement);
        expect(await missingGrants(owned.client)).toEqual([]);
        await owned.drop();
      });

      it('leaves the rights on a ventures table of somebody else to its owner', async () => {
        const owned = await ownedBy('plain_owner');
        await owned.client.query(`
          CREATE TABLE ventures (id uuid PRIMARY KEY, name text, status text, lead_name text, lead_email text, cadence text)`);
        const url = owned.urlOf('plain_owner', 'plain');
        await expect(run(url)).rejects.toThrow(
          /^the role plain_owner may not read .*; fix: GRANT SELECT, REFERENCES, TRIGGER ON public\.ventures TO plain_owner;$/,
        );
        await owned.client.query('GRANT SELECT, REFERENCES, TRIGGER ON ventures TO plain_owner');
        expect((await run(url)).adminStatements.filter((statement) => statement.includes('ventures'))).toEqual([
          'GRANT SELECT ON public.ventures TO portfolio_actions;',
          'GRANT SELECT ON public.ventures TO portfolio_exporter;',
        ]);
        await owned.drop();
      });

      it('is asked to close a schema in which everybody may create tables, and does not close it unasked', async () => {
        const owned = await ownedBy('plain_owner');
        await owned.client.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
        const { adminStatements } = await run(owned.urlOf('plain_owner', 'plain'));
        expect(adminStatements).toEqual(['REVOKE CREATE ON SCHEMA public FROM PUBLIC;']);
        await owned.drop();
      });
    });

    it('find the portfolio in a schema of its own by the search_path that is set for all', async () => {
      const owned = await ownedBy('plain_owner');
      const url = owned.urlOf('plain_owner', 'plain');
      const name = await currentDatabase(owned.client);
      await owned.client.query(`CREATE SCHEMA portfolio AUTHORIZATION plain_owner;
                                ALTER ROLE plain_owner IN DATABASE ${name} SET search_path = portfolio, public`);
      const settings = ROLES.map(
        (role) => `ALTER ROLE ${role} IN DATABASE ${name} SET search_path = portfolio, public;`,
      );
      expect((await run(url)).adminStatements.filter((statement) => statement.includes('search_path'))).toEqual(
        settings,
      );
      for (const statement of (await run(url)).adminStatements) await owned.client.query(statement);
      expect((await run(url)).adminStatements).toEqual([]);
      await owned.client.query(`ALTER ROLE portfolio_exporter LOGIN PASSWORD 'exporter'`);
      await as(owned.urlOf('portfolio_exporter', 'exporter'), async (exporter) => {
        expect(await column(exporter, 'SELECT count(*) FROM kpi_history')).toEqual(['0']);
        expect(await missingGrants(exporter)).toEqual([]);
      });
      await as(url, async (owner) => {
        await owner.query('SET search_path = public');
        await expect(migrate({ client: owner, directory: SCHEMA_DIRECTORY, log: recordLog() })).rejects.toThrow(
          `the portfolio of this database is in schema portfolio, but the search_path of plain_owner (public) leads to public; ` +
            `fix: ALTER ROLE plain_owner IN DATABASE ${name} SET search_path = portfolio;`,
        );
      });
      await owned.drop();
    });

    it('are made once when databases of one server are migrated at the same time', async () => {
      await as(server.url, (admin) => admin.query(`DROP ROLE IF EXISTS ${ROLES.join(', ')}`));
      const databases = await Promise.all([fresh(), fresh(), fresh()]);
      const results = await Promise.all(databases.map(({ url }) => run(url)));
      expect(results.map(({ adminStatements }) => adminStatements)).toEqual([[], [], []]);
      for (const one of databases) await one.drop();
    });

    it('get their rights from a later run once an administrator has created them', async () => {
      await as(server.url, (admin) => admin.query(`DROP ROLE IF EXISTS ${ROLES.join(', ')}`));
      const owned = await ownedBy('plain_owner');
      const url = owned.urlOf('plain_owner', 'plain');
      await run(url);
      await owned.client.query(ROLES.map((role) => `CREATE ROLE ${role}`).join('; '));
      const second = await run(url);
      expect(second.applied).toEqual([]);
      expect(second.adminStatements.map((statement) => statement.split(' ').slice(0, 3).join(' '))).toEqual([
        ...Array<string>(5).fill('ALTER ROLE portfolio_grafana'),
      ]);
      await owned.drop();
    });

    describe('with a login', () => {
      let exporter: Client;
      let actions: Client;
      let grafana: Client;
      beforeAll(async () => {
        database = await fresh();
        await run(database.url);
        await database.client.query(`
          ALTER ROLE portfolio_exporter LOGIN PASSWORD 'exporter';
          ALTER ROLE portfolio_actions LOGIN PASSWORD 'actions';
          ALTER ROLE portfolio_grafana LOGIN PASSWORD 'grafana';
          INSERT INTO ventures (id, name) VALUES ('${VENTURE}', 'Northwind');
          INSERT INTO portfolio_coordination_config (parameter_name, parameter_value, parameter_type, unit, modified_by)
          VALUES ('hourly_rate', '75', 'NUMBER', 'dollars', 'test');`);
        exporter = new Client({ connectionString: database.urlOf('portfolio_exporter', 'exporter') });
        grafana = new Client({ connectionString: database.urlOf('portfolio_grafana', 'grafana') });
        actions = new Client({ connectionString: database.urlOf('portfolio_actions', 'actions') });
        await exporter.connect();
        await actions.connect();
        await grafana.connect();
      });
      afterAll(async () => {
        await exporter.end();
        await actions.end();
        await grafana.end();
        await database.drop();
      });

      const everyRelation = async (): Promise<string[]> =>
        (
          await column(
            database.client,
            `SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace IN ${SCHEMAS} AND c.relkind IN ('r', 'v')`,
          )
        ).map(String);
      const rightsOf = async (role: string): Promise<Record<string, string>> => {
        const { rows } = await database.client.query<{ name: string; rights: string }>(
          `SELECT c.oid::regclass::text AS name,
                  string_agg(p.privilege, ',' ORDER BY p.privilege) AS rights
             FROM pg_class c
            CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (privilege)
            WHERE c.relnamespace IN ${SCHEMAS} AND c.relkind IN ('r', 'v')
              AND has_table_privilege($1, c.oid, p.privilege)
            GROUP BY c.oid`,
          [role],
        );
        return Object.fromEntries(rows.map(({ name, rights }) => [name, rights]));
      };

      it('portfolio_exporter has exactly its rights on every table and view', async () => {
        const written: Record<string, string> = {
          kpi_history: 'DELETE,INSERT,SELECT,UPDATE',
          kpi_history_days: 'INSERT,SELECT,UPDATE',
          portfolio_coordination_config: 'INSERT,SELECT,UPDATE',
          portfolio_coordination_config_history: 'INSERT,SELECT',
          portfolio_locks: 'INSERT,SELECT,UPDATE',
        };
        const read = (await everyRelation()).filter((name) => !/^graphile_worker\.(?!migrations)/.test(name));
        expect(read.length).toBeGreaterThan(30);
        expect(await rightsOf('portfolio_exporter')).toEqual(
          Object.fromEntries(read.map((name) => [name, written[name] ?? 'SELECT'])),
        );
      });

      it('portfolio_actions has exactly its rights on every table and view', async () => {
        const written: Record<string, string> = {
          initiative_notifications: 'INSERT,SELECT',
          initiative_responses: 'INSERT,SELECT',
          resource_conflicts: 'INSERT,SELECT,UPDATE',
          source_heartbeats: 'INSERT,SELECT,UPDATE',
          value_capture_log: 'INSERT,SELECT',
          venture_assessments: 'INSERT,SELECT,UPDATE',
          venture_metrics: 'INSERT,SELECT,UPDATE',
          venture_resource_usage: 'INSERT,SELECT,UPDATE',
          'portfolio_actions.number_entries': 'INSERT,SELECT',
          'portfolio_actions.number_reports': 'INSERT,SELECT',
        };
        const own = /^(portfolio_actions\.|graphile_worker\._private_)/;
        expect(await rightsOf('portfolio_actions')).toEqual(
          Object.fromEntries(
            (await everyRelation()).map((name) => [
              name,
              written[name] ?? (own.test(name) ? 'DELETE,INSERT,SELECT,UPDATE' : 'SELECT'),
            ]),
          ),
        );
      });

      it('portfolio_actions works with jobs, which row-level security hides from all others', async () => {
        const { rows } = await actions.query<{ id: string }>(
          `SELECT id FROM graphile_worker.add_job('told', '{"a": 1}')`,
        );
        expect(rows).toHaveLength(1);
        expect(await column(actions, 'SELECT task_identifier FROM graphile_worker.jobs')).toEqual(['told']);
        await expect(exporter.query('SELECT FROM graphile_worker.jobs')).rejects.toMatchObject({
          code: INSUFFICIENT_PRIVILEGE,
        });
        await actions.query('DELETE FROM graphile_worker._private_jobs');
        expect(await missingGrants(actions)).toEqual([]);
        await database.client.query('DROP POLICY portfolio_actions ON graphile_worker._private_jobs');
        const lost = [
          'CREATE POLICY portfolio_actions ON graphile_worker._private_jobs TO portfolio_actions USING (true);',
        ];
        expect(await missingGrants(database.client)).toEqual(lost);
        await run(database.url);
        expect(await missingGrants(database.client)).toEqual([]);
      });

      it('portfolio_actions writes notifications, answers, conflicts and heartbeats', async () => {
        await database.client.query(`
          INSERT INTO synergy_initiatives (id, code, name) VALUES ('${VENTURE}', 'S-1', 'Shared support');
          INSERT INTO initiative_milestones (id, initiative_id, name, deadline) VALUES ('${VENTURE}', '${VENTURE}', 'Pilot', '2030-01-01')`);
        await actions.query(
          `INSERT INTO initiative_notifications (milestone_id, recipient) VALUES ('${VENTURE}', 'Ann')`,
        );
        await actions.query(
          `INSERT INTO initiative_responses (initiative_id, responded_by, note) VALUES ('${VENTURE}', 'Ann', 'April')`,
        );
        await actions.query(`INSERT INTO source_heartbeats VALUES ('resource_conflicts', now())
                             ON CONFLICT (source) DO UPDATE SET seen_at = excluded.seen_at`);
        await actions.query(
          `INSERT INTO resource_conflicts (resource_id, resource_name, total_allocation_pct) VALUES ('${VENTURE}', 'Ann', 120)`,
        );
        await actions.query(`UPDATE resource_conflicts SET status = 'RESOLVED', resolved_at = now()`);
      });

      it.each([
        `INSERT INTO ventures (name) VALUES ('x')`,
        `UPDATE ventures SET name = 'x'`,
        `DELETE FROM resource_conflicts`,
        `UPDATE initiative_responses SET note = 'x'`,
        `DELETE FROM initiative_notifications`,
        `UPDATE synergy_initiatives SET name = 'x'`,
        `UPDATE initiative_milestones SET deadline_set_at = now()`,
        `UPDATE venture_resource_allocations SET status = 'ended'`,
        `DELETE FROM source_heartbeats`,
        `DELETE FROM venture_metrics`,
        `UPDATE value_capture_log SET value_amount = 1`,
        `UPDATE portfolio_actions.number_reports SET reported_by = 'x'`,
        `DELETE FROM portfolio_actions.number_reports`,
        `DELETE FROM portfolio_actions.number_entries`,
        `INSERT INTO kpi_history (kpi, metric, day, value) VALUES ('k', 'm', '2030-01-01', 1)`,
        `UPDATE portfolio_coordination_config SET parameter_value = '1'`,
        `INSERT INTO portfolio_locks VALUES ('x')`,
        `INSERT INTO portfolio_schema_migrations (name, checksum) VALUES ('x', 'y')`,
        `INSERT INTO graphile_worker.migrations (id) VALUES (99)`,
        `TRUNCATE portfolio_actions.alerts`,
        `DROP TABLE portfolio_actions.alerts`,
        `CREATE TABLE portfolio_actions.mine (x int)`,
        `CREATE TABLE graphile_worker.mine (x int)`,
        `CREATE TABLE public.mine (x int)`,
        `CREATE POLICY mine ON ventures USING (true)`,
        `CREATE SCHEMA mine`,
        `SELECT portfolio_apply_grants()`,
        `SET ROLE portfolio_exporter`,
        `SET ROLE postgres`,
      ])('portfolio_actions may not: %s', async (sql) => {
        await expect(actions.query(sql)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
      });

      it('portfolio_exporter writes its own tables', async () => {
        await exporter.query(`INSERT INTO kpi_history (kpi, metric, day, value) VALUES ('k', 'm', '2030-01-01', 1)
                              ON CONFLICT (kpi, metric, day, labels_hash) DO UPDATE SET value = excluded.value`);
        await exporter.query(`DELETE FROM kpi_history`);
        await exporter.query(`INSERT INTO portfolio_coordination_config AS c (parameter_name, parameter_value, parameter_type, modified_by)
                              VALUES ('hourly_rate', '80', 'NUMBER', 'ops')
                              ON CONFLICT (parameter_name) DO UPDATE SET parameter_value = excluded.parameter_value`);
        const { rows } = await exporter.query(
          `INSERT INTO portfolio_coordination_config_history (parameter_name, old_value, new_value, changed_by)
           VALUES ('hourly_rate', '75', '80', 'ops') RETURNING id`,
        );
        expect(rows).toEqual([{ id: '1' }]);
      });

      it.each([
        `INSERT INTO venture_metrics (venture_id, recorded_at) VALUES ('${VENTURE}', '2030-01-01')`,
        `UPDATE ventures SET name = 'x'`,
        `DELETE FROM value_capture_log`,
        `INSERT INTO initiative_notifications (milestone_id, recipient) VALUES ('${VENTURE}', 'Ann')`,
        `INSERT INTO initiative_responses (initiative_id, responded_by, note) VALUES ('${VENTURE}', 'Ann', 'In April')`,
        `UPDATE initiative_milestones SET deadline_set_at = now()`,
        `TRUNCATE kpi_history`,
        `DELETE FROM portfolio_coordination_config`,
        `UPDATE portfolio_coordination_config_history SET reason = 'x'`,
        `DELETE FROM portfolio_coordination_config_history`,
        `INSERT INTO source_heartbeats VALUES ('value_capture_log', now())`,
        `INSERT INTO portfolio_schema_migrations (name, checksum) VALUES ('x', 'y')`,
        `DROP TABLE kpi_history`,
        `ALTER TABLE ventures ADD COLUMN x int`,
        `INSERT INTO portfolio_actions.used_links VALUES (gen_random_uuid(), now(), 'approve', 'x')`,
        `SELECT graphile_worker.add_job('deliver_mail')`,
        `CREATE TABLE public.mine (x int)`,
        `CREATE VIEW portfolio_reporting.mine AS SELECT 1 AS x`,
        `CREATE SCHEMA mine`,
        `CREATE ROLE mine`,
        `GRANT SELECT ON ventures TO portfolio_grafana WITH GRANT OPTION`,
        `SELECT portfolio_apply_grants()`,
        `SELECT passwd FROM pg_shadow`,
        `SET ROLE postgres`,
      ])('portfolio_exporter may not: %s', async (sql) => {
        if (sql.startsWith('GRANT')) {
          // PostgreSQL only warns about a grant without a grant option on something one can read.
          await exporter.query(sql).catch(() => undefined);
          expect(
            await column(database.client, `SELECT has_table_privilege('portfolio_grafana', 'ventures', 'SELECT')`),
          ).toEqual([false]);
        } else {
          await expect(exporter.query(sql)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
        }
      });

      it('portfolio_exporter finds nothing to migrate, and changes nothing', async () => {
        const url = database.urlOf('portfolio_exporter', 'exporter');
        expect(await run(url)).toEqual({ applied: [], pending: [], adminStatements: [] });
      });

      it('portfolio_exporter may ask which rights are missing', async () => {
        expect(await missingGrants(exporter)).toEqual([]);
        await database.client.query('REVOKE SELECT ON ventures FROM portfolio_exporter');
        expect(await missingGrants(exporter)).toEqual(['GRANT SELECT ON public.ventures TO portfolio_exporter;']);
        await database.client.query('GRANT SELECT ON ventures TO portfolio_exporter');
      });

      it('portfolio_grafana reads every reporting view, also one that came later', async () => {
        await database.client.query(
          'CREATE VIEW portfolio_reporting.later AS SELECT count(*) AS ventures FROM ventures',
        );
        const views = await column(
          database.client,
          `SELECT format('%I.%I', schemaname, viewname) FROM pg_views WHERE schemaname = 'portfolio_reporting'`,
        );
        expect(views.length).toBeGreaterThan(2);
        for (const view of views) await grafana.query(`SELECT * FROM ${String(view)}`);
        expect((await grafana.query('SELECT * FROM portfolio_reporting.later')).rows).toEqual([{ ventures: '1' }]);
      });

      it('portfolio_grafana logs in to read-only transactions with limits', async () => {
        expect(await column(grafana, 'SHOW default_transaction_read_only')).toEqual(['on']);
        expect(await column(grafana, 'SHOW statement_timeout')).toEqual(['30s']);
        expect(await column(grafana, 'SHOW lock_timeout')).toEqual(['5s']);
        expect(await column(grafana, 'SHOW idle_in_transaction_session_timeout')).toEqual(['1min']);
        await expect(grafana.query('ALTER ROLE portfolio_grafana CONNECTION LIMIT -1')).rejects.toThrow();
      });

      it('portfolio_grafana has no right on any table, nor any but SELECT on a view', async () => {
        const excess = await column(
          database.client,
          `SELECT c.oid::regclass::text || ' ' || p.privilege
             FROM pg_class c
            CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (privilege)
            WHERE c.relnamespace IN ${SCHEMAS} AND c.relkind IN ('r', 'v', 'S')
              AND NOT (c.relnamespace = 'portfolio_reporting'::regnamespace AND p.privilege = 'SELECT')
              AND has_table_privilege('portfolio_grafana', c.oid, p.privilege)`,
        );
        expect(excess).toEqual([]);
        for (const table of await column(
          database.client,
          `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`,
        )) {
          await expect(grafana.query(`SELECT * FROM public.${String(table)}`)).rejects.toMatchObject({
            code: INSUFFICIENT_PRIVILEGE,
          });
        }
      });

      it.each([
        `SELECT count(*) FROM ventures`,
        `INSERT INTO portfolio_reporting.thresholds (name, unit) VALUES ('x', 'count')`,
        `UPDATE portfolio_reporting.thresholds SET unit = 'count'`,
        `DELETE FROM portfolio_reporting.thresholds`,
        `INSERT INTO kpi_history (kpi, metric, day, value) VALUES ('k', 'm', '2030-01-01', 1)`,
        `CREATE TABLE public.mine (x int)`,
        `CREATE TABLE portfolio_reporting.mine (x int)`,
        `CREATE VIEW public.mine AS SELECT 1 AS x`,
        `CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
        `CREATE SCHEMA mine`,
        `DROP VIEW portfolio_reporting.clock`,
        `ALTER VIEW portfolio_reporting.clock RENAME TO mine`,
        `SELECT * FROM portfolio_missing_grants()`,
        `SELECT * FROM portfolio_apply_grants()`,
        `SELECT pg_read_file('/etc/passwd')`,
        `COPY (SELECT 1) TO PROGRAM 'true'`,
        `SELECT passwd FROM pg_shadow`,
        `SET ROLE portfolio_exporter`,
        `SET ROLE postgres`,
      ])('portfolio_grafana may not, even outside read-only transactions: %s', async (sql) => {
        await grafana.query('SET default_transaction_read_only = off');
        await expect(grafana.query(sql)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
      });

      it('lend their rights to logins that are members', async () => {
        await database.client.query(`CREATE ROLE dashboards LOGIN PASSWORD 'dashboards' IN ROLE portfolio_grafana`);
        await as(database.urlOf('dashboards', 'dashboards'), async (member) => {
          expect((await member.query('SELECT value FROM portfolio_reporting.thresholds')).rowCount).toBe(1);
          await expect(member.query('SELECT * FROM ventures')).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
        });
      });
    });
  });
});

async function currentDatabase(client: ClientBase): Promise<string> {
  return String((await column(client, 'SELECT current_database()'))[0]);
}
