import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConfigDirectory } from '../support/configDirectory.js';
import type { ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { runCommand } from '../support/runCommand.js';
import { startServe } from '../support/startServe.js';
import type { ServedExporter } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

const NOTICED = { timeout: 60_000, interval: 50 };

const GOOD = {
  'kpis/good.yaml': testUnit({ metrics: { portfolio_test_good: 'count' } }),
  'kpis/good.sql': 'SELECT 1 AS portfolio_test_good',
};
const BROKEN = {
  'kpis/broken.yaml': testUnit({ metrics: { portfolio_test_broken: 'count' } }),
  'kpis/broken.sql': 'SELECT 1 / count(*) AS portfolio_test_broken FROM venture_assessments',
};

let database: TestDatabase;
let login: ExporterLogin;
let config: ConfigDirectory;
let exporter: ServedExporter;

beforeEach(async () => {
  database = await createDatabase({ template: 'empty' });
  login = await createExporterLogin(database);
});
afterEach(async () => {
  await exporter.stop();
  await config.remove();
  await database.drop();
});

const EXPORTER_YAML =
  'shipped_kpis: false\nkpi_directories: [kpis]\ndatabase:\n  probe_interval: 1s\n  connect_timeout: 2s\n';

async function serve(units: Readonly<Record<string, string>>, settings = ''): Promise<void> {
  config = await createConfigDirectory({
    'exporter.yaml': `${EXPORTER_YAML}${settings}`,
    ...units,
  });
  exporter = await startServe({ env: { DATABASE_URL: login.url }, args: config.args });
}

async function migrate(): Promise<void> {
  const { code, stderr } = await runCommand(['migrate'], { env: { DATABASE_URL: database.url } });
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

const readyz = async (): Promise<{ status: number; text: string }> => {
  const { status, text } = await exporter.get('/readyz');
  return { status, text };
};

describe('/readyz', () => {
  it('waits for the schema of this version and for a KPI that succeeds, and lists the KPI that does not', async () => {
    await serve({ ...GOOD, ...BROKEN });
    await vi.waitFor(
      async () =>
        expect(await readyz()).toEqual({
          status: 503,
          text:
            'not ready\nschema: no migration was applied to this database: run `portfolio-exporter migrate`\n' +
            'failing: broken: error: relation "venture_assessments" does not exist (SQLSTATE 42P01); ' +
            'the schema is missing or older than this program: run `portfolio-exporter migrate`\n',
        }),
      NOTICED,
    );
    await migrate();
    const failing = 'failing: broken: error: division by zero (SQLSTATE 22012)\n';
    await vi.waitFor(async () => expect(await readyz()).toEqual({ status: 200, text: `ready\n${failing}` }), NOTICED);
    const json = await exporter.get('/readyz', { headers: { accept: 'application/json' } });
    expect(JSON.parse(json.text)).toEqual({
      ready: true,
      reasons: [],
      failing: [{ kpi: 'broken', result: 'error', reason: 'division by zero (SQLSTATE 22012)' }],
      notes: [],
    });
    await vi.waitFor(
      async () => expect((await exporter.get('/')).text).toContain('division by zero (SQLSTATE 22012)'),
      NOTICED,
    );

    const { rows } = await database.client.query<{ name: string; checksum: string }>(
      `DELETE FROM portfolio_schema_migrations WHERE name = (SELECT max(name) FROM portfolio_schema_migrations WHERE kind IS NULL) RETURNING name, checksum`,
    );
    const last = rows[0]?.name ?? '';
    const pending = `schema: not applied yet: ${last}; run \`portfolio-exporter migrate\``;
    await vi.waitFor(
      async () => expect(await readyz()).toEqual({ status: 503, text: `not ready\n${pending}\n${failing}` }),
      NOTICED,
    );
    // The page may be a second old.
    await vi.waitFor(async () => expect((await exporter.get('/')).text).toContain(`not applied yet: ${last}`), NOTICED);
    await database.client.query(
      `INSERT INTO portfolio_schema_migrations (name, checksum) VALUES ($1, $2), ('9999_later', '')`,
      [last, rows[0]?.checksum],
    );
    const newer =
      'schema: 9999_later came from another version of this program: start the version that migrated this database';
    await vi.waitFor(
      async () => expect(await readyz()).toEqual({ status: 503, text: `not ready\n${newer}\n${failing}` }),
      NOTICED,
    );
    await database.client.query(
      `DELETE FROM portfolio_schema_migrations WHERE name = '9999_later';
       UPDATE portfolio_schema_migrations SET checksum = 'x' || checksum WHERE name = 'clock'`,
    );
    const other =
      'schema: applied from another version of this program: clock; run `portfolio-exporter migrate` of the newer version, and start that';
    await vi.waitFor(
      async () => expect(await readyz()).toEqual({ status: 503, text: `not ready\n${other}\n${failing}` }),
      NOTICED,
    );
    // Whoever locks the record of the migrations does not make the database look down.
    await database.client.query(
      `UPDATE portfolio_schema_migrations SET checksum = substr(checksum, 2) WHERE name = 'clock'`,
    );
    await vi.waitFor(async () => expect(await readyz()).toMatchObject({ status: 200 }), NOTICED);
    await database.client.query('BEGIN; LOCK TABLE portfolio_schema_migrations');
    await vi.waitFor(
      async () =>
        expect((await readyz()).text).toMatch(/^not ready\nschema: which migrations were applied cannot be read: /),
      NOTICED,
    );
    expect(await exporter.value('portfolio_database_up')).toBe(1);
    await database.client.query('ROLLBACK');
    await vi.waitFor(async () => expect(await readyz()).toMatchObject({ status: 200 }), NOTICED);
  });

  it('is not ready where every KPI fails', async () => {
    await migrate();
    await serve(BROKEN);
    await vi.waitFor(
      async () =>
        expect(await readyz()).toEqual({
          status: 503,
          text: 'not ready\nno KPI has succeeded yet\nfailing: broken: error: division by zero (SQLSTATE 22012)\n',
        }),
      NOTICED,
    );
    // The probe shares its connection with nobody.
    const { rows } = await database.client.query<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity WHERE usename = $1 ORDER BY 1`,
      [login.role],
    );
    expect(rows.filter(({ name }) => name === 'portfolio-exporter probe')).toHaveLength(1);
  });

  it('is ready soon after an outage, also where a KPI that never succeeded was last tried during it', async () => {
    await migrate();
    await serve({ ...GOOD, ...BROKEN }, 'retry:\n  attempts: 1\nkpis:\n  broken:\n    schedule:\n      every: 1s\n');
    await vi.waitFor(async () => expect(await readyz()).toMatchObject({ status: 200 }), NOTICED);
    // From now on its query waits: it is not tried to the end again.
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE venture_assessments');
    const shut = `ALTER ROLE ${login.role} NOLOGIN;
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${login.role}'`;
    await vi.waitFor(async () => {
      // More than once: a session may have been on its way.
      await database.client.query(shut);
      const { status, text } = await readyz();
      expect(status).toBe(503);
      expect(text).toMatch(/database: .* is not permitted to log in/);
      expect(text).toContain('failing: broken: database_unavailable: ');
    }, NOTICED);
    await database.client.query(`ALTER ROLE ${login.role} LOGIN`);
    await exporter.ready();
    expect((await readyz()).text).toContain('failing: broken: database_unavailable: ');
    await holder.end();
  });
});
