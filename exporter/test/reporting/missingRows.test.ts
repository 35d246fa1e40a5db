import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { loadDemoPortfolio } from '../support/demoPortfolio.js';
import { recordConfiguration } from '../support/recordConfiguration.js';

/** Views whose rows do not come from a table, or which must have rows so that a panel has axes. */
const ALWAYS: Readonly<Record<string, number>> = {
  clock: 1,
  score_bands: 1,
  synergy_roi_target: 2,
  // Five weeks, or six where the 31 days begin late in one.
  calendar_days: expect.toSatisfy((days: number) => days === 35 || days === 42) as number,
  // Up to one and a half targets.
  conflict_resolution_time: 6,
};

/** Views that say nothing without their thresholds. */
const NEEDS_THRESHOLDS = ['stalled_initiatives', 'thresholds', 'threshold_changes', 'top_bottom_performers'];

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

async function rowCounts(): Promise<Record<string, number>> {
  const { rows } = await database.client.query<{ name: string }>(
    `SELECT viewname AS name FROM pg_views WHERE schemaname = 'portfolio_reporting'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const result = await database.client.query(`SELECT * FROM portfolio_reporting.${name}`);
    counts[name] = result.rowCount ?? 0;
  }
  return counts;
}

function onlyAlways(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.keys(counts).map((view) => [view, ALWAYS[view] ?? 0]));
}

describe('the reporting views', () => {
  it('are empty before there is any row, but for those that a panel cannot do without', async () => {
    const counts = await rowCounts();
    expect(Object.keys(counts).length).toBeGreaterThan(25);
    expect(counts).toEqual(onlyAlways(counts));
    expect((await database.client.query('SELECT * FROM portfolio_reporting.score_bands')).rows).toEqual([
      { min_viable: null, high_priority: null, excellent: null },
    ]);
  });

  it('are as empty when the exporter has written its configuration', async () => {
    await recordConfiguration(database.client, { timeZone: 'America/New_York' });
    const { thresholds, ...counts } = await rowCounts();
    expect(thresholds).toBeGreaterThan(50);
    expect(counts).toEqual(onlyAlways(counts));
  });

  it('show their rows before the exporter has written its configuration', async () => {
    await loadDemoPortfolio(database);
    const counts = await rowCounts();
    const empty = Object.keys(counts).filter((view) => counts[view] === 0);
    expect(empty.sort()).toEqual([...NEEDS_THRESHOLDS].sort());
    // What needs no threshold is known, what needs one is not.
    const { rows } = await database.client.query(
      `SELECT count(baseline_revenue) > 0 AS baseline, count(current_revenue) > 0 AS current, count(target_revenue) AS targets
         FROM portfolio_reporting.portfolio_revenue_trend`,
    );
    expect(rows).toEqual([{ baseline: true, current: true, targets: '0' }]);
  });

  it('do not fail on rows that hold no number, nor on zeros', async () => {
    await database.client.query(`
      INSERT INTO ventures (id, name) VALUES ('00000000-0000-4000-8000-000000000001', 'Alpha'), ('00000000-0000-4000-8000-000000000002', 'Beta');
      INSERT INTO venture_metrics (venture_id, recorded_at, stage) SELECT id, CURRENT_DATE - 40, 39 FROM ventures;
      INSERT INTO venture_resource_usage (venture_id, resource_type, recorded_at) SELECT id, 'duplicate_design', CURRENT_DATE - 41 FROM ventures;
      INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
        SELECT id, '', 'people', id, 0 FROM ventures;
      INSERT INTO synergy_initiatives (code, name, status, implementation_cost, target_value)
        SELECT status, 'Same', status, amount, amount
          FROM (VALUES ('PLANNED', 0), ('ACTIVE', 0), ('PAUSED', NULL), ('COMPLETED', 0), ('TERMINATED', NULL)) AS kind (status, amount);
      INSERT INTO initiative_milestones (initiative_id, name, deadline) SELECT id, '', 'infinity' FROM synergy_initiatives;
      INSERT INTO value_capture_log (initiative_id, value_type, value_amount) SELECT id, 'TIME_SAVED_HOURS', 0 FROM synergy_initiatives;
      INSERT INTO resource_conflicts (resource_id, resource_name, total_allocation_pct, status) SELECT id, '', 0, 'RESOLVED' FROM ventures;
      INSERT INTO portfolio_coordination_config_history (parameter_name, changed_by) VALUES ('hourly_rate', 'test');`);
    const without = await rowCounts();
    await recordConfiguration(database.client, {
      thresholds: { ...DEFAULT_THRESHOLDS, conflict_resolution_time_target: 0, hourly_rate: 0 },
      // Elsewhere another month may have begun.
      timeZone: 'UTC',
      carryForwardDays: 0,
    });
    expect(await rowCounts()).toMatchObject({
      portfolio_revenue_trend: without['portfolio_revenue_trend'],
      value_by_initiative: 0,
    });
    const { rows } = await database.client.query(
      `SELECT sum(current_revenue) AS revenue, sum(target_revenue) AS target FROM portfolio_reporting.portfolio_revenue_trend`,
    );
    expect(rows).toEqual([{ revenue: null, target: null }]);
  });
});
