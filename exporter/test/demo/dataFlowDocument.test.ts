import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePortfolio } from '../../demo/generatePortfolio.js';
import { loadPortfolio } from '../../demo/loadPortfolio.js';
import { presentMoment } from '../../src/kpi/unit/moment.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
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

  it('copies into columns that exist and cover what is demanded', async () => {
    const copies = [...TEXT.matchAll(/^\\copy (\w+) \(([^)]*)\)/gm)];
    expect(copies.length).toBe(3);
    for (const [, table = '', columns = ''] of copies) {
      // EXPLAIN plans the same column list without needing a file.
      await database.client.query(`EXPLAIN INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${table}`);
      const demanded = await database.client.query<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns
          WHERE table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL`,
        [table],
      );
      expect(columns.split(', ')).toEqual(expect.arrayContaining(demanded.rows.map(({ name }) => name)));
    }
  });

  it('imports its CSV example by its own statements', async () => {
    const csv = /```csv\n[^\n]*\n([^`]*)```/.exec(TEXT)?.[1] ?? '';
    const script = /```sql\n(BEGIN;[^`]*)```/.exec(TEXT)?.[1] ?? '';
    const values = csv
      .trim()
      .split('\n')
      .map(
        (line) =>
          `(${line
            .split(',')
            .map((field) => (field === '' ? 'NULL' : `'${field}'`))
            .join(', ')})`,
      );
    expect(values).toHaveLength(2);
    // A client of pg has no \copy; the rows take the same way as the file's lines.
    const statements = script.replace(/^\\copy.*$/m, `INSERT INTO incoming VALUES ${values.join(', ')};`);
    await database.client.query(statements);
    const found = await database.client.query(
      `SELECT v.name, m.monthly_revenue, m.user_count FROM venture_metrics m JOIN ventures v ON v.id = m.venture_id
        WHERE m.recorded_at = '2026-03-31' AND v.name IN ('Vela Payments', 'Harbor Health') ORDER BY v.name DESC`,
    );
    expect(found.rows).toEqual([
      { name: 'Vela Payments', monthly_revenue: '152000.00', user_count: 21400 },
      { name: 'Harbor Health', monthly_revenue: '109000.00', user_count: null },
    ]);
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
