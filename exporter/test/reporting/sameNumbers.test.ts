import type { ClientBase } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Moment } from '../../src/kpi/unit/moment.js';
import type { Sample } from '../../src/kpi/unit/unit.js';
import { loadDemoKpis } from '../demo/demoKpis.js';
import { differences } from '../kpi/fixture.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordConfiguration } from '../support/recordConfiguration.js';
import { stopClock } from './viewFixture.js';

/** A number of a KPI and where the views show it. */
interface Comparison {
  readonly kpi: string;
  readonly metric: string;
  /** The label by which the view's rows are told apart; without one there is a single number. */
  readonly label?: string;
  /** From the KPI's value to the view's; null where the view has no row. */
  readonly asShown?: (value: number) => number | null;
  /** Selects the only keys that both can have. */
  readonly among?: string;
  /** Selects key and value. */
  readonly view: string;
}

const RUNNING = `month = (SELECT date_trunc('month', today::timestamp) AT TIME ZONE 'UTC' FROM portfolio_reporting.clock)`;
const THIS_YEAR = `month >= (SELECT date_trunc('year', today::timestamp) AT TIME ZONE 'UTC' FROM portfolio_reporting.clock)`;
const DAY_SECONDS = 86_400;

// prettier-ignore
const COMPARISONS: readonly Comparison[] = [
  { kpi: 'portfolio_performance', metric: 'portfolio_revenue_dollars', view: `SELECT '', sum(current_revenue) FROM portfolio_reporting.portfolio_revenue_trend WHERE ${RUNNING}` },
  { kpi: 'portfolio_performance', metric: 'portfolio_revenue_dollars', view: `SELECT '', sum(revenue) FROM portfolio_reporting.portfolio_profit_margin WHERE ${RUNNING}` },
  { kpi: 'portfolio_performance', metric: 'portfolio_burn_dollars', view: `SELECT '', sum(burn) FROM portfolio_reporting.portfolio_profit_margin WHERE ${RUNNING}` },
  { kpi: 'portfolio_performance', metric: 'portfolio_profit_dollars', view: `SELECT '', sum(revenue) - sum(burn) FROM portfolio_reporting.portfolio_profit_margin WHERE ${RUNNING}` },
  { kpi: 'portfolio_performance', metric: 'portfolio_revenue_improvement_ratio', view: `SELECT '', sum(current_revenue) / sum(baseline_revenue) - 1 FROM portfolio_reporting.portfolio_revenue_trend WHERE ${RUNNING}` },
  { kpi: 'portfolio_performance', metric: 'portfolio_revenue_improvement_ratio', view: `SELECT '', 1.2 * sum(current_revenue) / sum(target_revenue) - 1 FROM portfolio_reporting.portfolio_revenue_trend WHERE ${RUNNING}` },
  { kpi: 'portfolio_performance', metric: 'portfolio_ventures_missing_metrics', view: `SELECT '', count(*) FILTER (WHERE is_silent) FROM portfolio_reporting.venture_month WHERE ${RUNNING}` },
  { kpi: 'portfolio_performance', metric: 'portfolio_baseline_revenue_dollars', view: `SELECT '', sum(revenue) FROM portfolio_reporting.portfolio_baseline` },
  { kpi: 'portfolio_performance', metric: 'portfolio_baseline_burn_dollars', view: `SELECT '', sum(burn) FROM portfolio_reporting.portfolio_baseline` },
  { kpi: 'portfolio_performance', metric: 'portfolio_active_ventures', view: `SELECT '', count(*) FROM portfolio_reporting.venture_names WHERE status = 'active'` },
  { kpi: 'venture_scores', metric: 'portfolio_venture_score', label: 'venture_id', view: `SELECT venture_id, total_score FROM portfolio_reporting.venture_scorecard` },
  { kpi: 'venture_scores', metric: 'portfolio_venture_score', label: 'venture_id', view: `SELECT venture_id, total_score FROM portfolio_reporting.top_bottom_performers` },
  { kpi: 'venture_scores', metric: 'portfolio_venture_score_change', label: 'venture_id', view: `SELECT venture_id, score_change FROM portfolio_reporting.venture_scorecard` },
  { kpi: 'synergy_totals', metric: 'portfolio_synergy_value_year_to_date_dollars', view: `SELECT '', coalesce(sum(cost_saved + revenue_generated + time_value), 0) FROM portfolio_reporting.value_capture_timeline WHERE ${THIS_YEAR}` },
  { kpi: 'synergy_totals', metric: 'portfolio_initiatives_active', view: `SELECT '', count(*) FROM portfolio_reporting.active_initiatives` },
  { kpi: 'synergy_value', metric: 'portfolio_synergy_capture_events', label: 'initiative_id', view: `SELECT initiative_id, count(*) FROM portfolio_reporting.value_capture_events GROUP BY 1` },
  {
    kpi: 'synergy_value', metric: 'portfolio_synergy_roi_ratio', label: 'initiative_id',
    among: `SELECT initiative_id FROM portfolio_reporting.value_capture_events WHERE initiative_id IN (SELECT initiative_id FROM portfolio_reporting.synergy_roi_by_initiative)`,
    view: `SELECT initiative_id, roi_pct / 100 FROM portfolio_reporting.synergy_roi_by_initiative`,
  },
  { kpi: 'resource_allocation', metric: 'portfolio_resource_allocation_ratio', label: 'resource_id', view: `SELECT DISTINCT resource_id, total / 100 FROM portfolio_reporting.resource_allocation_matrix` },
  { kpi: 'resource_allocation', metric: 'portfolio_resource_allocation_ratio', label: 'resource_id', view: `SELECT resource_id, sum(pct) / 100 FROM portfolio_reporting.resource_allocation_matrix GROUP BY 1` },
  { kpi: 'resource_efficiency', metric: 'portfolio_duplicate_effort_seconds', view: `SELECT '', sum(current_hours) * 3600 FROM portfolio_reporting.duplicate_efforts_trend WHERE ${RUNNING}` },
  { kpi: 'resource_efficiency', metric: 'portfolio_duplicate_effort_reduction_ratio', view: `SELECT '', 1 - sum(current_hours) / sum(baseline_hours) FROM portfolio_reporting.duplicate_efforts_trend WHERE ${RUNNING}` },
  { kpi: 'resource_efficiency', metric: 'portfolio_duplicate_effort_reduction_ratio', view: `SELECT '', 1 - 0.7 * sum(current_hours) / sum(target_hours) FROM portfolio_reporting.duplicate_efforts_trend WHERE ${RUNNING}` },
  {
    kpi: 'resource_conflicts', metric: 'portfolio_conflicts', label: 'status', among: `SELECT 'RESOLVED'`,
    view: `SELECT 'RESOLVED', sum(coalesce(within_target, 0) + coalesce(over_target, 0)) FROM portfolio_reporting.conflict_resolution_time`,
  },
  { kpi: 'initiative_status', metric: 'portfolio_initiative_idle_seconds', label: 'initiative_id', view: `SELECT initiative_id, idle_seconds FROM portfolio_reporting.initiative_activity` },
  {
    kpi: 'initiative_status', metric: 'portfolio_initiative_idle_seconds', label: 'initiative_id', asShown: (seconds) => Math.floor(seconds / DAY_SECONDS),
    view: `SELECT initiative_id, days_since_update FROM portfolio_reporting.active_initiatives`,
  },
  {
    kpi: 'initiative_status', metric: 'portfolio_initiative_idle_seconds', label: 'initiative_id',
    asShown: (seconds) => (seconds < 14 * DAY_SECONDS ? null : Math.floor(seconds / DAY_SECONDS)),
    view: `SELECT initiative_id, days_idle FROM portfolio_reporting.stalled_initiatives`,
  },
  {
    kpi: 'initiative_status', metric: 'portfolio_initiative_progress_ratio', label: 'initiative_id',
    among: `SELECT initiative_id FROM portfolio_reporting.active_initiatives`, view: `SELECT initiative_id, progress / 100 FROM portfolio_reporting.active_initiatives`,
  },
  { kpi: 'initiative_status', metric: 'portfolio_initiative_value_progress_ratio', label: 'initiative_id', view: `SELECT initiative_id, progress_pct / 100 FROM portfolio_reporting.value_capture_progress` },
  {
    // Of an initiative's delays the longest: 1 overdue, 2 over the limit of three days.
    kpi: 'initiative_status', metric: 'portfolio_milestone_overdue_seconds', label: 'initiative_id', asShown: (seconds) => (seconds > 3 * DAY_SECONDS ? 2 : 1),
    view: `SELECT initiative_id, CASE status WHEN 'Delayed' THEN 2 WHEN 'Overdue' THEN 1 END FROM portfolio_reporting.active_initiatives`,
  },
];

