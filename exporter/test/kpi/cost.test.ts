import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { loadExplainUnits } from '../../src/explain/explainUnit.js';
import { parameterValue } from '../../src/kpi/unit/kpiInput.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { scansOf } from '../support/scansOf.js';
import { boundQuery } from './fixture.js';

const DAY = '2026-03-31';
/** Rows of each table that lie before every window. */
const OLD_ROWS = 20_000;

/**
 * What a KPI's own definition reads of all history: everything ever captured (exit gate 2), and the usage before the
 * baseline day, which no longer grows.
 */
const READS_HISTORY: ReadonlyMap<string, readonly string[]> = new Map([
  ['stage_gates', ['value_capture_log', 'venture_resource_usage']],
  ['resource_efficiency', ['venture_resource_usage']],
]);

const units = await shippedUnits();
const explainUnits = await loadExplainUnits();
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  // A hundred rows in every window, and twenty thousand that are older than 366 days.
  await database.client.query(`
    INSERT INTO ventures (name) SELECT 'Venture ' || n FROM generate_series(1, 4) AS n;
    INSERT INTO synergy_initiatives (code, name, status, launched_at, completed_at)
      SELECT n::text, 'Old', 'COMPLETED', timestamptz '2010-01-01', timestamptz '2020-01-01' FROM generate_series(1, 100) AS n
      UNION ALL
      SELECT 'new', 'New', 'ACTIVE', '2026-01-01', NULL;
    CREATE TEMP TABLE moment AS
      SELECT n, (date '${DAY}' - 400 - n) AS day, timestamptz '${DAY} 00:00Z' - interval '400 days' - n * interval '1 hour' AS at
        FROM generate_series(1, ${OLD_ROWS}) AS n
      UNION ALL
      SELECT n, date '${DAY}' - n % 25, timestamptz '${DAY} 00:00Z' - n * interval '6 hours' FROM generate_series(1, 100) AS n;
    INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, stage)
      SELECT v.id, m.day, 1, 1, CASE WHEN m.day > '2024-12-01' THEN 39 ELSE 38 END
        FROM moment m JOIN LATERAL (SELECT id FROM ventures ORDER BY name LIMIT 1 OFFSET m.n % 4) v ON true ON CONFLICT DO NOTHING;
    INSERT INTO venture_resource_usage (venture_id, resource_type, recorded_at)
      SELECT v.id, (ARRAY['duplicate_design', 'coordination'])[1 + m.n % 2], m.day
        FROM moment m JOIN LATERAL (SELECT id FROM ventures ORDER BY name LIMIT 1 OFFSET m.n % 4) v ON true ON CONFLICT DO NOTHING;
    INSERT INTO venture_assessments (venture_id, assessed_on, strategic_fit, financial_health, growth_potential, resource_efficiency)
      SELECT v.id, m.day, 1, 1, 1, 1
        FROM moment m JOIN LATERAL (SELECT id FROM ventures ORDER BY name LIMIT 1 OFFSET m.n % 4) v ON true ON CONFLICT DO NOTHING;
    INSERT INTO value_capture_log (initiative_id, value_type, value_amount, captured_at)
      SELECT i.id, 'COST_SAVED', 1, m.at FROM moment m JOIN synergy_initiatives i ON i.code = CASE WHEN m.at < '2025-03-01' THEN (1 + m.n % 100)::text ELSE 'new' END;
    INSERT INTO resource_conflicts (resource_id, resource_name, total_allocation_pct, status, detected_at, resolved_at)
      SELECT gen_random_uuid(), 'Resource', 120, 'RESOLVED', at, at FROM moment
      UNION ALL
      SELECT gen_random_uuid(), 'Resource', 120, 'DETECTED', at, NULL FROM moment WHERE n <= 10;
    INSERT INTO initiative_milestones (initiative_id, name, deadline, completed_at, deadline_set_at)
      SELECT i.id, 'Old', date '2019-01-01', CASE WHEN n > 1 THEN timestamptz '2019-01-01' END, timestamptz '2018-01-01'
        FROM synergy_initiatives i, generate_series(1, ${OLD_ROWS} / 100) AS n WHERE i.code <> 'new'
      UNION ALL
      SELECT i.id, 'New', date '${DAY}' - n, CASE WHEN n % 5 > 0 THEN timestamptz '${DAY}' END, '2026-01-01'
        FROM synergy_initiatives i, generate_series(1, 100) AS n WHERE i.code = 'new';
    INSERT INTO initiative_notifications (milestone_id, recipient, notified_at)
      SELECT latest.id, 'Owner', m.at
        FROM moment m, (SELECT id FROM initiative_milestones WHERE name = 'New' AND completed_at IS NULL ORDER BY deadline LIMIT 1) AS latest;
    INSERT INTO initiative_responses (initiative_id, responded_by, note, responded_at)
      SELECT i.id, 'Owner', 'In April', m.at FROM moment m JOIN synergy_initiatives i ON i.code = 'new' WHERE m.at < '2025-03-01';
    INSERT INTO synergy_opportunities (venture_1_id, venture_2_id, synergy_type, created_at)
      SELECT (SELECT min(id::text)::uuid FROM ventures), (SELECT max(id::text)::uuid FROM ventures), 'TEAM', at FROM moment;
    INSERT INTO kpi_history (kpi, metric, day, value)
      SELECT k.kpi, k.metric, m.day, 0.1 FROM moment m,
        (VALUES ('synergy_capture_rate', 'portfolio_synergy_capture_ratio'), ('other', 'other')) AS k (kpi, metric) ON CONFLICT DO NOTHING;
    ANALYZE;
  `);
}, 600_000);

afterAll(async () => {
  await database.drop();
});

const INPUT = {
  asOf: DAY,
  now: new Date(`${DAY}T12:00:00Z`),
  timeZone: 'UTC',
  carryForwardDays: 3,
  thresholds: DEFAULT_THRESHOLDS,
};

const queries = [
  ...units.map((unit) => [unit.name, unit.name, boundQuery(unit, INPUT)] as const),
  ...explainUnits.flatMap(({ kpi, query }) =>
    query === null
      ? []
      : [[`the parts of ${kpi}`, kpi, { text: query.text, values: valuesOf(query.parameters) }] as const],
  ),
];

function valuesOf(parameters: readonly string[]): unknown[] {
  return parameters.map((name) => parameterValue(name, INPUT));
}

it.each(queries)('the rows that %s reads follow its windows', async (_name, kpi, query) => {
  const rows = new Map<string, number>();
  for (const scan of await scansOf(database.client, query))
    rows.set(scan.table, (rows.get(scan.table) ?? 0) + scan.rows);
  const tables = [...rows].filter(([, count]) => count > OLD_ROWS / 10).map(([table]) => table);
  expect(tables.sort()).toEqual(READS_HISTORY.get(kpi) ?? []);
});
