import { expect, it } from 'vitest';
import { loadThousandVentures } from '../../bench/thousandVentures.js';
import { createDatabase } from '../support/database.js';
import { loadDemoKpis } from './demoKpis.js';

it('builds a small one with the shape of the large one, on which every KPI runs', async () => {
  const database = await createDatabase();
  try {
    const counts = await loadThousandVentures(database.client, { today: '2026-11-21', ventures: 40, days: 200 });
    expect(counts).toMatchObject({
      ventures: 40,
      venture_metrics: 8000,
      venture_resource_usage: 24_000,
      value_capture_log: 20_000,
    });
    const kpis = await loadDemoKpis();
    const moment = { asOf: '2026-11-21', now: new Date('2026-11-21T12:00:00Z') };
    for (const { name } of kpis.units.filter((unit) => unit.name !== 'kpi_breaches')) {
      const { samples } = await kpis.run(database.client, name, moment);
      expect([name, samples.length > 0]).toEqual([name, true]);
    }
    const broken = await database.client.query(
      `SELECT FROM value_capture_log e LEFT JOIN synergy_initiatives i ON i.id = e.initiative_id WHERE i.id IS NULL
       UNION ALL SELECT FROM initiative_ventures p LEFT JOIN ventures v ON v.id = p.venture_id WHERE v.id IS NULL
       UNION ALL SELECT FROM synergy_opportunities o LEFT JOIN ventures v ON v.id = o.venture_2_id WHERE v.id IS NULL
       UNION ALL SELECT FROM synergy_initiatives i LEFT JOIN synergy_opportunities o USING (opportunity_id) WHERE o.opportunity_id IS NULL`,
    );
    expect(broken.rowCount).toBe(0);
  } finally {
    await database.drop();
  }
});
