import { afterAll, beforeAll, expect, it } from 'vitest';
import { SQL_QUERIES } from '../dashboards/panelQueries.js';
import { runPanelSql } from '../dashboards/runPanelSql.js';
import { loadDemoKpis, valueOf } from '../demo/demoKpis.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordConfiguration } from '../support/recordConfiguration.js';

const INITIATIVE = '00000000-0000-4000-8000-000000000002';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await recordConfiguration(database.client);
  // Cents show what was rounded.
  await database.client.query(`
    INSERT INTO ventures (id, name) VALUES ('00000000-0000-4000-8000-000000000001', 'Alpha');
    INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, stage)
      SELECT id, CURRENT_DATE - day, 1234567890.12 + add, 1000000000, 39
        FROM ventures CROSS JOIN (VALUES (400, 0), (0, 1000000000)) AS reported (day, add);
    INSERT INTO synergy_initiatives (id, code, name, status, launched_at, implementation_cost, target_value)
      VALUES ('${INITIATIVE}', 'A', 'Shared login', 'ACTIVE', now() - interval '40 days', 2000000000, 40000000000);
    INSERT INTO value_capture_log (initiative_id, value_type, value_amount, captured_at)
      SELECT '${INITIATIVE}', 'COST_SAVED', 10000000000.25, now() - interval '1 hour';
    INSERT INTO venture_resource_usage (venture_id, resource_type, hours_spent, budget_spent, recorded_at)
      SELECT id, 'duplicate_design', 100, 3000000000, CURRENT_DATE - day FROM ventures CROSS JOIN (VALUES (410), (1)) AS used (day);`);
});
afterAll(() => database.drop());

it('a month of billions of dollars goes through KPIs', async () => {
  const kpis = await loadDemoKpis();
  const { rows } = await database.client.query<{ day: string; now: Date }>(
    `SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, now() AS now`,
  );
  const [moment] = rows;
  if (moment === undefined) throw new Error('no moment');
  const run = (kpi: string) => kpis.run(database.client, kpi, { asOf: moment.day, now: moment.now });
  const performance = await run('portfolio_performance');
  expect(valueOf(performance, 'portfolio_revenue_dollars')).toBe(2234567890.12);
  expect(valueOf(performance, 'portfolio_baseline_profit_dollars')).toBe(234567890.12);
  expect(valueOf(performance, 'portfolio_revenue_improvement_ratio')).toBeCloseTo(0.8100000072922681, 12);
  const value = await run('synergy_value');
  expect(valueOf(value, 'portfolio_synergy_cost_saved_dollars')).toBe(10000000000.25);
  expect(valueOf(value, 'portfolio_synergy_roi_ratio')).toBe(5.000000000125);
  // 30 days of the ten before the baseline day: three times as much
  expect(valueOf(await run('resource_efficiency'), 'portfolio_duplicate_budget_saved_dollars')).toBe(6000000000);
});

it.each([
  [
    'SELECT current_revenue, baseline_revenue FROM portfolio_reporting.portfolio_revenue_trend',
    ['2234567890.12', '1234567890.12'],
  ],
  ['SELECT revenue, burn FROM portfolio_reporting.portfolio_profit_margin', ['2234567890.12', '1000000000.00']],
  [
    'SELECT captured_value, target_value, label FROM portfolio_reporting.value_capture_progress',
    ['10000000000.25', '40000000000.00', 'Shared login · 25% ($10,000,000,000 of $40,000,000,000)'],
  ],
  ['SELECT amount FROM portfolio_reporting.value_capture_events', ['$10,000,000,000.25']],
])('and through the views: %s', async (sql, expected) => {
  const { rows } = await database.client.query<unknown[]>({ text: sql, rowMode: 'array' });
  expect(rows.at(sql.includes('revenue') ? -1 : 0)).toEqual(expected);
});

it.each([
  ['portfolio-performance / Portfolio revenue trend / A', '2234567890.12'],
  ['synergy-value / Value by initiative, since launch / A', '10000000000.25'],
])('and through the panel %s', async (name, number) => {
  const sql = SQL_QUERIES.find((query) => query.name.toLowerCase() === name.toLowerCase())?.sql ?? `no ${name}`;
  const { rows } = await runPanelSql(database.client, sql);
  expect(Object.values(rows.at(-1) ?? {})).toContain(number);
});
