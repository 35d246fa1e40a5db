import { appendFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCommand } from '../support/runCommand.js';
import type { RunningProgram } from '../support/startProgram.js';
import { importFixture } from './importFixture.js';
import type { ImportFixture } from './importFixture.js';

/** With more blank lines behind its rows than are read ahead: where its header is read, its end is not. */
const CONTENT =
  'venture,recorded_at,stage\nVela Payments,2026-03-31,39\nHarbor Health,2026-03-31,39\n' +
  `${' '.repeat(50_000)}\n`.repeat(40);

describe('an import that is disturbed', () => {
  let fixture: ImportFixture;
  let holder: Client;
  let file: string;
  beforeAll(async () => {
    fixture = await importFixture();
    holder = new Client({ connectionString: fixture.database.url });
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await fixture.drop();
  });
  beforeEach(async () => {
    await fixture.client.query('DELETE FROM venture_metrics');
    file = await fixture.file('venture_metrics.csv', CONTENT);
  });
  const rowCount = async (): Promise<unknown> =>
    (await fixture.rows('SELECT count(*)::int FROM venture_metrics'))[0]?.[0];

  /** Holds imports up where the file is open and its header read, for the time of `work`. */
  async function heldUp(
    imports: number,
    work: (programs: RunningProgram[]) => Promise<void>,
  ): Promise<RunningProgram[]> {
    await holder.query('BEGIN; LOCK TABLE ventures IN ACCESS EXCLUSIVE MODE');
    const programs = Array.from({ length: imports }, () =>
      startCommand(['import', file], { env: { DATABASE_URL: fixture.database.url } }),
    );
    const waiting = async (): Promise<unknown> =>
      (
        await fixture.rows(
          `SELECT count(DISTINCT pid)::int FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`,
        )
      )[0]?.[0];
    while ((await waiting()) !== imports) await delay(50);
    await work(programs);
    await holder.query('COMMIT');
    return programs;
  }

  it.each([
    ['grows', () => appendFile(file, 'Vela Payments,2026-04-30,39\n')],
    [
      'is replaced',
      async () => {
        await writeFile(`${file}.new`, CONTENT);
        await rename(`${file}.new`, file);
      },
    ],
  ])('leaves nothing of a file that %s meanwhile', async (_, change) => {
    const [program] = await heldUp(1, change);
    expect(await program?.finished).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('was changed while it was read; import it again when it is complete') as string,
    });
    expect(await rowCount()).toBe(0);
  });

  it('leaves nothing where it is asked to end', async () => {
    const [program] = await heldUp(1, async ([one]) => {
      one?.kill('SIGINT');
      await one?.finished;
    });
    expect(await program?.finished).toMatchObject({ code: 1, stdout: '', stderr: 'stopped before the end\n' });
    expect(await rowCount()).toBe(0);
  });

  it('takes turns with another: the second finds nothing to change', async () => {
    const ends = await Promise.all((await heldUp(2, () => Promise.resolve())).map(({ finished }) => finished));
    expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array.from({ length: 2 }, () => ({ code: 0, stderr: '' })),
    );
    expect(ends.map(({ stdout }) => /\d+ inserted/.exec(stdout)?.[0]).toSorted()).toEqual(['0 inserted', '2 inserted']);
    expect(await rowCount()).toBe(2);
  });
});
