import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMPORT_TABLES } from '../../src/import/tables/tables.js';
import { runCommand } from '../support/runCommand.js';
import { importFixture } from './importFixture.js';
import type { ImportFixture } from './importFixture.js';

/** By table a file with two rows, the second as short as it may be. */
const FILES: Readonly<Record<string, string>> = {
  ventures: 'name,status,lead_email\nNova Freight,paused,n@example.test\nOrbit Labs,,',
  venture_metrics: 'venture,recorded_at,stage\nNova Freight,2026-03-31,39\nOrbit Labs,2026-03-31,',
  venture_assessments:
    'venture,assessed_on,strategic_fit,financial_health,growth_potential,resource_efficiency,recommendation\n' +
    'Nova Freight,2026-03-31,4.5,3.25,4,5,Pivot\nOrbit Labs,2026-03-31,1,1,1,1,',
  venture_resource_usage:
    'venture,resource_type,recorded_at,hours_spent,budget_spent\nNova Freight,coordination,2026-03-31,1:30:00,\nOrbit Labs,coordination,2026-03-31,,12.5',
  venture_resource_allocations:
    'resource_name,resource_type,venture,allocation_percentage,hours_available,status\nCTO time,people,Nova Freight,40,160,\nCTO time,people,Orbit Labs,60,,planned',
  resource_conflicts:
    'resource_name,total_allocation_pct,detected_at,resolved_at,status\nCTO time,120,2026-03-01T09:00:00Z,2026-03-02T09:00:00+01:00,RESOLVED\nAWS budget,101.5,2026-03-01,,',
  synergy_opportunities:
    'venture_1,venture_2,synergy_type,net_score,created_at\nNova Freight,Orbit Labs,TEAM,6.5,2026-03-01\nOrbit Labs,Nova Freight,CUSTOMER,,',
  portfolio_coordination_plans: 'name,success_metrics,approved_at\nShared sign-in,,2026-03-01\n"Shared ""billing""",,',
  synergy_initiatives:
    'code,name,status,is_critical,target_value,launched_at\nAUTH-1,Shared sign-in,ACTIVE,yes,120000,2026-01-12T08:00:00Z\nBILL-1,Shared billing,,,,',
  initiative_ventures: 'initiative,venture\nAUTH-1,Nova Freight\nShared billing,Orbit Labs',
  initiative_milestones:
    'initiative,name,starts_on,deadline,completed_at\nAUTH-1,API design,2026-03-01,2026-03-31,\nAUTH-1,Pilot,,2026-04-30,2026-04-29',
  value_capture_log:
    'initiative,value_type,value_amount,captured_at,evidence_link\nAUTH-1,COST_SAVED,2500,2026-03-02T09:00:00Z,https://wiki.example.test/a\nAUTH-1,COST_SAVED,100,2026-03-02T09:00:00Z,',
  venture_dependencies:
    'venture,depends_on_venture,dependency_type,dependency_criticality\nNova Freight,Orbit Labs,technology,HIGH\nOrbit Labs,Nova Freight,market,LOW',
};

