import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePortfolio } from '../../demo/generatePortfolio.js';
import { loadPortfolio } from '../../demo/loadPortfolio.js';
import { presentMoment } from '../../src/kpi/unit/moment.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { runCommand } from '../support/runCommand.js';
import { loadDemoKpis } from './demoKpis.js';

const TEXT = readFileSync(new URL('../../../docs/data-flow.md', import.meta.url), 'utf8');

describe('docs/data-flow.md', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
    const { asOf, now } = await presentMoment(database.client, 'UTC');
    await loadPortfolio(database.client, generatePortfolio({ today: asOf, now }));
  });

  afterAll(async () => {
    await database.drop();
  });

  it('names exactly the checks of the data_quality KPI', async () => {
    const kpis = await loadDemoKpis();
    const { samples } = await kpis.run(database.client, 'data_quality', await presentMoment(database.client, 'UTC'));
    const checks = [...new Set(samples.map(({ labels }) => labels['check']))].toSorted();
    const section = TEXT.slice(TEXT.indexOf('\n## Tables'), TEXT.indexOf('\n## Heartbeats'));
    const rows = section.split('\n').filter((line) => line.startsWith('| '));
    const broken = rows.flatMap((row) => [...(row.split(' | ')[1] ?? '').matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)]);
    const named = broken
      .map((match) => match[1] ?? '')
      .filter((name) => !name.startsWith('portfolio_') && !/_id$/.test(name));
    const columns = await database.client.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public'
       UNION SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const known = new Set(columns.rows.map(({ name }) => name));
    expect([...new Set(named)].filter((name) => !known.has(name) && name !== 'venture_leads').toSorted()).toEqual(
      checks,
    );
  });

  it('describes every table', async () => {
    const tables = await database.client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'portfolio_schema_migrations'`,
    );
    const own = [
      'kpi_history',
      'kpi_history_days',
      'portfolio_coordination_config',
      'portfolio_coordination_config_history',
      'portfolio_locks',
    ];
    const missing = tables.rows.filter(({ name }) =>
      own.includes(name) ? !TEXT.includes(`\`${name}\``) : !TEXT.includes(`\n### ${name}\n`),
    );
    expect(tables.rows.length).toBeGreaterThan(12);
    expect(missing).toEqual([]);
  });

  describe('imports its examples', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'data-flow-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^\`]*)\`\`\``).exec(TEXT)?.[1] ?? '';
    const load = async (name: string, content: string | Buffer, ...options: string[]): Promise<string> => {
      const file = join(folder, name);
      await writeFile(file, content);
      const { code, stdout, stderr } = await runCommand(['import', ...options, file], {
        env: { DATABASE_URL: database.url },
      });
      expect(stderr).toBe('');
      expect(code).toBe(0);
      return stdout;
    };
    const metricsOf = async (day: string): Promise<unknown[]> => {
      const found = await database.client.query<Record<string, unknown>>(
        `SELECT v.name, m.monthly_revenue, m.user_count, m.stage
           FROM venture_metrics m JOIN ventures v ON v.id = m.venture_id
          WHERE m.recorded_at = $1 AND v.name IN ('Vela Payments', 'Harbor Health') ORDER BY v.name DESC`,
        [day],
      );
      return found.rows;
    };

    it('of CSV, which a second time changes nothing', async () => {
      expect(await load('venture_metrics.csv', block('csv'))).toContain('2');
      expect(await metricsOf('2026-03-31')).toEqual([
        { name: 'Vela Payments', monthly_revenue: '152000.00', user_count: 21400, stage: 39 },
        { name: 'Harbor Health', monthly_revenue: '109000.00', user_count: null, stage: 39 },
      ]);
      expect(await load('venture_metrics.csv', block('csv'))).toMatch(/0 inserted, 0 updated, 2 unchanged/);
    });

    it('of a mapping', async () => {
      await writeFile(join(folder, 'metrics.yaml'), block('yaml'));
      const csv = Buffer.from('Firma;Stichtag;Umsatz;Geschäft\nVela GmbH;01.04.2026;$152.500,50;x\n', 'latin1');
      await load('november.csv', csv, '--map', join(folder, 'metrics.yaml'));
      expect(await metricsOf('2026-04-01')).toContainEqual(
        expect.objectContaining({ name: 'Vela Payments', monthly_revenue: '152500.50', stage: 39 }),
      );
    });
  });

  it('upserts a heartbeat by its own statement', async () => {
    const statement = /INSERT INTO source_heartbeats[^`]*/.exec(TEXT)?.[0] ?? '';
    await database.client.query("UPDATE source_heartbeats SET seen_at = now() - interval '1 hour'");
    await database.client.query(statement);
    const fresh = await database.client.query<{ source: string }>(
      "SELECT source FROM source_heartbeats WHERE seen_at > now() - interval '1 minute'",
    );
    expect(fresh.rows).toEqual([{ source: 'value_capture_log' }]);
  });
});
