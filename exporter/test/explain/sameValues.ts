import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { migrate } from '../../src/database/migrate.js';
import { inTransaction } from '../../src/database/transaction.js';
import { explainMetric } from '../../src/explain/explainMetric.js';
import type { SeriesExplanation } from '../../src/explain/explanation.js';
import { loadExplainUnits } from '../../src/explain/explainUnit.js';
import { queryKpi } from '../../src/kpi/run/queryKpi.js';
import type { KpiInput } from '../../src/kpi/unit/kpiInput.js';
import { momentOf, presentMoment } from '../../src/kpi/unit/moment.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { loadFixture } from '../kpi/fixture.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { loadDemoPortfolio } from '../support/demoPortfolio.js';
import { recordLog, SCHEMA_DIRECTORY } from '../support/migrations.js';
import { SETTINGS } from '../support/kpiUnit.js';
import type { PostgresVersion } from '../support/postgresVersions.js';

const units = await shippedUnits();
const explainUnits = await loadExplainUnits();
const explained = units.filter(({ name }) => explainUnits.some(({ kpi, metrics }) => kpi === name && metrics.size > 0));

/**
 * Holds every explained metric of a unit against the KPI's own run: the same series with the same values, and parts that add up
 * to them, or to the change from another day, to 1e-9 of the largest. Gives the number of series.
 */
async function expectSameValues({ client }: TestDatabase, unit: KpiUnit, input: KpiInput, against: KpiInput | null) {
  const context = { units, explainUnits, settings: input };
  const { samples } = await queryKpi(client, unit, input);
  let found = 0;
  for (const name of explainUnits.find(({ kpi }) => kpi === unit.name)?.metrics.keys() ?? []) {
    const wanted = samples.filter(({ metric }) => metric === name);
    const { series } = await explainMetric(client, name, { asOf: input, against }, context);
    const present = series.filter(({ value }) => value !== null);
    const byLabels = (all: readonly Pick<SeriesExplanation, 'labels' | 'value'>[]) =>
      all.map(({ labels, value }) => JSON.stringify([labels, value])).sort();
    expect(byLabels(present), name).toEqual(byLabels(wanted));
    for (const { contributions, value, then, change } of series) {
      const whole = against === null ? value : change;
      if (whole === null) continue;
      found += 1;
      const amounts = contributions.map(({ amount }) => amount ?? 0);
      const sum = amounts.reduce((total, amount) => total + amount, 0);
      const size = Math.max(Math.abs(value ?? 0), Math.abs(then ?? 0), ...amounts.map(Math.abs));
      expect(Math.abs(sum - whole), `${name}: ${sum}, not ${whole}`).toBeLessThanOrEqual(1e-9 * size);
    }
  }
  return found;
}

/** Runs every explained unit on every fixture and on the demo, on one version of PostgreSQL. */
export function describeSameValues({ isInstalled, start, title }: PostgresVersion): void {
  describe.skipIf(!isInstalled)(`on ${title}, the parts add up to what the KPI says`, () => {
    let server: EmbeddedServer | undefined;
    let database: TestDatabase;
    beforeAll(async () => {
      if (title === 'PostgreSQL 18') {
        database = await createDatabase({ template: 'demo' });
      } else {
        server = await start();
        database = await createDatabase({ server: server.url, template: 'empty' });
        await migrate({ client: database.client, directory: SCHEMA_DIRECTORY, log: recordLog() });
        await loadDemoPortfolio(database);
      }
      // The demo's history is filled by its own program: one month in breach, and the running one, which may end meanwhile.
      await database.client.query(`
        INSERT INTO kpi_history (kpi, metric, day, value)
          SELECT 'coordination_overhead', 'portfolio_coordination_overhead_ratio', first + n * interval '1 month' - interval '1 day', 0.9
            FROM date_trunc('month', now() AT TIME ZONE 'UTC') AS first, generate_series(0, 1) AS n`);
    }, 120_000);
    afterAll(async () => {
      await database.drop();
      await server?.stop();
    });

    it.each(explained.map((unit) => [unit.name, unit] as const))(
      '%s in every case of its fixture',
      async (name, unit) => {
        for (const one of loadFixture(name)) {
          await undone(database, async () => {
            await database.client.query(`SET LOCAL TIME ZONE 'UTC'; ${EMPTY}; ${one.setup}\n`);
            await expectSameValues(database, unit, one.input, null);
          });
        }
      },
    );

    it.each(explained.map((unit) => [unit.name, unit] as const))(
      '%s of the demo, today and against three other days',
      async (_name, unit) => {
        const present = { ...SETTINGS, ...(await presentMoment(database.client, 'UTC')) };
        expect(await expectSameValues(database, unit, present, null)).toBeGreaterThan(0);
        for (const days of [1, 31, 400]) {
          const day = new Date(present.now.getTime() - days * 86_400_000).toISOString().slice(0, 10);
          const past = { ...SETTINGS, ...(await momentOf(database.client, day, 'UTC')) };
          await expectSameValues(database, unit, present, past);
        }
      },
    );
  });
}

const EMPTY = `TRUNCATE ventures, venture_metrics, venture_assessments, synergy_opportunities, portfolio_coordination_plans, synergy_initiatives,
  initiative_ventures, initiative_milestones, initiative_notifications, initiative_responses, value_capture_log, venture_resource_usage,
  venture_resource_allocations, resource_conflicts, venture_dependencies, kpi_history, kpi_history_days, source_heartbeats CASCADE`;

/** What is done here is one transaction, that of the code under test included, and is taken back. */
async function undone({ client }: TestDatabase, work: () => Promise<void>): Promise<void> {
  const done = new Error('taken back');
  await expect(
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      await work();
      throw done;
    }),
  ).rejects.toBe(done);
}