const kpis = await loadDemoKpis();

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase({ template: 'demo' });
  // The largest venture is silent, and the one that did most work twice reports no usage.
  await database.client.query(`
    DELETE FROM venture_metrics WHERE recorded_at > current_date - 4 AND venture_id =
      (SELECT venture_id FROM venture_metrics WHERE recorded_at <= current_date ORDER BY recorded_at DESC, monthly_revenue DESC LIMIT 1);
    DELETE FROM venture_resource_usage WHERE recorded_at > current_date - 30 AND venture_id =
      (SELECT venture_id FROM venture_resource_usage WHERE resource_type LIKE 'duplicate%' GROUP BY 1 ORDER BY sum(hours_spent) DESC LIMIT 1)`);
});
afterAll(() => database.drop());

describe.each(['UTC', 'America/New_York', 'Asia/Kolkata'])('in %s the reporting views', (timeZone) => {
  beforeAll(async () => {
    await recordConfiguration(database.client, { timeZone });
  });

  /** Instants of thirteen months, at different hours, back from the present. */
  async function moments(): Promise<Moment[]> {
    const { rows } = await database.client.query<{ as_of: string; ms: number }>(
      `SELECT to_char(at AT TIME ZONE $1, 'YYYY-MM-DD') AS as_of, floor(extract(epoch FROM at) * 1000)::float8 AS ms
         FROM generate_series(0, 12) AS n, LATERAL (SELECT now() - n * interval '32 days 5 hours 7 minutes') AS moment (at)`,
      [timeZone],
    );
    return rows.map(({ as_of: asOf, ms }) => ({ asOf, now: new Date(ms) }));
  }

  it('show the numbers of the KPIs, now and at any moment', { timeout: 120_000 }, async () => {
    const compared = new Set<string>();
    for (const moment of await moments()) {
      const samples = new Map<string, readonly Sample[]>();
      for (const { kpi } of COMPARISONS) {
        if (samples.has(kpi)) continue;
        samples.set(kpi, (await kpis.run(database.client, kpi, moment, timeZone)).samples);
      }
      await atMoment(database.client, moment, async () => {
        for (const one of COMPARISONS) {
          const among = one.among === undefined ? undefined : await keys(database.client, one.among);
          const expected = only(kpiNumbers(one, samples.get(one.kpi) ?? []), among);
          const actual = only(await viewNumbers(database.client, one.view), among);
          const where = `${one.metric} at ${moment.now.toISOString()}: ${one.view}`;
          expect([where, ...differences(expected, actual)]).toEqual([where]);
          if (expected.size > 0) compared.add(one.view);
        }
      });
    }
    expect([...compared].sort()).toEqual(COMPARISONS.map(({ view }) => view).sort());
  });

  it('show for each past month what the KPIs said at its end', { timeout: 120_000 }, async () => {
    const { rows } = await database.client.query<{ month: string; last_day: string; end: Date }>(
      `SELECT to_char(month AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS month, to_char(next - interval '1 day', 'YYYY-MM-DD') AS last_day,
              next AT TIME ZONE $1 AS end
         FROM (SELECT DISTINCT month FROM portfolio_reporting.portfolio_revenue_trend) AS shown
        CROSS JOIN LATERAL (SELECT (month AT TIME ZONE 'UTC') + interval '1 month') AS following (next)
        WHERE next AT TIME ZONE $1 <= now()`,
      [timeZone],
    );
    expect(rows.length).toBeGreaterThan(15);
    const sums: readonly [kpi: string, metric: string, view: string, expression: string][] = [
      ['portfolio_performance', 'portfolio_revenue_dollars', 'portfolio_revenue_trend', 'sum(current_revenue)'],
      ['portfolio_performance', 'portfolio_burn_dollars', 'portfolio_profit_margin', 'sum(burn)'],
      [
        'resource_efficiency',
        'portfolio_duplicate_effort_seconds',
        'duplicate_efforts_trend',
        'sum(current_hours) * 3600',
      ],
    ];
    let compared = 0;
    for (const { month, last_day: asOf, end } of rows) {
      for (const [kpi, metric, view, expression] of sums) {
        const shown = await viewNumbers(
          database.client,
          `SELECT '', ${expression} FROM portfolio_reporting.${view} WHERE month = timestamptz '${month} 00:00Z' HAVING count(*) > 0`,
        );
        // The first month of duplicate effort has no thirty days.
        if (shown.size === 0) continue;
        const { samples } = await kpis.run(database.client, kpi, { asOf, now: end }, timeZone);
        const expected = kpiNumbers({ metric }, samples);
        expect([month, metric, ...differences(expected, shown)]).toEqual([month, metric]);
        compared += shown.size;
      }
    }
    expect(compared).toBeGreaterThan(45);
  });
});

