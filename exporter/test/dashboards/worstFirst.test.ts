import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { recordConfiguration } from '../support/recordConfiguration.js';
import { SQL_QUERIES } from './panelQueries.js';
import { runPanelSql } from './runPanelSql.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await recordConfiguration(database.client);
});
afterAll(() => database.drop());
beforeEach(() =>
  database.client.query(
    'TRUNCATE ventures, synergy_initiatives, venture_resource_allocations, value_capture_log CASCADE',
  ),
);

/** The rows of a panel's first query, as texts. */
async function rowsOf(panel: string, ...columns: readonly string[]): Promise<string[]> {
  const sql = SQL_QUERIES.find(({ name }) => name === `${panel} / A`)?.sql ?? '';
  const { rows } = await runPanelSql(database.client, sql);
  return rows.map((row) => columns.map((column) => String(row[column])).join(' | '));
}

it('the matrix begins with what is over-allocated, the fullest first, and each row with its total', async () => {
  await database.client.query(`
    INSERT INTO ventures (id, name, status) VALUES
      ('00000000-0000-4000-8000-000000000001', 'Alpha', 'active'), ('00000000-0000-4000-8000-000000000002', 'Beta', 'active');
    INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
    SELECT md5(name)::uuid, name, type, venture::uuid, share
      FROM (VALUES ('Ann', 'people', 90, 0), ('Office', 'infrastructure', 70, 60), ('Bo', 'people', 60, 60), ('Cy', 'people', 50, 50)) AS r (name, type, one, two)
     CROSS JOIN LATERAL (VALUES ('00000000-0000-4000-8000-000000000001', one), ('00000000-0000-4000-8000-000000000002', two)) AS v (venture, share)
     WHERE share > 0`);
  // 130% and 120% are over the limit; 100% is not, and stands with the others by kind and name.
  expect(await rowsOf('resource-efficiency / Resource allocation matrix', 'resource', 'venture', 'pct')).toEqual([
    'Infrastructure · Office | Total | 130.00',
    'Infrastructure · Office | Alpha | 70.00',
    'Infrastructure · Office | Beta | 60.00',
    'People · Bo | Total | 120.00',
    'People · Bo | Alpha | 60.00',
    'People · Bo | Beta | 60.00',
    'People · Ann | Total | 90.00',
    'People · Ann | Alpha | 90.00',
    'People · Ann | Beta | null',
    'People · Cy | Total | 100.00',
    'People · Cy | Alpha | 50.00',
    'People · Cy | Beta | 50.00',
  ]);
});

/** Initiatives of which the n-th captured n thousand dollars of two thousand, at a cost of one thousand. */
async function initiatives(count: number): Promise<void> {
  await database.client.query(
    `INSERT INTO synergy_initiatives (id, code, name, status, owner_name, launched_at, target_value, implementation_cost, updated_at)
     SELECT md5(n::text)::uuid, n::text, 'No ' || n, 'ACTIVE', 'Ann', now() - interval '60 days', 2000, 1000, now() FROM generate_series(1, $1::int) AS n`,
    [count],
  );
  await database.client.query(
    `INSERT INTO value_capture_log (initiative_id, value_type, value_amount, captured_at)
     SELECT id, 'COST_SAVED', 1000 * code::int, now() - interval '1 hour' FROM synergy_initiatives`,
  );
}

it('of twelve initiatives the ten largest have bars, and the others are a sentence without one', async () => {
  await initiatives(12);
  const rows = await rowsOf('synergy-value / Value by initiative, since launch', 'Initiative', 'Total value');
  expect(rows).toHaveLength(11);
  expect([rows[0], rows[9], rows[10]]).toEqual([
    'No 12 | $12,000',
    'No 3 | $3,000',
    // 1,000 + 2,000
    '2 others | $3,000 together',
  ]);
  const bars = await rowsOf('synergy-value / Value by initiative, since launch', 'Total value bar');
  // The longest takes 56% of the cell; 3,000 of 12,000 a quarter of that.
  expect(bars[0]).toContain('#3274d9 0% 56.00%');
  expect(bars[9]).toContain('#3274d9 0% 14.00%');
  expect(bars[10]).toBe('null');
});

it('an eleventh initiative takes the place of the sentence', async () => {
  await initiatives(11);
  const rows = await rowsOf('synergy-value / Value by initiative, since launch', 'Initiative');
  expect([rows.length, rows.at(-1)]).toEqual([11, 'No 1']);
});

it('returns and progress begin with the least', async () => {
  await initiatives(3);
  expect(await rowsOf('synergy-value / ROI, lowest first', 'Initiative', 'Captured value')).toEqual([
    'No 1 | 1000.00',
    'No 2 | 2000.00',
    'No 3 | 3000.00',
  ]);
  expect(await rowsOf('initiative-tracking / Value capture progress', 'Initiative')).toEqual(['No 1', 'No 2', 'No 3']);
});

it('the timeline draws what is overdue, then the next deadlines, and says of the rest how many are overdue', async () => {
  await initiatives(24);
  // The first 22 are overdue, by as many days as their number; the others are due in as many.
  await database.client.query(`
    INSERT INTO initiative_milestones (initiative_id, name, starts_on, deadline)
    SELECT id, 'Beta', clock.today - 40, CASE WHEN code::int <= 22 THEN clock.today - code::int ELSE clock.today + code::int END
      FROM synergy_initiatives CROSS JOIN portfolio_reporting.clock`);
  const rows = await rowsOf('initiative-tracking / Initiative timeline, 90 days back and ahead', 'initiative', 'state');
  const lanes = [...new Set(rows.map((row) => row.split(' | ')[0]))];
  expect(lanes).toEqual([...Array.from({ length: 20 }, (_, index) => `No ${String(22 - index)}`), '… 4 more', '(key)']);
  expect(rows).toContain('… 4 more | 4 more lanes do not fit, 2 of them overdue: choose initiatives above');
  expect(rows.slice(0, 2)).toEqual([
    expect.stringMatching(/^No 22 \| Missed: 22 d late, due \d+ \w{3}: Beta · Ann$/),
    expect.stringMatching(/^No 22 \| Overdue: 22 d late, due \d+ \w{3}: Beta · Ann$/),
  ]);
});