describe('import', () => {
  let fixture: ImportFixture;
  let env: Record<string, string>;
  beforeAll(async () => {
    fixture = await importFixture();
    const text = await readFile(new URL('../../../docs/data-flow.md', import.meta.url), 'utf8');
    const [, grant = ''] = /(GRANT SELECT, INSERT, UPDATE ON [^;]*) TO portfolio_loader;/.exec(text) ?? [];
    const role = `loader_${Math.random().toString(36).slice(2)}`;
    await fixture.client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'loader'; ${grant} TO ${role}`);
    env = { DATABASE_URL: fixture.database.urlOf(role, 'loader') };
  });
  afterAll(async () => {
    const role = new URL(env['DATABASE_URL'] ?? '').username;
    await fixture.client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await fixture.drop();
  });
  const load = (...args: string[]) => runCommand(['import', ...args], { env });
  const fileOf = (name: string, content = FILES[name] ?? '') => fixture.file(`${name}.csv`, content);

  it('fills every table twice without a change the second time, with the rights that the documents give', async () => {
    const files = await Promise.all(IMPORT_TABLES.map(({ name }) => fileOf(name)));
    const first = await load(...files);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout.split('\n').slice(0, -1)).toEqual(
      IMPORT_TABLES.map(({ name }) => `${name}: 2 inserted, 0 updated, 0 unchanged (${name}.csv)`),
    );
    const again = await load(...files);
    expect(again.stdout.split('\n').slice(0, -1)).toEqual(
      IMPORT_TABLES.map(({ name }) => `${name}: 0 inserted, 0 updated, 2 unchanged (${name}.csv)`),
    );
    expect(
      await fixture.rows(
        `SELECT resource_name, count(DISTINCT resource_id), sum(allocation_percentage) FROM venture_resource_allocations GROUP BY 1`,
      ),
    ).toEqual([['CTO time', '1', '100.00']]);
    expect(await fixture.rows(`SELECT hours_spent, budget_spent FROM venture_resource_usage ORDER BY 1`)).toEqual([
      ['0.00', '12.50'],
      ['1.50', '0.00'],
    ]);
    expect(
      await fixture.rows(
        `SELECT launched_at AT TIME ZONE 'UTC' = '2026-01-12 08:00', is_critical, status FROM synergy_initiatives ORDER BY code`,
      ),
    ).toEqual([
      [true, true, 'ACTIVE'],
      [null, false, 'PLANNED'],
    ]);
  });

  it('sets updated_at of an initiative that changes, and of no other', async () => {
    await fixture.client.query(`UPDATE synergy_initiatives SET updated_at = '2026-01-01'`);
    await load(
      await fileOf('synergy_initiatives', 'code,name,progress_pct\nAUTH-1,Shared sign-in,35\nBILL-1,Shared billing,0'),
    );
    expect(
      await fixture.rows(`SELECT code, progress_pct, updated_at > '2026-01-02' FROM synergy_initiatives ORDER BY 1`),
    ).toEqual([
      ['AUTH-1', '35.00', true],
      ['BILL-1', '0.00', false],
    ]);
  });

  it('refuses what breaks a rule of several columns, also together with what the table has', async () => {
    const { code, stderr } = await load(
      await fileOf(
        'initiative_milestones',
        'initiative,name,starts_on,deadline\nAUTH-1,API design,2026-05-01,2026-04-30',
      ),
      await fileOf(
        'venture_dependencies',
        'venture,depends_on_venture,dependency_type,dependency_criticality\nNova Freight,Nova Freight,x,HIGHT',
      ),
      await fileOf('synergy_initiatives', 'code,name,completed_at\nAUTH-1,Shared sign-in,2025-01-01'),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('initiative_milestones.csv:2:3: starts_on: it starts after its deadline');
    expect(stderr).toContain('dependency_criticality: "HIGHT" is not known; did you mean HIGH?');
    expect(stderr).toContain(
      'synergy_initiatives.csv:2:3: completed_at: it cannot be completed before it was launched',
    );
  });

  it('refuses a name that several rows bear, and a key that the table has twice', async () => {
    await fixture.client.query(`INSERT INTO ventures (name) VALUES ('Twin'), ('Twin')`);
    const { stderr } = await load(
      await fileOf('venture_metrics', 'venture,recorded_at\nTwin,2026-03-31'),
      await fileOf('ventures', 'name\nTwin'),
    );
    expect(stderr).toContain('several ventures are called "Twin"; write the id of the one that is meant');
    expect(stderr).toContain('ventures.csv:2:1: name: the table has 2 rows of this name; leave one of them');
  });

  it('keeps a text that a spreadsheet would run as it is', async () => {
    await load(
      await fileOf('initiative_milestones', `initiative,name,deadline\nAUTH-1,"=cmd|'/C calc'!A0",2026-05-01`),
    );
    expect(await fixture.rows(`SELECT name FROM initiative_milestones WHERE name LIKE '=%'`)).toEqual([
      [`=cmd|'/C calc'!A0`],
    ]);
  });

  it('reads JSON Lines', async () => {
    const content =
      '{"venture":"Orbit Labs","recorded_at":"2026-06-30","monthly_revenue":1000.5,"user_count":7}\n\n{"venture":"Nova Freight","recorded_at":"2026-06-30","monthly_revenue":null}';
    const { stdout } = await load(await fixture.file('venture_metrics.jsonl', content));
    expect(stdout).toContain('2 inserted');
    expect(
      await fixture.rows(
        `SELECT monthly_revenue, user_count FROM venture_metrics WHERE recorded_at = '2026-06-30' ORDER BY 1`,
      ),
    ).toEqual([
      ['1000.50', 7],
      [null, null],
    ]);
    const broken =
      '{"venture":"Orbit Labs","recorded_at":"2026-06-30"}\n{"venture":"Orbit Labs","recorded_a":1}\n[1]\n{"venture":{},"recorded_at":1}\n{"venture":';
    const { stderr } = await load(await fixture.file('venture_metrics.jsonl', broken));
    for (const word of [
      ':2:3: has a key "recorded_a" that the first line lacks; did you mean recorded_at?',
      ':3:1: is not a JSON object',
      ':4:1: "venture" is an object',
      ':5:1: is not JSON',
    ]) {
      expect(stderr).toContain(word);
    }
  });

  it('writes a heartbeat where it is asked to, and only of a table that is held to one', async () => {
    const file = await fileOf('value_capture_log');
    await load(file);
    expect(await fixture.rows('SELECT source FROM source_heartbeats')).toEqual([]);
    await load('--heartbeat', file);
    expect(await fixture.rows('SELECT source FROM source_heartbeats')).toEqual([['value_capture_log']]);
    expect((await load('--heartbeat', await fileOf('ventures'))).stderr).toContain(
      'no service level reads one of ventures',
    );
  });

  it('tells of a right that is missing how it is given', async () => {
    await fixture.client.query(`REVOKE INSERT ON venture_metrics FROM ${new URL(env['DATABASE_URL'] ?? '').username}`);
    expect((await load(await fileOf('venture_metrics'))).stderr).toContain(
      'GRANT SELECT, INSERT, UPDATE ON venture_metrics',
    );
  });

  it.each([
    [['figures.csv'], 'into which table? say --table NAME'],
    [['--table', 'venture_metric', 'x.csv'], 'no rows are imported into venture_metric; did you mean venture_metrics?'],
    [['--set', 'ventur=x', 'ventures.csv'], 'ventures has no such column'],
    [['venture_metrics_gone.csv'], 'no such file or directory'],
    [['--map', 'nowhere.yaml', 'x.csv'], 'the file does not exist'],
  ])('refuses %j', async (args, words) => {
    expect(await load(...args)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(words) as string,
    });
  });
});
