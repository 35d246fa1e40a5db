import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { loadExplainUnits } from '../../src/explain/explainUnit.js';
import { overheadByVenture } from '../../src/explain/overheadByVenture.js';
import { proposalRules, readAllocation } from '../../src/explain/readAllocation.js';
import { proposeResolution } from '../../src/explain/proposeResolution.js';
import { rootCause } from '../../src/explain/rootCause.js';
import { unpursuedOpportunities } from '../../src/explain/unpursuedOpportunities.js';
import { queryKpi } from '../../src/kpi/run/queryKpi.js';
import type { KpiInput } from '../../src/kpi/unit/kpiInput.js';
import { momentOf, presentMoment, previousMonthEnd } from '../../src/kpi/unit/moment.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import { SETTINGS } from '../support/kpiUnit.js';
import { Client } from 'pg';

const context = { units: await shippedUnits(), explainUnits: await loadExplainUnits(), settings: SETTINGS };
const NOW: KpiInput = { ...SETTINGS, asOf: '2026-03-31', now: new Date('2026-03-31T12:00:00Z') };
const THEN: KpiInput = { ...SETTINGS, asOf: '2026-02-28', now: new Date('2026-03-01T00:00:00Z') };
const id = (letter: string, number: number) =>
  `00000000-0000-4000-8000-${letter.charCodeAt(0).toString(16)}${String(number).padStart(10, '0')}`;

async function kpiValue(client: Client, kpi: string, metric: string, input: KpiInput): Promise<number | null> {
  const unit = context.units.find(({ name }) => name === kpi);
  if (unit === undefined) throw new Error(`no KPI ${kpi}`);
  const { samples } = await queryKpi(client, unit, input);
  return samples.find((sample) => sample.metric === metric)?.value ?? null;
}

