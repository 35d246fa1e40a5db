import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordConfiguration } from '../support/recordConfiguration.js';
import { scansOf, type Scan } from '../support/scansOf.js';
import { stopClock } from './viewFixture.js';

const NOW = '2026-03-31T12:00:00Z';
/** As Grafana writes the time range of a dashboard into a query. */
const SEVENTEEN_MONTHS = `month BETWEEN '2024-11-01T00:00:00Z' AND '${NOW}'`;
/** Rows of each growing table that lie before those months. */
const OLD_ROWS = 20_000;

const GROWING = [
  'venture_metrics',
  'venture_assessments',
  'venture_resource_usage',
  'value_capture_log',
  'resource_conflicts',
  'kpi_history',
  'portfolio_coordination_config_history',
];

/** What views read of all history because that is what they show; by key even so. */
const READS_HISTORY: Readonly<Record<string, readonly string[]>> = {
  // Captured since launch, of every initiative
  initiative_value: ['value_capture_log'],
  value_by_initiative: ['value_capture_log'],
  // Its return over all time, also of those completed long ago
  synergy_roi_by_initiative: ['value_capture_log'],
  // The baseline is everything before its day, and no longer grows
  duplicate_efforts_trend: ['venture_resource_usage'],
};

/** Panels read these for the months that they show. */
const OF_ALL_MONTHS = [
  'portfolio_revenue_trend',
  'portfolio_profit_margin',
  'venture_month',
  'duplicate_efforts_trend',
  'value_capture_timeline',
];

let database: TestDatabase;
let views: string[];

beforeAll(async () => {
  database = await createDatabase();
  const { client } = database;
  await recordConfiguration(client);
  // A hundred rows in the months that are shown, and twenty thousand older ones.
  await client.query(`
    INSERT INTO ventures (name) SELECT 'Venture ' || n FROM generate_series(1, 4) AS n;
    INSERT INTO synergy_initiatives (code, name, status, implementation_cost, target_value, launched_at, completed_at)
      SELECT n::text, 'Old', 'COMPLETED', 1, 1, timestamptz '2010-01-01', timestamptz '2020-01-01' FROM generate_series(1, 100) AS n
      UNION ALL
      SELECT 'new', 'New', 'ACTIVE', 1, 1, '2024-12-01', NULL;
    CREATE TEMP TABLE moment AS
      SELECT n, date '2024-09-01' - n AS day, timestamptz '2024-09-01 00:00Z' - n * interval '1 hour' AS at FROM generate_series(1, ${OLD_ROWS}) AS n
      UNION ALL
      SELECT n, date '2026-03-31' - n % 25, timestamptz '2026-03-31 00:00Z' - n * interval '6 hours' FROM generate_series(1, 100) AS n;
    CREATE TEMP TABLE numbered AS SELECT id, row_number() OVER (ORDER BY name) - 1 AS n FROM ventures;
    INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, stage)
      SELECT v.id, m.day, 1, 1, CASE WHEN m.day > '2024-12-01' THEN 39 ELSE 38 END FROM moment m JOIN numbered v ON v.n = m.n % 4 ON CONFLICT DO NOTHING;
    INSERT INTO venture_resource_usage (venture_id, resource_type, recorded_at, hours_spent)
      SELECT v.id, (ARRAY['duplicate_design', 'coordination'])[1 + m.n / 4 % 2], m.day, 1 FROM moment m JOIN numbered v ON v.n = m.n % 4 ON CONFLICT DO NOTHING;
    INSERT INTO venture_assessments (venture_id, assessed_on, strategic_fit, financial_health, growth_potential, resource_efficiency)
      SELECT v.id, m.day, 1, 1, 1, 1 FROM moment m JOIN numbered v ON v.n = m.n % 4 ON CONFLICT DO NOTHING;
    INSERT INTO value_capture_log (initiative_id, value_type, value_amount, captured_at)
      SELECT i.id, 'COST_SAVED', 1, m.at FROM moment m JOIN synergy_initiatives i ON i.code = CASE WHEN m.at < '2024-10-01' THEN (1 + m.n % 100)::text ELSE 'new' END;
    INSERT INTO resource_conflicts (resource_id, resource_name, total_allocation_pct, status, detected_at, resolved_at)
      SELECT gen_random_uuid(), 'Resource', 120, 'RESOLVED', at, at FROM moment;
    INSERT INTO portfolio_coordination_config_history (parameter_name, old_value, new_value, changed_at, changed_by)
      SELECT 'hourly_rate', '75', '80', at, 'test' FROM moment;
    INSERT INTO kpi_history (kpi, metric, day, value) SELECT 'kpi', 'metric', day, 1 FROM moment ON CONFLICT DO NOTHING;`);
  for (const table of [...GROWING, 'ventures', 'synergy_initiatives']) await client.query(`VACUUM ANALYZE ${table}`);
  await stopClock(client, NOW);
  const { rows } = await client.query<{ name: string }>(
    `SELECT viewname AS name FROM pg_views WHERE schemaname = 'portfolio_reporting'`,
  );
  views = rows.map(({ name }) => name);
}, 600_000);

