import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keptSamples, recordedDays, writeHistory } from '../../src/kpi/history/history.js';
import type { Sample } from '../../src/kpi/unit/unit.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import { kpiUnit, metric } from '../support/kpiUnit.js';

const DAY = '2026-03-31';

let database: TestDatabase;
let login: ExporterLogin;
/** Two replicas, with the rights of the exporter's role and no more. */
let one: Client;
let other: Client;

beforeAll(async () => {
  database = await createDatabase();
  login = await createExporterLogin(database);
  one = new Client({ connectionString: login.url });
  other = new Client({ connectionString: login.url });
  await one.connect();
  await other.connect();
});
afterEach(() => database.client.query('TRUNCATE kpi_history, kpi_history_days'));
afterAll(async () => {
  await one.end();
  await other.end();
  await login.drop();
  await database.drop();
});

const sample = (metricName: string, value: number, labels: Record<string, string> = {}): Sample => ({
  metric: metricName,
  labels,
  value,
});

async function rows(): Promise<string[]> {
  const result = await database.client.query<{ line: string }>(
    `SELECT concat_ws(' ', kpi, metric, labels::text, to_char(day, 'YYYY-MM-DD'), value) AS line
       FROM kpi_history ORDER BY kpi, metric, labels, day`,
  );
  return result.rows.map((row) => row.line);
}

/** Which row version each row is: equal before and after means that it was not written. */
async function versions(): Promise<unknown[]> {
  const result = await database.client.query<Record<string, unknown>>(
    'SELECT metric, day, xmin, ctid, recorded_at FROM kpi_history ORDER BY 1, 2',
  );
  return result.rows;
}

