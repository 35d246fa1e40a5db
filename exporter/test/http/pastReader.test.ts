import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { createPastReader, type PastReader } from '../../src/app/pastReader.js';
import { createDatabase as createPool, type Database } from '../../src/database/pool.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import { kpiUnit, metric } from '../support/kpiUnit.js';
import { recordedLogger, WARN, type LogLine } from '../support/recordedLogger.js';

let server: TestDatabase;
let login: ExporterLogin;
let now = new Date('2026-03-31T12:00:00Z');
let lines: LogLine[];

const kept = (name: string) => kpiUnit({ name, metrics: [metric(`portfolio_${name}`, { history: true })] });
const UNITS = [kept('revenue'), kept('score'), kpiUnit({ name: 'not_kept' })];

beforeAll(async () => {
  server = await createDatabase();
  login = await createExporterLogin(server);
  // By the clock of the database, in UTC: 89 days before today is the first of 90.
  await server.client.query(`
    INSERT INTO kpi_history (kpi, metric, labels, day, value)
    SELECT kpi, 'portfolio_' || kpi, labels::jsonb, (now() AT TIME ZONE 'UTC')::date - days_ago, value
      FROM (VALUES ('revenue', '{}', 90, 1), ('revenue', '{}', 89, 2), ('revenue', '{}', 3, 5), ('revenue', '{}', 0, 7.5),
                   ('score', '{"venture":"A"}', 1, 4), ('score', '{"venture":"B"}', 1, 2.5), ('score', '{"venture":"C"}', 1, 3),
                   ('other', '{}', 1, 9)) AS row (kpi, labels, days_ago, value)`);
  await server.client.query(`
    INSERT INTO portfolio_coordination_config_history (parameter_name, old_value, new_value, changed_at, changed_by, reason)
    SELECT 'hourly_rate', (n - 1)::text, n::text, '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 day', 'ops', 'n ' || n
      FROM generate_series(1, 12) AS n
     UNION ALL SELECT 'min_viable_score', '2.5', '3', '2020-01-01T00:00:00Z', '<b>x</b>', NULL`);
});
afterAll(async () => {
  await login.drop();
  await server.drop();
});
beforeEach(() => {
  now = new Date('2026-03-31T12:00:00Z');
});

function reader(url = login.url): { past: PastReader; database: Database } {
  const recorded = recordedLogger();
  lines = recorded.lines;
  const settings = { connectionString: url };
  const database = createPool({ settings, maxConnections: 3, connectTimeoutMs: 1_000, onIdleError: () => undefined });
  const configuration = () => ({ units: UNITS, timeZone: 'UTC' });
  const past = createPastReader({ database, configuration, clock: () => now, log: recorded.log });
  onTestFinished(async () => {
    const stopped = past.stop();
    await database.close();
    await stopped;
  });
  return { past, database };
}

const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

it('keeps ninety days by metric, of several series the least and the greatest, and a day without a record is none', async () => {
  const { past } = reader();
  expect(past.kpi('revenue')).toEqual({ value: null, readAt: null, problem: null });
  await past.refresh();
  const { value, readAt, problem } = past.kpi('revenue');
  expect({ today: value?.today, readAt, problem }).toEqual({ today: dayAgo(0), readAt: now, problem: null });
  expect(Object.fromEntries(value?.days ?? [])).toEqual({
    portfolio_revenue: [
      { day: dayAgo(89), least: 2, greatest: 2, series: 1 },
      { day: dayAgo(3), least: 5, greatest: 5, series: 1 },
      { day: dayAgo(0), least: 7.5, greatest: 7.5, series: 1 },
    ],
  });
  expect(past.kpi('score').value?.days.get('portfolio_score')).toEqual([
    { day: dayAgo(1), least: 2.5, greatest: 4, series: 3 },
  ]);
  // Nothing of it is kept, and the third KPI is not configured.
  for (const name of ['not_kept', 'other'])
    expect(past.kpi(name)).toEqual({ value: null, readAt: null, problem: null });
});

it('keeps the ten newest changes of each threshold, also of one that was changed long before the others', async () => {
  const { past } = reader();
  await past.refresh();
  const changes = past.thresholdChanges().value ?? [];
  expect(changes.map(({ parameterName, newValue }) => [parameterName, newValue])).toEqual([
    ...Array.from({ length: 10 }, (_, index) => ['hourly_rate', String(12 - index)]),
    ['min_viable_score', '3'],
  ]);
  expect(changes.at(-1)).toMatchObject({ changedBy: '<b>x</b>', reason: null, oldValue: '2.5' });
});

it('says why a history cannot be read, keeps what it has with its age, and reads the others', async () => {
  const { past } = reader();
  await past.refresh();
  const readAt = now;
  const lock = `BEGIN; ALTER TABLE kpi_history ENABLE ROW LEVEL SECURITY; CREATE POLICY broken ON kpi_history FOR SELECT
    TO portfolio_exporter USING (CASE kpi WHEN 'revenue' THEN 1 / (length(kpi) - 7) > 0 ELSE true END); COMMIT`;
  await server.client.query(lock);
  onTestFinished(async () => {
    await server.client.query('DROP POLICY broken ON kpi_history; ALTER TABLE kpi_history DISABLE ROW LEVEL SECURITY');
  });
  now = new Date(now.getTime() + 60_000);
  await past.refresh();
  await past.refresh();
  expect(past.kpi('revenue')).toMatchObject({ readAt, problem: 'division by zero (SQLSTATE 22012)' });
  expect(past.kpi('revenue').value?.days.get('portfolio_revenue')).toHaveLength(3);
  expect(past.kpi('score')).toMatchObject({ readAt: now, problem: null });
  expect(lines.filter(({ level }) => level >= WARN)).toEqual([
    expect.objectContaining({
      msg: 'history of revenue not read for the status page',
      reason: 'division by zero (SQLSTATE 22012)',
    }),
  ]);
});

it('is not held up by a lock: after two seconds it says so', async () => {
  const { past } = reader();
  await server.client.query('BEGIN; LOCK TABLE kpi_history');
  await past.refresh();
  await server.client.query('COMMIT');
  expect(past.kpi('revenue')).toMatchObject({
    value: null,
    readAt: null,
    problem: expect.stringMatching(/SQLSTATE (57014|55P03)/) as string,
  });
  expect(past.thresholdChanges().value).not.toBeNull();
});

it('says that the database is down, of everything, and not in the log', async () => {
  const { past } = reader('postgres://x@127.0.0.1:9/x');
  await past.refresh();
  expect(past.kpi('revenue')).toMatchObject({ value: null, readAt: null });
  expect(past.kpi('revenue').problem).toContain('ECONNREFUSED');
  expect(past.thresholdChanges().problem).toContain('ECONNREFUSED');
  expect(lines).toEqual([]);
});

it('what was read is as old as before when the clock is set', async () => {
  const { past } = reader();
  await past.refresh();
  now = new Date(now.getTime() + 3_600_000 + 300_000);
  past.clockSet({ byMs: 3_600_000, now });
  expect(now.getTime() - (past.kpi('revenue').readAt?.getTime() ?? 0)).toBe(300_000);
  expect(now.getTime() - (past.thresholdChanges().readAt?.getTime() ?? 0)).toBe(300_000);
});