async function atMoment(client: ClientBase, { now }: Moment, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await stopClock(client, now.toISOString());
    await work();
  } finally {
    await client.query('ROLLBACK');
  }
}

/** Of several samples for one key the greatest. */
function kpiNumbers(
  { metric, label, asShown = (value) => value }: Pick<Comparison, 'metric' | 'label' | 'asShown'>,
  samples: readonly Sample[],
): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const sample of samples) {
    const shown = sample.metric === metric ? asShown(sample.value) : null;
    const key = label === undefined ? '' : (sample.labels[label] ?? '');
    if (shown !== null) numbers.set(key, Math.max(shown, numbers.get(key) ?? shown));
  }
  return numbers;
}

async function viewNumbers(client: ClientBase, text: string): Promise<Map<string, number>> {
  const { rows } = await client.query<[string, string | number | null]>({ text, rowMode: 'array' });
  return new Map(rows.flatMap(([key, value]) => (value === null ? [] : [[key, Number(value)]])));
}

async function keys(client: ClientBase, text: string): Promise<Set<string>> {
  const { rows } = await client.query<[string]>({ text, rowMode: 'array' });
  return new Set(rows.map(([key]) => key));
}

function only(numbers: ReadonlyMap<string, number>, among: ReadonlySet<string> | undefined): Map<string, number> {
  return new Map([...numbers].filter(([key]) => among?.has(key) ?? true));
}