afterAll(() => database.drop());

async function growingScans(query: string): Promise<Scan[]> {
  return (await scansOf(database.client, query)).filter(({ table }) => GROWING.includes(table));
}

function rowsRead(scans: readonly Scan[], table: string): number {
  return scans.filter((scan) => scan.table === table).reduce((sum, { rows }) => sum + rows, 0);
}

describe('what the panels read of growing tables', () => {
  it('follows the months that they show, and is found by a time or a key', async () => {
    const read: Record<string, string[]> = {};
    const unbounded: string[] = [];
    for (const view of views) {
      const where = OF_ALL_MONTHS.includes(view) ? `WHERE ${SEVENTEEN_MONTHS}` : '';
      const scans = await growingScans(`SELECT * FROM portfolio_reporting.${view} ${where}`);
      const tables = GROWING.filter((table) => rowsRead(scans, table) > OLD_ROWS / 10);
      if (tables.length > 0) read[view] = tables;
      for (const { table, rows, condition } of scans) {
        // One row is the end of an index.
        if (
          rows > 1 &&
          !/\b(recorded_at|assessed_on|captured_at|detected_at|changed_at|venture_id|initiative_id)\b/.test(condition)
        ) {
          unbounded.push(`${view}: ${table}: ${condition}`);
        }
      }
    }
    expect(read).toEqual(READS_HISTORY);
    expect(unbounded).toEqual([]);
  });

  it.each([
    [
      'portfolio_revenue_trend',
      'venture_metrics',
      'venture_id',
      `(SELECT id::text FROM ventures WHERE name = 'Venture 1')`,
    ],
    [
      'portfolio_profit_margin',
      'venture_metrics',
      'venture_id',
      `(SELECT id::text FROM ventures WHERE name = 'Venture 1')`,
    ],
    [
      'value_capture_timeline',
      'value_capture_log',
      'initiative_id',
      `(SELECT id::text FROM synergy_initiatives WHERE code = '7')`,
    ],
    [
      'value_by_initiative',
      'value_capture_log',
      'initiative_id',
      `(SELECT id::text FROM synergy_initiatives WHERE code = '7')`,
    ],
    [
      'synergy_roi_by_initiative',
      'value_capture_log',
      'initiative_id',
      `(SELECT id::text FROM synergy_initiatives WHERE code = '7')`,
    ],
  ])('%s reads of %s what belongs to the chosen %s', async (view, table, column, chosen) => {
    const { rows } = await database.client.query<{ id: string }>(`SELECT ${chosen} AS id`);
    const id = rows[0]?.id ?? '';
    const of = (where: string) => growingScans(`SELECT * FROM portfolio_reporting.${view} ${where}`);
    const all = rowsRead(await of(''), table);
    const one = rowsRead(await of(`WHERE ${column} IN ('${id}')`), table);
    expect(one).toBeGreaterThan(0);
    expect(one).toBeLessThan(all / 3);
    // Several values are an array, not an equality, and reach no further.
    expect(rowsRead(await of(`WHERE ${column} IN ('${id}', 'another')`), table)).toBeCloseTo(one, -1);
  });
});
