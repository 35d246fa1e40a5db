import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clear, fill, id } from '../actions/recursion/portfolioFixture.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { runCommand } from '../support/runCommand.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterEach(() => clear(database.client));
afterAll(() => database.drop());

const trigger = (...args: string[]) => runCommand(['trigger', ...args], { env: { DATABASE_URL: database.url } });
const WHO = ['--by', 'Ann', '--reason', 'The board asks'];
const count = async (): Promise<string> =>
  (await database.client.query<{ n: string }>('SELECT count(*) AS n FROM portfolio_actions.recursion_executions'))
    .rows[0]?.n ?? '';
const DEPENDENT = ['v2', 'v3']
  .map(
    (
      venture,
    ) => `INSERT INTO venture_dependencies (venture_id, depends_on_venture_id, dependency_type, dependency_criticality)
                  VALUES ('${id('v1')}', '${id(venture)}', 'data', 'CRITICAL');`,
  )
  .join('');

describe('portfolio-exporter trigger', () => {
  it('runs one by hand: says what it would open, opens it, says why not again, and opens it by a word with a reason', async () => {
    await fill(database.client, DEPENDENT);
    const dry = await trigger('PORTFOLIO-004', '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(/^Alpha +\d{4}-\d\d-\d\d +would open, depth 1$/m);
    expect(await count()).toBe('0');

    expect((await trigger('PORTFOLIO-004')).stdout).toMatch(/^Alpha .*opened [-0-9a-f]{36}, depth 1$/m);
    expect((await trigger('PORTFOLIO-004')).stdout).toMatch(/^Alpha .*not opened: it has fired about /m);
    expect(await trigger('PORTFOLIO-004', '--override')).toMatchObject({
      code: 1,
      stderr: 'say who decides and why: --by <who> --reason <why>\n',
    });
    expect((await trigger('PORTFOLIO-004', '--override', ...WHO)).stdout).toMatch(/^Alpha .*opened .*, depth 1$/m);
    expect(await count()).toBe('2');
  });

  it('switches one off and on, lists what is open and why something did not fire, and closes it', async () => {
    await fill(database.client, DEPENDENT);
    await database.client.query(
      `INSERT INTO portfolio_actions.reports (id, kind, subject, period, title, created_at, as_of, data, html, text)
       SELECT '${id('r1')}', 'portfolio', '', to_char(now() AT TIME ZONE 'UTC' - interval '1 month', 'YYYY-MM'), 'Report', now(), now(), '{}', '', ''`,
    );
    await trigger('PORTFOLIO-003');
    expect((await trigger('PORTFOLIO-004', '--disable', ...WHO)).stdout).toBe('PORTFOLIO-004 is switched off\n');
    expect((await trigger('PORTFOLIO-004', '--disable', ...WHO)).stdout).toContain('nothing changed');
    expect((await trigger('PORTFOLIO-004')).stdout).toMatch(/not opened: switched off by Ann at .*: The board asks$/m);
    const { stdout } = await trigger();
    expect(stdout).toMatch(/^PORTFOLIO-004 +Interdependency risk +off +0 +never +Alpha: switched off by Ann/m);
    const execution =
      /^([-0-9a-f]{36}) +PORTFOLIO-003 +Portfolio +1 of 12 .*command line +\/reports\/[-0-9a-f]{35}1$/m.exec(
        stdout,
      )?.[1] ?? '';
    expect(await trigger('PORTFOLIO-004', '--close', execution, ...WHO)).toMatchObject({
      code: 1,
      stderr: `execution ${execution} is one of PORTFOLIO-003, not of PORTFOLIO-004\n`,
    });
    expect(await trigger('PORTFOLIO-003', '--close', execution, '--outcome', 'FALSE_POSITIVE', ...WHO)).toMatchObject({
      code: 0,
      stdout: `closed ${execution} as FALSE_POSITIVE\n`,
    });
    expect(await trigger('PORTFOLIO-003', '--close', execution, ...WHO)).toMatchObject({ code: 1 });
    expect((await trigger()).stdout).toContain('no execution is open');
    expect((await trigger('PORTFOLIO-004', '--enable', ...WHO)).stdout).toBe('PORTFOLIO-004 is switched on\n');
  });

  it('refuses what it does not know', async () => {
    expect(await trigger('PORTFOLIO-005')).toMatchObject({ code: 2 });
    expect(await trigger('PORTFOLIO-004', '--enable', '--disable', ...WHO)).toMatchObject({ code: 2 });
    expect(await trigger('--disable', ...WHO)).toMatchObject({
      code: 1,
      stderr: 'name the trigger, such as PORTFOLIO-004\n',
    });
    expect(await trigger('PORTFOLIO-003', '--close', 'nonsense', ...WHO)).toMatchObject({
      code: 1,
      stderr: 'no execution nonsense; `portfolio-exporter trigger` lists the open ones\n',
    });
  });
});