describe('on rows of a test', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.client.query(`
      INSERT INTO ventures (id, name, status) VALUES
        ('${id('v', 1)}', 'Alpha', 'active'), ('${id('v', 2)}', 'Beta', 'active'), ('${id('v', 3)}', 'Gamma', 'closed'),
        ('${id('v', 4)}', 'Delta', 'active'), ('${id('v', 5)}', 'New', 'active')`);
  });
  afterEach(async () => {
    await database.client.query(
      `TRUNCATE ventures, venture_metrics, synergy_initiatives, resource_conflicts, portfolio_coordination_config_history,
         synergy_opportunities, venture_resource_usage, venture_resource_allocations, kpi_history CASCADE`,
    );
  });

  it('rootCause: who explains how much of a fall, by revenue and burn, and what else changed in the month', async () => {
    await database.client.query(`
      INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn) VALUES
        ('${id('v', 1)}', '2026-02-28', 1000, 600), ('${id('v', 1)}', '2026-03-31', 700, 650),
        ('${id('v', 2)}', '2026-02-28',  500, 300), ('${id('v', 2)}', '2026-03-30', 560, 280),
        ('${id('v', 3)}', '2026-02-27',  200, 100),                 -- closed: left
        ('${id('v', 4)}', '2026-02-28',  900, 400),                 -- active and silent
        ('${id('v', 5)}', '2026-03-31',   40,  90);                 -- joined
      INSERT INTO synergy_initiatives (id, code, name, status, owner_name, launched_at, completed_at, updated_at) VALUES
        ('${id('i', 1)}', 'a', 'Started',    'ACTIVE',     'Ana', '2026-03-10 09:00Z', NULL,                '2026-03-11'),
        ('${id('i', 2)}', 'b', 'Completed',  'COMPLETED',  'Ben', '2026-01-01 00:00Z', '2026-03-20 00:00Z', '2026-03-20'),
        ('${id('i', 3)}', 'c', 'Terminated', 'TERMINATED', NULL,  '2026-01-01 00:00Z', NULL,                '2026-03-05 00:00Z'),
        -- at the end of the day compared with, and after now
        ('${id('i', 4)}', 'd', 'Before',     'ACTIVE',     NULL,  '2026-03-01 00:00Z', NULL,                '2026-03-11'),
        ('${id('i', 5)}', 'e', 'After',      'ACTIVE',     NULL,  '2026-03-31 12:00:01Z', NULL,             '2026-03-31');
      INSERT INTO resource_conflicts (conflict_id, resource_id, resource_name, total_allocation_pct, detected_at, resolved_at, status) VALUES
        ('${id('c', 1)}', '${id('r', 1)}', 'CTO', 105, '2026-03-02 00:00Z', '2026-03-04 00:00Z', 'RESOLVED');
      INSERT INTO portfolio_coordination_config_history (parameter_name, old_value, new_value, changed_at, changed_by) VALUES
        ('hourly_rate', '75', '80', '2026-03-15 00:00Z', 'ops'), ('hourly_rate', '70', '75', '2026-02-15 00:00Z', 'ops')`);
    const found = await rootCause(database.client, { asOf: NOW, against: THEN }, context);
    // Without Delta, 1000 + 500 + 200 = 1700 then; 700 + 560 + 40 = 1300 now: -400, of 1700
    expect(found.revenue).toEqual({ then: 1700, now: 1300, change: -400, ratio: -400 / 1700 });
    // 600 + 300 + 100; 650 + 280 + 90
    expect(found.burn).toEqual({ then: 1000, now: 1020, change: 20, ratio: 0.02 });
    // 700 then, 280 now: -420 of 700
    expect(found.profit).toEqual({ then: 700, now: 280, change: -420, ratio: -0.6 });
    expect(
      found.ventures.map(({ name, group, revenue, burn, profit }) => [
        name,
        group,
        revenue.change,
        burn.change,
        profit.change,
      ]),
    ).toEqual([
      ['Alpha', 'stayed', -300, 50, -350],
      ['Gamma', 'left', -200, -100, -100],
      ['New', 'joined', 40, 90, -50],
      ['Beta', 'stayed', 60, -20, 80],
    ]);
    // 300 of the 400 that revenue fell by
    expect(found.ventures[0]?.revenue.ratio).toBe(0.75);
    expect(found.silent).toEqual([{ id: id('v', 4), name: 'Delta', revenue: 900, burn: 400 }]);
    expect(
      found.otherChanges.map(({ kind, at, name, oldValue, newValue, who }) => [
        kind,
        at.toISOString().slice(0, 10),
        name,
        oldValue,
        newValue,
        who,
      ]),
    ).toEqual([
      ['conflict_detected', '2026-03-02', 'CTO', null, '1.05', null],
      ['conflict_resolved', '2026-03-04', 'CTO', '1.05', null, null],
      ['initiative_terminated', '2026-03-05', 'Terminated', null, null, null],
      ['initiative_started', '2026-03-10', 'Started', null, null, 'Ana'],
      ['threshold_changed', '2026-03-15', 'hourly_rate', '75', '80', 'ops'],
      ['initiative_completed', '2026-03-20', 'Completed', null, null, 'Ben'],
    ]);
    for (const [metric, ratio] of [
      ['revenue', found.revenue.ratio],
      ['profit', found.profit.ratio],
    ] as const) {
      expect(
        await kpiValue(database.client, 'portfolio_performance', `portfolio_${metric}_month_change_ratio`, NOW),
      ).toBeCloseTo(ratio ?? NaN, 12);
    }
  });

  it('unpursuedOpportunities: what was not launched and why, and what other limits would mean', async () => {
    const opportunity = (n: number, type: string, scores: string, status: string, day: string, other = 2) =>
      `('${id('o', n)}', '${id('v', 1)}', '${id('v', other)}', '${type}', ${scores}, '${status}', '${day}')`;
    await database.client.query(`
      INSERT INTO synergy_opportunities (opportunity_id, venture_1_id, venture_2_id, synergy_type, value_potential_score,
        strategic_importance_score, implementation_effort_score, status, created_at) VALUES
        ${[
          opportunity(1, 'TEAM', '5, 4, 2', 'LAUNCHED', '2026-03-01'), // 5 x 4 / 2 = 10
          opportunity(2, 'TEAM', '4, 4, 2', 'IDENTIFIED', '2026-03-30'), // 8, a day old
          opportunity(3, 'TEAM', '3, 4, 3', 'PLANNED', '2026-02-20'), // 4, with an approved plan
          opportunity(4, 'CUSTOMER', '2, 2, 4', 'IDENTIFIED', '2026-01-20'), // 1
          opportunity(5, 'CUSTOMER', 'NULL, NULL, NULL', 'PLANNED', '2026-01-10'),
          opportunity(6, 'CUSTOMER', '5, 5, 1', 'REJECTED', '2026-03-01'),
          opportunity(7, 'OPERATIONAL', '5, 5, 1', 'IDENTIFIED', '2026-03-01', 3), // Gamma is closed
          opportunity(8, 'TEAM', '5, 5, 1', 'IDENTIFIED', '2025-12-31'), // before the 90 days
          opportunity(9, 'TEAM', '3, 3, 3', 'IDENTIFIED', '2026-03-31'), // 3, the limit itself
        ].join(',\n')};
      INSERT INTO portfolio_coordination_plans (opportunity_id, name, status, created_at) VALUES
        ('${id('o', 3)}', 'Old', 'DRAFT', '2026-02-21'), ('${id('o', 3)}', 'New', 'APPROVED', '2026-02-22')`);
    const found = await unpursuedOpportunities(database.client, NOW);
    // 30% of 8 are 2.4: three launched, two more than now
    expect(found).toMatchObject({ opportunities: 8, launched: 1, rate: 1 / 8, target: 0.3, missing: 2 });
    expect(found.byType).toEqual([
      { name: 'CUSTOMER', opportunities: 3, launched: 0 },
      { name: 'OPERATIONAL', opportunities: 1, launched: 0 },
      { name: 'TEAM', opportunities: 4, launched: 1 },
    ]);
    expect(found.byScore.map(({ name, opportunities }) => [name, opportunities])).toEqual([
      ['under 3', 1],
      ['3 to under 4', 1],
      ['4 and more', 5],
      ['not scored', 1],
    ]);
    expect(found.byAge.map(({ opportunities }) => opportunities)).toEqual([5, 1, 2]);
    expect(found.byReason).toEqual([
      { reason: 'rejected', opportunities: 1 },
      { reason: 'venture_not_active', opportunities: 1 },
      { reason: 'not_scored', opportunities: 1 },
      { reason: 'score_below_limit', opportunities: 1 },
      { reason: 'plan_approved_not_launched', opportunities: 1 },
      { reason: 'no_plan', opportunities: 2 },
    ]);
    expect(found.best.map(({ score, ageDays }) => [score, ageDays])).toEqual([
      [25, 30],
      [8, 1],
      [4, 39],
      [3, 0],
      [1, 70],
      [null, 80],
    ]);
    // With 5 and more: 10, 8, 25 and the rejected 25; open of them are 8 and 25: (1 + 2) / 8
    expect(found.limits.find(({ score }) => score === 5)).toEqual({
      score: 5,
      opportunities: 4,
      launched: 1,
      open: 2,
      rateIfLaunched: 3 / 8,
    });
    expect(found.recommendations.map(({ rule, ids }) => [rule, ids])).toEqual([
      ['launch_best', [id('o', 2), id('o', 3)]],
      ['launch_approved', [id('o', 3)]],
      ['score', [id('o', 5)]],
      ['reject_low', [id('o', 4)]],
      ['close_inactive', [id('o', 7)]],
    ]);
    expect(found.recommendations[0]?.text).toBe(
      'Launch the best 2 open opportunities with a score of 3 or more: that brings the rate to 37.5%, target 30%.',
    );
    await expect(
      kpiValue(database.client, 'synergy_capture_rate', 'portfolio_synergy_capture_ratio', NOW),
    ).resolves.toBe(found.rate);
  });

  it('overheadByVenture: where the hours go, and what it takes to be at the target', async () => {
    await database.client.query(`
      INSERT INTO venture_resource_usage (venture_id, resource_type, hours_spent, recorded_at) VALUES
        ('${id('v', 1)}', 'coordination', 50, '2026-03-10'), ('${id('v', 1)}', 'coordination', 30, '2026-02-10'),
        ('${id('v', 2)}', 'coordination', 10, '2026-03-02'), ('${id('v', 2)}', 'coordination', 20, '2026-03-01'),
        ('${id('v', 3)}', 'coordination', 12, '2026-03-31'), ('${id('v', 4)}', 'operations', 99, '2026-03-31'),
        ('${id('v', 1)}', 'coordination', 7, '2025-10-01'), ('${id('v', 1)}', 'coordination', 8, '2025-09-30');
      INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available) VALUES
        ('${id('r', 1)}', 'CTO', 'people', '${id('v', 1)}', 50, 200), ('${id('r', 1)}', 'CTO', 'people', '${id('v', 2)}', 50, 150),
        ('${id('r', 1)}', 'CTO', 'people', '${id('v', 4)}', 10, 50), ('${id('r', 1)}', 'CTO', 'people', '${id('v', 5)}', 10, 20);
      INSERT INTO kpi_history (kpi, metric, day, value) VALUES
        ('coordination_overhead', 'portfolio_coordination_overhead_ratio', '2026-02-27', 0.2),
        ('coordination_overhead', 'portfolio_coordination_overhead_ratio', '2026-02-28', 0.12)`);
    const found = await overheadByVenture(database.client, NOW);
    // 50 + 10 + 12 = 72 h of 200 + 150 + 50 + 20 = 420 h; the target of 10% are 42 h: 30 h less, or 72 / 10% = 720 h, 300 more
    expect(found).toMatchObject({ hours: 72, hoursBefore: 50, availableHours: 420, target: 0.1 });
    expect(found.ratio).toBeCloseTo(72 / 420, 12);
    expect(found.hoursOverTarget).toBeCloseTo(30, 9);
    expect(found.availableHoursMissing).toBeCloseTo(300, 9);
    // Over their own 10%: Alpha 50 - 20 = 30, Gamma 12 - 0 = 12: of the 30 h 30 x 30 / 42 and 30 x 12 / 42
    expect(
      found.ventures.map(({ name, hours, hoursBefore, change, isSilent, cutHours }) => [
        name,
        hours,
        hoursBefore,
        change,
        isSilent,
        Math.round(cutHours * 100) / 100,
      ]),
    ).toEqual([
      ['Alpha', 50, 30, 20, false, 21.43],
      ['Gamma', 12, null, null, false, 8.57],
      ['Beta', 10, 20, -10, false, 0],
      ['Delta', null, null, null, false, 0],
      ['New', null, null, null, true, 0],
    ]);
    expect(found.months).toEqual([
      { month: '2025-10', hours: 7, ratio: null },
      { month: '2025-11', hours: null, ratio: null },
      { month: '2025-12', hours: null, ratio: null },
      { month: '2026-01', hours: null, ratio: null },
      { month: '2026-02', hours: 30, ratio: 0.12 },
      { month: '2026-03', hours: 92, ratio: null },
    ]);
    expect(found.ventures[0]?.monthHours).toEqual([7, null, null, null, 30, 50]);
    expect(found.recommendations.map(({ text }) => text)).toEqual([
      'Spend 30 h less on coordination in 30 days to be at 10%: Alpha 21.4 h, Gamma 8.6 h.',
      'Coordination grew most against the 30 days before: Alpha +20 h.',
      'No hours are allocated to Gamma, and they coordinate: record what is available to them.',
      'No usage is reported by New: what they spend is not in the number.',
    ]);
    await expect(
      kpiValue(database.client, 'coordination_overhead', 'portfolio_coordination_overhead_ratio', NOW),
    ).resolves.toBe(found.ratio);
  });
});

