import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase as createPool } from '../../src/database/pool.js';
import type { Database } from '../../src/database/pool.js';
import { backfillHistory, BackfillError, daysBetween, keepOnly } from '../../src/kpi/history/backfillHistory.js';
import type { BackfillDeps, BackfillPlan, BackfillResult } from '../../src/kpi/history/backfillHistory.js';
import { presentMoment } from '../../src/kpi/unit/moment.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import { kpiUnit, metric, SETTINGS, unitOf } from '../support/kpiUnit.js';

let server: TestDatabase;
let login: ExporterLogin;
let database: Database;
/** The day of the month. */
let exact: KpiUnit;

beforeAll(async () => {
  server = await createDatabase();
  login = await createExporterLogin(server);
  database = createPool({
    settings: { connectionString: login.url },
    maxConnections: 2,
    connectTimeoutMs: 5_000,
    onIdleError: () => undefined,
  });
  exact = await unitOf('SELECT extract(day FROM :as_of) AS portfolio_day, 0 AS portfolio_not_kept', {
    name: 'exact',
    metrics: [metric('portfolio_day', { history: true }), metric('portfolio_not_kept')],
  });
});
afterEach(() => server.client.query('TRUNCATE kpi_history'));
afterAll(async () => {
  await database.close();
  await login.drop();
  await server.drop();
});

interface Watched {
  readonly result: BackfillResult;
  readonly steps: string[];
  readonly announced: number[];
}

async function fill(plan: Partial<BackfillPlan>, deps: Partial<BackfillDeps> = {}): Promise<Watched> {
  const steps: string[] = [];
  const announced: number[] = [];
  const result = await backfillHistory(
    { units: [exact], days: daysBetween('2026-01-01', '2026-01-05'), overwrite: false, ...plan },
    {
      database,
      retry: { attempts: 1, initialDelayMs: 10, maxDelayMs: 10 },
      settings: SETTINGS,
      signal: new AbortController().signal,
      onStart: (count) => announced.push(count),
      onStep: (kpi, day) => {
        steps.push(`${day} ${kpi}`);
        deps.onStep?.(kpi, day);
      },
      ...(deps.settings === undefined ? {} : { settings: deps.settings }),
      ...(deps.signal === undefined ? {} : { signal: deps.signal }),
      ...(deps.database === undefined ? {} : { database: deps.database }),
    },
  );
  return { result, steps, announced };
}

async function rows(): Promise<string[]> {
  const result = await server.client.query<{ line: string }>(
    `SELECT concat_ws(' ', to_char(day, 'YYYY-MM-DD'), metric, value) AS line FROM kpi_history ORDER BY day, metric`,
  );
  return result.rows.map((row) => row.line);
}

const versions = async (): Promise<unknown[]> =>
  (
    await server.client.query<Record<string, unknown>>(
      'SELECT day, xmin, ctid, recorded_at, value FROM kpi_history ORDER BY day',
    )
  ).rows;

const FIVE = [1, 2, 3, 4, 5].map((day) => `2026-01-0${day} portfolio_day ${day}`);

