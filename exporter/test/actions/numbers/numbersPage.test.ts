import bcrypt from 'bcryptjs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ASKED, type NumbersBench, startNumbersBench, TYPED } from './numbersBench.js';

let bench: NumbersBench;
beforeAll(async () => {
  bench = await startNumbersBench();
  const usersFile = join(tmpdir(), `numbers-users-${process.pid}.yml`);
  await writeFile(usersFile, `basic_auth_users: {ada: '${bcrypt.hashSync('right', 4)}'}\n`);
  bench.configuration = { ...bench.configuration, actions: { ...bench.configuration.actions, usersFile } };
});
afterAll(() => bench.stop());

it('says per venture who has reported and who is waited for, behind the login', async () => {
  await bench.reset();
  const look = async (): Promise<string> => {
    const headers = { Authorization: `Basic ${Buffer.from('ada:right').toString('base64')}` };
    return (await fetch(`${bench.url}/numbers`, { headers })).text();
  };
  expect((await bench.get('/numbers')).status).toBe(401);
  expect(await look()).toContain('0 of 2 reported for October 2026; 0 of 1 that report daily are up to date');
  await bench.tick(ASKED);
  await bench.post(bench.linkTo('ada@example.test'), { ...TYPED, do: 'report' });
  await bench.rows(
    `INSERT INTO venture_metrics (venture_id, recorded_at) SELECT id, '2026-10-30' FROM ventures WHERE name = 'Daily'`,
  );
  const page = await look();
  expect(page).toContain('1 of 2 reported for October 2026; 1 of 1 that report daily are up to date');
  expect(page).toContain('Vela &lt;Payments> {{x}}');
  expect(page).toContain('Ada, Mon 2 Nov 2026, 09:00 CET');
  expect(page).toContain('Portfolio Analyst was asked, due Thu 5 Nov 2026, 23:59 CET');
  bench.now = new Date(ASKED.getTime() + 4 * 86_400_000);
  expect(await look()).toMatch(/class="badge bad">overdue</);
});
