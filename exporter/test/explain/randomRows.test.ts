import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../demo/random.js';
import type { Random } from '../../demo/random.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { inTransaction } from '../../src/database/transaction.js';
import { explainMetric } from '../../src/explain/explainMetric.js';
import { loadExplainUnits } from '../../src/explain/explainUnit.js';
import { PART_GROUPS } from '../../src/explain/explanation.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { SETTINGS } from '../support/kpiUnit.js';

const NOW = { asOf: '2026-03-31', now: new Date('2026-04-01T00:00:00Z') };
const THEN = { asOf: '2026-02-28', now: new Date('2026-03-01T00:00:00Z') };
/** Before the baseline day, on it, before and on the day of THEN, before and on the day of NOW. */
const DAYS = ['2025-05-10', '2025-07-01', '2026-02-20', '2026-02-28', '2026-03-20', '2026-03-31'];
const KPIS = ['portfolio_performance', 'coordination_overhead', 'resource_efficiency', 'resource_allocation'];

const context = { units: await shippedUnits(), explainUnits: await loadExplainUnits(), settings: SETTINGS };
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** Ventures that come and go, report or not, with and without numbers. */
function rows(random: Random): string {
  const number = (largest: number) => (random.next() < 0.1 ? 'NULL' : random.between(0, largest).toFixed(2));
  const ventures = Array.from({ length: random.integer(2, 12) }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    status: random.pick(['active', 'active', 'active', 'closed']),
  }));
  const lines = ventures.flatMap(({ id, status }, index) => [
    `INSERT INTO ventures (id, name, status) VALUES ('${id}', 'Venture ${index}', '${status}')`,
    ...DAYS.filter(() => random.next() < 0.6).flatMap((day) => [
      `INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, user_count, stage)
         VALUES ('${id}', '${day}', ${number(1e6)}, ${number(1e6)}, ${random.next() < 0.2 ? 'NULL' : random.integer(0, 9999)}, ${day < '2025-07-01' ? 38 : 39})`,
      ...['coordination', 'duplicate_design', 'operations']
        .filter(() => random.next() < 0.5)
        .map(
          (type) =>
            `INSERT INTO venture_resource_usage (venture_id, resource_type, hours_spent, budget_spent, recorded_at)
               VALUES ('${id}', '${type}', ${random.between(0, 500).toFixed(2)}, ${random.between(0, 9e4).toFixed(2)}, '${day}')`,
        ),
    ]),
    ...['00000000-0000-4000-9000-000000000001', '00000000-0000-4000-9000-000000000002']
      .filter(() => random.next() < 0.5)
      .map(
        (resource) =>
          `INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available)
             VALUES ('${resource}', 'Resource', 'people', '${id}', ${random.between(0, 150).toFixed(2)}, ${number(400)})`,
      ),
  ]);
  return lines.join(';\n');
}

it(
  'the parts add up to the value and to the change of the KPI on random portfolios',
  { timeout: 600_000 },
  async () => {
    const random = createRandom('rows');
    const seen = new Set<string>();
    const metrics = context.explainUnits
      .filter(({ kpi }) => KPIS.includes(kpi))
      .flatMap((unit) => [...unit.metrics.keys()]);
    let series = 0;
    for (let run = 0; run < 12; run += 1) {
      const done = new Error('taken back');
      const work = inTransaction(database.client, { access: 'READ WRITE' }, async () => {
        await database.client.query(rows(random));
        for (const metric of metrics) {
          for (const against of [null, THEN]) {
            // It throws by itself where they do not.
            const explanation = await explainMetric(database.client, metric, { asOf: NOW, against }, context);
            for (const { contributions, change, value } of explanation.series) {
              const whole = against === null ? value : change;
              if (whole === null) continue;
              series += 1;
              const sum = contributions.reduce((total, { amount }) => total + (amount ?? 0), 0);
              const size = Math.max(Math.abs(value ?? 0), ...contributions.map(({ amount }) => Math.abs(amount ?? 0)));
              expect(Math.abs(sum - whole), `run ${run}: ${metric}`).toBeLessThanOrEqual(1e-9 * size);
              for (const { group } of contributions) seen.add(group);
            }
          }
        }
        throw done;
      });
      await expect(work).rejects.toBe(done);
    }
    expect(series).toBeGreaterThan(400);
    expect([...seen].sort()).toEqual([...PART_GROUPS].sort());
  },
);