describe('backfill', () => {
  it('keeps what each day would have been, the oldest first, with the rights of the exporter', async () => {
    const { result, steps, announced } = await fill({});
    expect(result).toEqual({ written: 5, skipped: 0, interrupted: false, inDoubt: null });
    expect(announced).toEqual([5]);
    expect(steps).toEqual([1, 2, 3, 4, 5].map((day) => `2026-01-0${day} exact`));
    expect(await rows()).toEqual(FIVE);
  });

  it('goes day by day through all KPIs', async () => {
    const second = { ...exact, name: 'second' };
    const { steps } = await fill({ units: [exact, second], days: ['2026-01-01', '2026-01-02'] });
    expect(steps).toEqual(['2026-01-01 exact', '2026-01-01 second', '2026-01-02 exact', '2026-01-02 second']);
  });

  it('a second time changes no row', async () => {
    await fill({});
    const before = await versions();
    expect(await fill({})).toEqual({
      result: { written: 0, skipped: 5, interrupted: false, inDoubt: null },
      steps: [],
      announced: [0],
    });
    expect(await versions()).toEqual(before);
    // Nor does computing every day again, as long as the answers are the same.
    expect((await fill({ overwrite: true })).result).toEqual({
      written: 5,
      skipped: 0,
      interrupted: false,
      inDoubt: null,
    });
    expect(await versions()).toEqual(before);
  });

  it('leaves a record alone unless it is told to overwrite', async () => {
    await server.client.query(
      `INSERT INTO kpi_history (kpi, metric, day, value) VALUES ('exact', 'portfolio_day', '2026-01-03', 333)`,
    );
    expect((await fill({})).result).toEqual({ written: 4, skipped: 1, interrupted: false, inDoubt: null });
    expect(await rows()).toEqual([...FIVE.slice(0, 2), '2026-01-03 portfolio_day 333', ...FIVE.slice(3)]);
    expect((await fill({ overwrite: true })).result).toEqual({
      written: 5,
      skipped: 0,
      interrupted: false,
      inDoubt: null,
    });
    expect(await rows()).toEqual(FIVE);
  });

  it('neither counts nor touches the record of metrics that the unit does not keep', async () => {
    await server.client.query(
      `INSERT INTO kpi_history (kpi, metric, day, value) VALUES ('exact', 'portfolio_former', '2026-01-04', 444)`,
    );
    expect((await fill({ overwrite: true })).result.written).toBe(5);
    expect((await fill({})).result.skipped).toBe(5);
    expect(await rows()).toEqual([...FIVE.slice(0, 4), '2026-01-04 portfolio_former 444', ...FIVE.slice(4)]);
  });

  it('of the exact metrics of a unit leaves those alone that cannot be computed again', async () => {
    const mixed = {
      ...exact,
      metrics: [
        metric('portfolio_day', { history: true }),
        metric('portfolio_not_kept', { history: true, asOf: 'current_state' }),
      ],
    };
    const [narrowed, other] = [keepOnly(mixed, 'exact'), keepOnly(mixed, 'current_state')];
    expect(keepOnly(exact, 'current_state')).toBeNull();
    if (narrowed === null || other === null) throw new Error('the unit keeps one of each');
    await server.client.query(
      `INSERT INTO kpi_history (kpi, metric, day, value) VALUES ('exact', 'portfolio_not_kept', '2026-01-02', 9)`,
    );
    expect((await fill({ units: [narrowed], overwrite: true })).result.written).toBe(5);
    expect(await rows()).toEqual([...FIVE.slice(0, 2), '2026-01-02 portfolio_not_kept 9', ...FIVE.slice(2)]);
    expect((await fill({ units: [other], days: ['2026-01-01', '2026-01-02'] })).result).toMatchObject({
      written: 1,
      skipped: 1,
    });
  });

  it('that was interrupted goes on where it was', async () => {
    const stopping = new AbortController();
    const onStep = (_kpi: string, day: string): void => {
      if (day === '2026-01-02') stopping.abort();
    };
    const first = await fill({}, { signal: stopping.signal, onStep });
    expect(first.result).toEqual({ written: 2, skipped: 0, interrupted: true, inDoubt: null });
    expect(await rows()).toEqual(FIVE.slice(0, 2));
    const kept = await versions();
    const second = await fill({});
    expect(second.result).toEqual({ written: 3, skipped: 2, interrupted: false, inDoubt: null });
    expect(second.steps[0]).toBe('2026-01-03 exact');
    expect(await rows()).toEqual(FIVE);
    expect((await versions()).slice(0, 2)).toEqual(kept);
  });

  it('that failed in the middle tells KPI, day and reason, and goes on there when it can', async () => {
    const unit = await unitOf(
      'SELECT 1 / (extract(day FROM :as_of) - 3 + (SELECT count(*) FROM source_heartbeats)) AS portfolio_day',
      { name: 'brittle', metrics: [metric('portfolio_day', { history: true })] },
    );
    await expect(fill({ units: [unit] })).rejects.toThrow(
      new BackfillError('brittle on 2026-01-03: error: division by zero (SQLSTATE 22012)'),
    );
    expect(await rows()).toHaveLength(2);
    await server.client.query(`INSERT INTO source_heartbeats VALUES ('mended', now())`);
    expect((await fill({ units: [unit] })).result).toEqual({
      written: 3,
      skipped: 2,
      interrupted: false,
      inDoubt: null,
    });
    await server.client.query('TRUNCATE source_heartbeats');
  });

  it('writes nothing for a day on which a KPI has no sample, and removes its record when it overwrites', async () => {
    const none = kpiUnit({
      name: 'exact',
      metrics: [metric('portfolio_day', { history: true })],
      sql: 'SELECT NULL::int AS portfolio_day',
    });
    await fill({});
    expect((await fill({ units: [none], overwrite: true })).result).toEqual({
      written: 0,
      skipped: 0,
      interrupted: false,
      inDoubt: null,
    });
    expect(await rows()).toEqual([]);
  });

  it('may include today, and refuses the day after it, in the time zone', async () => {
    for (const timeZone of ['Pacific/Kiritimati', 'Etc/GMT+12']) {
      const { asOf: today } = await database.withClient((client) => presentMoment(client, timeZone));
      const tomorrow = new Date(Date.parse(`${today}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
      const settings = { ...SETTINGS, timeZone };
      await expect(fill({ days: [today, tomorrow] }, { settings })).rejects.toThrow(
        new BackfillError(`${tomorrow} lies ahead; today is ${today} in ${timeZone}`),
      );
      expect(await rows()).toEqual([]);
      expect((await fill({ days: [today] }, { settings })).result.written).toBe(1);
      await server.client.query('TRUNCATE kpi_history');
    }
  });

  it('counts the hours of days on which the clocks change', async () => {
    const hours = await unitOf(
      `SELECT extract(epoch FROM :now - (:as_of::timestamp AT TIME ZONE :time_zone)) / 3600 AS portfolio_day`,
      { name: 'hours', metrics: [metric('portfolio_day', { history: true })] },
    );
    const settings = { ...SETTINGS, timeZone: 'Europe/Berlin' };
    await fill({ units: [hours], days: daysBetween('2025-03-29', '2025-03-31') }, { settings });
    await fill({ units: [hours], days: daysBetween('2025-10-25', '2025-10-27') }, { settings });
    expect(await rows()).toEqual([
      '2025-03-29 portfolio_day 24',
      '2025-03-30 portfolio_day 23',
      '2025-03-31 portfolio_day 24',
      '2025-10-25 portfolio_day 24',
      '2025-10-26 portfolio_day 25',
      '2025-10-27 portfolio_day 24',
    ]);
  });

  it('computes a current_state KPI from the rows as they are now', async () => {
    const state = await unitOf('SELECT count(*) AS portfolio_day FROM ventures', {
      name: 'state',
      metrics: [metric('portfolio_day', { history: true, asOf: 'current_state' })],
    });
    await server.client.query(`INSERT INTO ventures (name) VALUES ('Northwind')`);
    await fill({ units: [state], days: ['2026-01-01', '2026-01-02'] });
    expect(await rows()).toEqual(['2026-01-01 portfolio_day 1', '2026-01-02 portfolio_day 1']);
    await server.client.query('TRUNCATE ventures CASCADE');
  });

  it('narrowed to exact metrics leaves the record of the others alone, and fills them later', async () => {
    const both = await unitOf('SELECT 1 AS portfolio_exact, 2 AS portfolio_state', {
      name: 'both',
      metrics: [
        metric('portfolio_exact', { history: true }),
        metric('portfolio_state', { history: true, asOf: 'current_state' }),
      ],
    });
    const exact = keepOnly(both, 'exact');
    const state = keepOnly(both, 'current_state');
    if (exact === null || state === null) throw new Error('both parts keep a metric');
    await server.client.query(
      `INSERT INTO kpi_history (kpi, metric, day, value) VALUES ('both', 'portfolio_state', '2026-01-01', 7)`,
    );
    await fill({ units: [exact], days: ['2026-01-01', '2026-01-02'] });
    expect(await rows()).toEqual([
      '2026-01-01 portfolio_exact 1',
      '2026-01-01 portfolio_state 7',
      '2026-01-02 portfolio_exact 1',
    ]);
    const { result } = await fill({ units: [exact, state], days: ['2026-01-01', '2026-01-02'] });
    expect(result).toMatchObject({ written: 1, skipped: 3 });
    expect(await rows()).toContain('2026-01-02 portfolio_state 2');
    expect(keepOnly(await unitOf('SELECT 1 AS portfolio_sample'), 'exact')).toBeNull();
  });

  it('of no days does nothing', async () => {
    expect(await fill({ days: [] })).toEqual({
      result: { written: 0, skipped: 0, interrupted: false, inDoubt: null },
      steps: [],
      announced: [0],
    });
  });
});

describe('daysBetween', () => {
  it('are calendar days, both included, over months, leap days and clock changes', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    expect(daysBetween('2025-12-31', '2026-01-01')).toEqual(['2025-12-31', '2026-01-01']);
    expect(daysBetween('2025-03-30', '2025-03-30')).toEqual(['2025-03-30']);
    expect(daysBetween('2024-01-01', '2025-12-31')).toHaveLength(366 + 365);
  });

  it.each([
    ['2026-02-29', '2026-03-01', '2026-02-29 is not a day; write it as YYYY-MM-DD, such as 2026-03-31'],
    ['2026-02-01', '2026-03-1', '2026-03-1 is not a day; write it as YYYY-MM-DD, such as 2026-03-31'],
    ['2026-02-02', '2026-02-01', 'the first day 2026-02-02 is after the last day 2026-02-01'],
  ])('refuse %s to %s', (from, to, message) => {
    expect(() => daysBetween(from, to)).toThrow(new BackfillError(message));
  });
});