it('on the demo, with the rights of the exporter, all of them say what the KPIs say', async () => {
  const database = await createDatabase({ template: 'demo' });
  const login = await createExporterLogin(database);
  const client = new Client({ connectionString: login.url });
  await client.connect();
  try {
    const present = { ...SETTINGS, ...(await presentMoment(client, 'UTC')) };
    const past = { ...SETTINGS, ...(await momentOf(client, previousMonthEnd(present.asOf), 'UTC')) };
    const cause = await rootCause(client, { asOf: present, against: past }, context);
    expect(cause.revenue.ratio).toBeCloseTo(
      (await kpiValue(client, 'portfolio_performance', 'portfolio_revenue_month_change_ratio', present)) ?? NaN,
      12,
    );
    const overhead = await overheadByVenture(client, present);
    expect(overhead.ratio).toBeCloseTo(
      (await kpiValue(client, 'coordination_overhead', 'portfolio_coordination_overhead_ratio', present)) ?? NaN,
      12,
    );
    const opportunities = await unpursuedOpportunities(client, present);
    expect(opportunities.rate).toBeCloseTo(
      (await kpiValue(client, 'synergy_capture_rate', 'portfolio_synergy_capture_ratio', present)) ?? NaN,
      12,
    );
    const { rows } = await client.query<{ id: string }>(
      `SELECT resource_id::text AS id FROM venture_resource_allocations WHERE status = 'active'
        GROUP BY resource_id ORDER BY sum(allocation_percentage) DESC LIMIT 1`,
    );
    const allocation = await readAllocation(client, rows[0]?.id ?? '', present);
    if (allocation === null) throw new Error('no allocation');
    const proposal = proposeResolution(allocation, proposalRules(present));
    expect(proposal).toMatchObject({
      resource: 'CTO time',
      total: 1.05,
      excess: 0.05,
      priority: { total: 1 },
      expansion: { more: 0.05 },
    });
    const [first] = proposal.priority?.shares ?? [];
    expect(first).toMatchObject({ venture: 'Vela Payments', cut: 0 });
    expect(await readAllocation(client, '00000000-0000-4000-8000-000000000000', present)).toBeNull();
  } finally {
    await client.end();
    await login.drop();
    await database.drop();
  }
});