describe('writeHistory', () => {
  it('keeps one row per metric, labels and day', async () => {
    await writeHistory(one, 'kpi_a', DAY, [
      sample('portfolio_a', 1.5),
      sample('portfolio_b', 2, { venture: 'x' }),
      sample('portfolio_b', -3e-7, { venture: '"><script>\\\n🙂' }),
    ]);
    await writeHistory(one, 'kpi_a', '2026-04-01', [sample('portfolio_a', 4)]);
    await writeHistory(other, 'kpi_b', DAY, [sample('portfolio_a', 5)]);
    expect(await rows()).toEqual([
      'kpi_a portfolio_a {} 2026-03-31 1.5',
      'kpi_a portfolio_a {} 2026-04-01 4',
      'kpi_a portfolio_b {"venture": "\\"><script>\\\\\\n🙂"} 2026-03-31 -3e-07',
      'kpi_a portfolio_b {"venture": "x"} 2026-03-31 2',
      'kpi_b portfolio_a {} 2026-03-31 5',
    ]);
  });

  it('takes the last value of a day, whatever the number of writers', async () => {
    await writeHistory(one, 'kpi_a', DAY, [sample('portfolio_a', 1)]);
    await writeHistory(other, 'kpi_a', DAY, [sample('portfolio_a', 2)]);
    await writeHistory(one, 'kpi_a', DAY, [sample('portfolio_a', 3)]);
    expect(await rows()).toEqual(['kpi_a portfolio_a {} 2026-03-31 3']);
  });

  it('takes labels in any order for the same series', async () => {
    await writeHistory(one, 'kpi_a', DAY, [sample('portfolio_a', 1, { venture: 'x', owner: 'y' })]);
    await writeHistory(one, 'kpi_a', DAY, [sample('portfolio_a', 2, { owner: 'y', venture: 'x' })]);
    expect(await rows()).toEqual(['kpi_a portfolio_a {"owner": "y", "venture": "x"} 2026-03-31 2']);
  });

  it("removes a series that is gone, of that day and KPI only, and the whole day's record where none is left", async () => {
    const both = [sample('portfolio_a', 1, { venture: 'x' }), sample('portfolio_a', 2, { venture: 'y' })];
    await writeHistory(one, 'kpi_a', '2026-03-30', both);
    await writeHistory(one, 'kpi_a', DAY, both);
    await writeHistory(one, 'kpi_b', DAY, both);
    await writeHistory(one, 'kpi_a', DAY, both.slice(1));
    expect(await rows()).toEqual([
      'kpi_a portfolio_a {"venture": "x"} 2026-03-30 1',
      'kpi_a portfolio_a {"venture": "y"} 2026-03-30 2',
      'kpi_a portfolio_a {"venture": "y"} 2026-03-31 2',
      'kpi_b portfolio_a {"venture": "x"} 2026-03-31 1',
      'kpi_b portfolio_a {"venture": "y"} 2026-03-31 2',
    ]);
    await writeHistory(one, 'kpi_a', DAY, []);
    expect((await rows()).filter((line) => line.includes(DAY))).toHaveLength(2);
  });

  it('does not write an equal value again', async () => {
    const samples = [sample('portfolio_a', 0.1), sample('portfolio_b', 0), sample('portfolio_c', 1e300)];
    await writeHistory(one, 'kpi_a', DAY, samples);
    const before = await versions();
    expect(before).toHaveLength(3);
    await writeHistory(one, 'kpi_a', DAY, samples);
    await writeHistory(other, 'kpi_a', DAY, [...samples].reverse());
    expect(await versions()).toEqual(before);
    // A changed one is written, alone, with the time of its change.
    await writeHistory(other, 'kpi_a', DAY, [sample('portfolio_a', 0.2), ...samples.slice(1)]);
    const after = await versions();
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(after[0]).not.toEqual(before[0]);
  });

  it('of many writers at once ends without a deadlock in the record of one of them', async () => {
    const samples = Array.from({ length: 300 }, (_, index) => sample('portfolio_a', index, { venture: String(index) }));
    const shuffled = [...samples].reverse();
    await Promise.all(
      [one, other].map(async (client, replica) => {
        for (let round = 0; round < 15; round += 1) {
          const own = (replica === 0 ? samples : shuffled).map((each) => ({
            ...each,
            value: each.value + round + replica / 2,
          }));
          await writeHistory(client, 'kpi_a', DAY, own);
        }
      }),
    );
    const { rows: kept } = await database.client.query<{ n: number; writers: number }>(
      `SELECT count(*)::int AS n, count(DISTINCT value - (labels ->> 'venture')::int)::int AS writers FROM kpi_history`,
    );
    expect(kept).toEqual([{ n: 300, writers: 1 }]);
  });

  it('sees what the writer before it left, also where the server would use one snapshot for all', async () => {
    const role = login.role;
    await database.client.query(`ALTER ROLE ${role} SET default_transaction_isolation = 'repeatable read';
                                 ALTER ROLE ${role} SET default_transaction_read_only = on`);
    const strict = new Client({ connectionString: login.url });
    await strict.connect();
    try {
      await writeHistory(one, 'kpi_a', DAY, [sample('portfolio_a', 1)]);
      await one.query('BEGIN');
      await one.query('SELECT FROM kpi_history_days FOR UPDATE');
      const waiting = writeHistory(strict, 'kpi_a', DAY, [sample('portfolio_a', 3)]);
      await one.query('SELECT pg_sleep(0.2)');
      await one.query(`UPDATE kpi_history SET value = 2`);
      await one.query('COMMIT');
      await waiting;
      expect(await rows()).toEqual(['kpi_a portfolio_a {} 2026-03-31 3']);
    } finally {
      await strict.end();
      await database.client.query(`ALTER ROLE ${role} RESET ALL`);
    }
  });

  it('writes nothing where anything is wrong, and leaves the connection usable', async () => {
    await writeHistory(one, 'kpi_a', DAY, [sample('portfolio_a', 1)]);
    const wrong = writeHistory(one, 'kpi_a', DAY, [sample('portfolio_a', 2), sample('portfolio_b', Number.NaN)]);
    await expect(wrong).rejects.toMatchObject({ code: '23514' });
    expect(await rows()).toEqual(['kpi_a portfolio_a {} 2026-03-31 1']);
    expect((await one.query('SELECT pg_current_xact_id_if_assigned() IS NULL AS idle')).rows).toEqual([{ idle: true }]);
  });

  it('takes 10,000 series', async () => {
    const samples = Array.from({ length: 10_000 }, (_, index) =>
      sample('portfolio_a', index, { venture: `v${index}` }),
    );
    await writeHistory(one, 'kpi_a', DAY, samples);
    await writeHistory(one, 'kpi_a', DAY, samples.slice(1));
    expect(await rows()).toHaveLength(9_999);
  });
});

describe('keptSamples', () => {
  it('are those of metrics with history', () => {
    const unit = kpiUnit({ metrics: [metric('portfolio_a', { history: true }), metric('portfolio_b')] });
    const samples = [sample('portfolio_a', 1, { venture: 'x' }), sample('portfolio_b', 2), sample('portfolio_a', 3)];
    expect(keptSamples(unit, samples)).toEqual([samples[0], samples[2]]);
  });
});

describe('recordedDays', () => {
  it('are the days of the range, both ends included, on which the KPI has a row, in any form of dates', async () => {
    for (const day of ['2026-03-28', '2026-03-29', '2026-03-31', '2026-04-01']) {
      await writeHistory(one, 'kpi_a', day, [sample('portfolio_a', 1), sample('portfolio_b', 1)]);
    }
    await writeHistory(one, 'kpi_b', '2026-03-30', [sample('portfolio_a', 1)]);
    await other.query(`SET DateStyle = 'SQL, DMY'`);
    expect([...(await recordedDays(other, 'kpi_a', '2026-03-29', '2026-03-31'))].sort()).toEqual([
      '2026-03-29',
      '2026-03-31',
    ]);
    expect(await recordedDays(other, 'kpi_c', '2026-03-29', '2026-03-31')).toEqual(new Set());
  });
});
