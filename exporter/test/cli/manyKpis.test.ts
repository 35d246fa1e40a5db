import { expect, it, onTestFinished, vi } from 'vitest';
import { createConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import { startServe } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

const KPIS = Array.from({ length: 16 }, (_, index) => `kpi_${index}`);
const WAITING = `FROM pg_locks WHERE NOT granted AND relation = 'ventures'::regclass`;

it('sixteen KPIs that run at once, fail at once and wait at once for another try are no leak', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const units = KPIS.flatMap((name) => [
    [`kpis/${name}.yaml`, testUnit({ metrics: { [`portfolio_${name}`]: 'count' }, timeout: '60s' })] as const,
    [`kpis/${name}.sql`, `SELECT count(*) AS portfolio_${name} FROM ventures`] as const,
  ]);
  const config = await createConfigDirectory({
    'exporter.yaml': `shipped_kpis: false
kpi_directories: [kpis]
jitter: 0s
retry: {attempts: 2, initial_delay: 2s, max_delay: 10s}
database: {max_connections: ${KPIS.length + 2}}
`,
    ...Object.fromEntries(units),
  });
  onTestFinished(() => config.remove());
  await database.client.query('BEGIN; LOCK TABLE ventures');
  const exporter = await startServe({ env: { DATABASE_URL: database.url }, args: config.args });
  await vi.waitFor(async () => {
    const { rows } = await database.client.query<{ waiting: number }>(`SELECT count(*)::int AS waiting ${WAITING}`);
    expect(rows[0]?.waiting).toBe(KPIS.length);
  }, 60_000);
  await database.client.query(`SELECT pg_terminate_backend(pid) ${WAITING}`);
  await database.client.query('COMMIT');
  await exporter.ready();
  // A warning of the process would have ended it.
  expect(await exporter.stop()).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Warning') as string });
});
