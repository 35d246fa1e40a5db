import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePortfolio } from '../../demo/generatePortfolio.js';
import { loadPortfolio, PortfolioNotEmptyError } from '../../demo/loadPortfolio.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { loadDemoKpis, valueOf, type DemoKpis } from './demoKpis.js';
import { portfolioHolds } from './portfolioHolds.js';

const DAY_MS = 86_400_000;

describe('generatePortfolio', () => {
  const input = { today: '2026-11-21', now: new Date('2026-11-21T13:30:00Z') };

  it('gives the same rows, keys included, for the same input', () => {
    const text = (seed?: number) => JSON.stringify(generatePortfolio(seed === undefined ? input : { ...input, seed }));
    // Compared as text: 40,000 rows differ in one look, not in a diff of minutes.
    expect(text() === text()).toBe(true);
    expect(text() === text(1)).toBe(false);
  });

  it('keeps the ids of ventures, initiatives and milestones from day to day', () => {
    const later = generatePortfolio({ today: '2026-11-22', now: new Date('2026-11-22T06:00:00Z') });
    const rows = generatePortfolio(input);
    for (const table of ['ventures', 'synergy_initiatives', 'initiative_milestones'] as const) {
      expect(later[table].map(({ id }) => id)).toEqual(rows[table].map(({ id }) => id));
    }
  });

  it('has no two rows with one key', () => {
    const rows = generatePortfolio(input);
    const ids = [
      ...rows.ventures.map(({ id }) => id),
      ...rows.venture_metrics.map(({ id }) => id),
      ...rows.venture_assessments.map(({ id }) => id),
      ...rows.synergy_opportunities.map((row) => row.opportunity_id),
      ...rows.portfolio_coordination_plans.map(({ id }) => id),
      ...rows.synergy_initiatives.map(({ id }) => id),
      ...rows.initiative_milestones.map(({ id }) => id),
      ...rows.initiative_notifications.map(({ id }) => id),
      ...rows.initiative_responses.map(({ id }) => id),
      ...rows.value_capture_log.map((row) => row.value_capture_event_id),
      ...rows.venture_resource_usage.map(({ id }) => id),
      ...rows.venture_resource_allocations.map(({ id }) => id),
      ...rows.resource_conflicts.map((row) => row.conflict_id),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(
      ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toEqual([]);
  });

  it.each([
    { today: '2026-11-23', why: 'is after tomorrow' },
    { today: '2026-11-19', why: 'is before yesterday' },
    { today: '2026-02-30', why: 'is no day' },
    { today: '21.11.2026', why: 'is not YYYY-MM-DD' },
  ])('refuses a today that $why', ({ today }) => {
    expect(() => generatePortfolio({ ...input, today })).toThrow(RangeError);
  });

  it('addresses nobody outside example.test', () => {
    const rows = generatePortfolio(input);
    const texts = JSON.stringify(rows).match(/[\w.]+@[\w.]+|https?:\/\/[^/"]+/g) ?? [];
    expect(texts.length).toBeGreaterThan(500);
    expect(texts.filter((text) => !/(^https:\/\/|@)example\.test$/.test(text))).toEqual([]);
  });
});

describe('loadPortfolio', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  it('leaves a database with ventures as it was', async () => {
    const { client } = database;
    const portfolio = generatePortfolio({ today: '2026-11-21', now: new Date('2026-11-21T13:30:00Z') });
    await client.query("INSERT INTO ventures (name) VALUES ('Own venture')");
    await expect(loadPortfolio(client, portfolio)).rejects.toBeInstanceOf(PortfolioNotEmptyError);
    await client.query('DELETE FROM ventures');
    const broken = {
      ...portfolio,
      resource_conflicts: portfolio.resource_conflicts.map((row) => ({ ...row, total_allocation_pct: -1 })),
    };
    await expect(loadPortfolio(client, broken)).rejects.toMatchObject({ code: '23514' });
    expect((await client.query('SELECT FROM venture_metrics')).rowCount).toBe(0);
    await loadPortfolio(client, portfolio);
    expect((await client.query('SELECT FROM ventures')).rowCount).toBe(8);
  });
});

describe('the largest demo venture without rows for four days', () => {
  const [today, monthEnd] = ['2026-11-21', '2026-10-31'];
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    await loadPortfolio(database.client, generatePortfolio({ today, now: new Date(`${today}T13:30:00Z`) }));
  });
  afterAll(() => database.drop());

  it('is no fall: the month is that of the others, and one is counted as missing', async () => {
    const { client } = database;
    const { rows } = await client.query<{ id: string }>(
      `SELECT venture_id AS id FROM venture_metrics WHERE recorded_at = $1 ORDER BY monthly_revenue DESC LIMIT 1`,
      [today],
    );
    await client.query(`DELETE FROM venture_metrics WHERE venture_id = $1 AND recorded_at > $2::date - 4`, [
      rows[0]?.id,
      today,
    ]);
    const others = await client.query<{ revenue: number; profit: number; known: number }>(
      `SELECT sum(now.monthly_revenue) / sum(past.monthly_revenue) - 1 AS revenue,
              sum(now.monthly_revenue - now.monthly_burn) / sum(past.monthly_revenue - past.monthly_burn) - 1 AS profit,
              sum(now.monthly_revenue) AS known
         FROM venture_metrics AS now JOIN venture_metrics AS past USING (venture_id)
        WHERE now.recorded_at = $1 AND past.recorded_at = $2`,
      [today, monthEnd],
    );
    const moment = { asOf: today, now: new Date(`${today}T13:30:00Z`) };
    const result = await (await loadDemoKpis()).run(client, 'portfolio_performance', moment);
    expect(valueOf(result, 'portfolio_ventures_missing_metrics')).toBe(1);
    expect(valueOf(result, 'portfolio_active_ventures')).toBe(8);
    expect(valueOf(result, 'portfolio_revenue_dollars')).toBeCloseTo(Number(others.rows[0]?.known), 2);
    for (const measure of ['revenue', 'profit'] as const) {
      const change = valueOf(result, `portfolio_${measure}_month_change_ratio`);
      expect(change).toBeCloseTo(Number(others.rows[0]?.[measure]), 9);
      // The Chairman is told of a fall of 10%.
      expect(change).toBeGreaterThan(-0.1);
    }
  });
});

portfolioHolds('2026-11-21', '2026-11-21T13:30:00Z');

describe('the past of the demo portfolio', () => {
  const now = new Date('2026-11-21T13:30:00Z');
  let database: TestDatabase;
  let kpis: DemoKpis;

  beforeAll(async () => {
    kpis = await loadDemoKpis();
    database = await createDatabase();
    await loadPortfolio(database.client, generatePortfolio({ today: '2026-11-21', now }));
  });

  afterAll(async () => {
    await database.drop();
  });

  it('computes for every tenth day of nine months, without a breach', async () => {
    const seen = new Map<string, number[]>();
    for (let daysAgo = 260; daysAgo > 0; daysAgo -= 10) {
      const day = new Date(Date.parse('2026-11-21T00:00:00Z') - daysAgo * DAY_MS);
      const moment = { asOf: day.toISOString().slice(0, 10), now: new Date(day.getTime() + DAY_MS) };
      for (const kpi of [
        'portfolio_performance',
        'resource_efficiency',
        'coordination_overhead',
        'synergy_capture_rate',
        'resource_conflicts',
      ]) {
        const { samples } = await kpis.run(database.client, kpi, moment);
        for (const { metric, value } of samples) seen.set(metric, [...(seen.get(metric) ?? []), value]);
      }
    }
    const days = 26;
    const improvement = seen.get('portfolio_revenue_improvement_ratio') ?? [];
    expect(improvement).toHaveLength(days);
    expect(improvement.at(-1)).toBeGreaterThan(0.2);
    expect(Math.max(...improvement.slice(0, 3))).toBeLessThan(0.05);
    const overhead = seen.get('portfolio_coordination_overhead_ratio') ?? [];
    expect(overhead).toHaveLength(days);
    expect(Math.max(...overhead)).toBeGreaterThan(0.1);
    expect(Math.max(...overhead)).toBeLessThan(0.15);
    const reduction = seen.get('portfolio_duplicate_effort_reduction_ratio') ?? [];
    expect(reduction).toHaveLength(days);
    expect(Math.abs(reduction[0] ?? 1)).toBeLessThan(0.05);
    const capture = seen.get('portfolio_synergy_capture_ratio') ?? [];
    expect(capture).toHaveLength(days);
    expect(Math.min(...capture.slice(-18))).toBeGreaterThanOrEqual(0.2);
    expect(seen.get('portfolio_conflict_resolution_median_seconds')?.length).toBeGreaterThan(days - 3);
    for (const metric of ['portfolio_revenue_month_change_ratio', 'portfolio_profit_month_change_ratio']) {
      expect(Math.min(...(seen.get(metric) ?? [-1]))).toBeGreaterThan(-0.08);
    }
  });
});
