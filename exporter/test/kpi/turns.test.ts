import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase as createPool } from '../../src/database/pool.js';
import type { Database, Purpose } from '../../src/database/pool.js';
import { runKpi } from '../../src/kpi/run/runKpi.js';
import type { RunOutcome } from '../../src/kpi/run/runKpi.js';
import { isRealTime } from '../../src/kpi/unit/unit.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { kpiUnit, SETTINGS } from '../support/kpiUnit.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';

const CONNECTIONS = 3;
let server: TestDatabase;
let database: Database;

beforeAll(async () => {
  server = await createDatabase({ template: 'empty' });
  database = createPool({
    settings: { connectionString: server.url },
    maxConnections: CONNECTIONS,
    connectTimeoutMs: 5_000,
    onIdleError: () => undefined,
  });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const run = (unit: KpiUnit): Promise<RunOutcome> =>
  runKpi(unit, {
    database,
    retry: { attempts: 1, initialDelayMs: 10, maxDelayMs: 10 },
    clock: () => new Date(),
    settings: () => SETTINGS,
  });

/** As many pieces of work as there are connections, each of which holds its own until `release`. */
async function occupy(purpose: Purpose, atOnce: number): Promise<{ release: () => Promise<void> }> {
  const events = new EventEmitter();
  const released = once(events, 'release');
  const full = once(events, 'full');
  let begun = 0;
  const work = Array.from({ length: CONNECTIONS }, () =>
    database.withClient(
      () => {
        begun += 1;
        if (begun === atOnce) events.emit('full');
        return released;
      },
      { purpose },
    ),
  );
  await full;
  return {
    release: async () => {
      events.emit('release');
      await Promise.all(work);
    },
  };
}

const REAL_TIME = kpiUnit({ schedule: { kind: 'every', intervalMs: 30_000 }, timeoutMs: 5_000 });
const DAILY = kpiUnit({ schedule: { kind: 'cron', expression: '5 * * * *' }, timeoutMs: 600_000 });

it('slow work leaves a connection to real-time KPIs and one to what is recorded, however much of it there is', async () => {
  const slow = await occupy('scheduled', CONNECTIONS - 2);
  await expect(database.withClient((client) => client.query('SELECT 1'), { purpose: 'record' })).resolves.toBeDefined();
  expect(await run(REAL_TIME)).toMatchObject({ result: 'success' });
  const records = await occupy('record', 1);
  expect(await run(REAL_TIME)).toMatchObject({ result: 'success' });
  await Promise.all([slow.release(), records.release()]);
});

it('waiting for a connection is no part of a run, and is told by itself', async () => {
  const slow = await occupy('scheduled', CONNECTIONS - 2);
  const askedAt = Date.now();
  const running = run(DAILY);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const releasedAt = Date.now();
  await slow.release();
  const outcome = await running;
  expect(outcome.result).toBe('success');
  expect(outcome.waitSeconds).toBeGreaterThan(0.25);
  expect(outcome.startedAt.getTime()).toBeGreaterThanOrEqual(releasedAt - 5);
  const whole = (outcome.finishedAt.getTime() - askedAt) / 1000;
  expect(outcome.runSeconds).toBeLessThan(whole - 0.25);
  expect(outcome.runSeconds).toBeGreaterThan(0);
});

it('real time is what runs at least once a minute with queries that end within their interval', async () => {
  const every = (intervalMs: number, timeoutMs: number): boolean =>
    isRealTime(kpiUnit({ schedule: { kind: 'every', intervalMs }, timeoutMs }));
  expect([every(30_000, 5_000), every(60_000, 60_000), every(60_001, 5_000), every(30_000, 30_001)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const { units } = await shippedConfiguration();
  expect(units.filter(isRealTime).map(({ name }) => name)).toEqual([
    'initiative_status',
    'resource_allocation',
    'resource_conflicts',
    'synergy_totals',
    'synergy_value',
  ]);
});
