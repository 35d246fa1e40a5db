import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURE, fillFixture } from '../actions/pages/openItemsFixture.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { runCommand } from '../support/runCommand.js';

describe('respond', () => {
  let owner: TestDatabase;
  let login: ExporterLogin;
  beforeAll(async () => {
    owner = await createDatabase();
    login = await createExporterLogin(owner, 'portfolio_actions');
    await fillFixture(owner.client);
  });
  afterAll(async () => {
    await login.drop();
    await owner.drop();
  });
  const respond = (wanted: string, ...flags: string[]) =>
    runCommand(['respond', wanted, ...flags], { env: { DATABASE_URL: login.url } });
  const answers = async (): Promise<unknown[]> =>
    (
      await owner.client.query<Record<string, unknown>>(
        'SELECT initiative_id, responded_by, note FROM initiative_responses ORDER BY responded_at',
      )
    ).rows;

  it.each([
    ['SYN-9', ['--by', 'Ada', '--note', 'x'], 1, 'no initiative has the code SYN-9'],
    ['SYN-1', ['--by', ' ', '--note', 'x'], 1, '--by and --note need a word each'],
    ['SYN-1', ['--by', 'Ada'], 2, "required option '--note <text>'"],
    ['Kick-off', ['--by', 'Ada', '--note', 'x'], 1, 'give a code: SYN-1, SYN-2'],
  ])('%s %j is refused: nothing is stored', async (wanted, flags, code, words) => {
    await owner.client.query(
      `INSERT INTO initiative_milestones (initiative_id, name, deadline)
       SELECT id, 'Kick-off', '2026-11-01' FROM synergy_initiatives
        WHERE NOT EXISTS (SELECT FROM initiative_milestones WHERE name = 'Kick-off')`,
    );
    const { code: given, stderr } = await respond(wanted, ...flags);
    expect([given, stderr]).toEqual([code, expect.stringContaining(words)]);
    expect(await answers()).toEqual([]);
  });

  it('stores the status by code or by milestone, and answers what is open', async () => {
    const first = await respond('syn-1', '--by', 'Ada Lead', '--note', 'done on Friday');
    expect([first.code, first.stdout]).toEqual([
      0,
      'SYN-1 (Shared checkout): stored; 1 open status request answered\n',
    ]);
    const again = await respond('design done', '--by', 'Ada Lead', '--note', 'done');
    expect(again.stdout).toBe('SYN-1 (Shared checkout): stored; no status request was open\n');
    const said = { initiative_id: FIXTURE.initiative, responded_by: 'Ada Lead' };
    expect(await answers()).toEqual([
      { ...said, note: 'done on Friday' },
      { ...said, note: 'done' },
    ]);
  });
});
