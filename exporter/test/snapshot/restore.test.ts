import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { migrate } from '../../src/database/migrate.js';
import { findSnapshot } from '../../src/snapshot/findSnapshot.js';
import { planRestore, restoreSnapshot } from '../../src/snapshot/restoreSnapshot.js';
import { takeSnapshot } from '../../src/snapshot/takeSnapshot.js';
import { id } from '../actions/recursion/portfolioFixture.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { recordLog, SCHEMA_DIRECTORY } from '../support/migrations.js';
import { postgresVersions } from '../support/postgresVersions.js';
import { runCommand } from '../support/runCommand.js';

const at = (day: number): Date => new Date(Date.UTC(2026, 10, day, 9));

describe.each(postgresVersions())('snapshots on $title', ({ isInstalled, start }) => {
  describe.skipIf(!isInstalled)('', () => {
    let server: EmbeddedServer;
    let database: TestDatabase;
    let client: Client;
    beforeAll(async () => {
      server = await start();
      database = await createDatabase({ template: 'empty', server: server.url });
      client = database.client;
      await migrate({ client, directory: SCHEMA_DIRECTORY, log: recordLog() });
    });
    afterAll(async () => {
      await database.drop();
      await server.stop();
    });
    beforeEach(async () => {
      await client.query(`
        INSERT INTO ventures (id, name) VALUES ('${id('v1')}', 'Alpha'), ('${id('v2')}', 'Beta'), ('${id('v3')}', 'Gamma');
        INSERT INTO venture_resource_allocations
          (id, resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available, status) VALUES
          ('${id('a1')}', '${id('r1')}', 'CTO time', 'people', '${id('v1')}', 60, 96, 'active'),
          ('${id('a2')}', '${id('r1')}', 'CTO time', 'people', '${id('v2')}', 40, 64, 'active'),
          ('${id('a3')}', '${id('r2')}', 'Cloud', 'infrastructure', '${id('v3')}', 30, NULL, 'active'),
          ('${id('a4')}', '${id('r2')}', 'Cloud', 'infrastructure', '${id('v1')}', 10, NULL, 'ended');
        INSERT INTO synergy_initiatives (id, code, name, status, launched_at, completed_at, progress_pct, updated_at) VALUES
          ('${id('i1')}', 'AUTH-1', 'Shared sign-in', 'ACTIVE', '2026-09-01Z', NULL, 30, '2026-10-01Z'),
          ('${id('i2')}', 'DATA-1', 'Shared data', 'PLANNED', NULL, NULL, 0, '2026-10-01Z')`);
      await takeSnapshot(client, { name: 'before', now: at(1), by: 'Ann' });
    });
    afterEach(() => client.query(`TRUNCATE ventures, synergy_initiatives, portfolio_actions.snapshots CASCADE`));

    const state = async (): Promise<unknown> => ({
      allocations: (
        await client.query(
          `SELECT id, resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available, status
             FROM venture_resource_allocations ORDER BY id`,
        )
      ).rows,
      initiatives: (
        await client.query(
          `SELECT id, status, launched_at, completed_at, progress_pct FROM synergy_initiatives ORDER BY id`,
        )
      ).rows,
    });
    const restore = (name = 'before', day = 9) => restoreSnapshot(client, name, { now: at(day), by: 'Ann' });
    const stamp = (day: number): string => at(day).toISOString().replaceAll(/[:.]/g, '-');
    const told = async (): Promise<Record<string, string>> =>
      Object.fromEntries(
        (await planRestore(client, 'before')).steps.map((step) => [step.what, `${step.since}: ${step.action}`]),
      );
    /** Two ventures swap, one allocation goes, one is new, one comes to life again; one initiative goes on, one ends. */
    const CHANGES = `
      DELETE FROM venture_resource_allocations WHERE id = '${id('a3')}';
      UPDATE venture_resource_allocations SET status = 'planned' WHERE id = '${id('a1')}';
      UPDATE venture_resource_allocations SET venture_id = '${id('v1')}', allocation_percentage = 55.5 WHERE id = '${id('a2')}';
      UPDATE venture_resource_allocations SET venture_id = '${id('v2')}', status = 'active' WHERE id = '${id('a1')}';
      UPDATE venture_resource_allocations SET status = 'active', resource_name = 'Cloud account' WHERE id = '${id('a4')}';
      INSERT INTO venture_resource_allocations (id, resource_id, resource_name, resource_type, venture_id, allocation_percentage)
        VALUES ('${id('a5')}', '${id('r2')}', 'Cloud', 'infrastructure', '${id('v3')}', 50);
      UPDATE synergy_initiatives SET status = 'COMPLETED', progress_pct = 100, completed_at = '2026-11-05Z' WHERE code = 'AUTH-1';
      UPDATE synergy_initiatives SET status = 'ACTIVE', launched_at = '2026-11-03Z' WHERE code = 'DATA-1'`;

    it('a plan tells every row that came after and changes nothing', async () => {
      await client.query(CHANGES);
      const before = await state();
      expect((await planRestore(client, 'before')).steps).toEqual([
        expect.objectContaining({
          what: 'CTO time for Alpha',
          now: '60%, 96 h, active, for Beta',
          then: '60%, 96 h, active',
        }),
        expect.objectContaining({
          what: 'CTO time for Beta',
          now: '55.5%, 64 h, active, for Alpha',
          then: '40%, 64 h, active',
        }),
        expect.objectContaining({ what: 'Cloud for Alpha', since: 'changed', action: 'set', then: '10%, ended' }),
        expect.objectContaining({
          what: 'Cloud for Gamma',
          since: 'deleted',
          action: 'insert',
          now: null,
          then: '30%, active',
        }),
        expect.objectContaining({
          what: 'Cloud for Gamma',
          since: 'added',
          action: 'end',
          now: '50%, active',
          then: null,
        }),
        expect.objectContaining({
          what: 'AUTH-1',
          now: 'COMPLETED, 100%, launched 2026-09-01 00:00:00 UTC, completed 2026-11-05 00:00:00 UTC',
          then: 'ACTIVE, 30%, launched 2026-09-01 00:00:00 UTC',
        }),
        expect.objectContaining({ what: 'DATA-1', then: 'PLANNED, 0%' }),
      ]);
      expect(await state()).toEqual(before);
    });

    it('a restore brings both tables back, ends what was added, and can be undone', async () => {
      const before = await state();
      await client.query(CHANGES);
      const after = await state();
      const { undo } = await restore();
      const { rows } = await client.query(
        `SELECT id, status FROM venture_resource_allocations WHERE id = '${id('a5')}'`,
      );
      expect(rows).toEqual([{ id: id('a5'), status: 'ended' }]);
      await client.query(`DELETE FROM venture_resource_allocations WHERE id = '${id('a5')}'`);
      expect(await state()).toEqual(before);
      const touched = await client.query(`SELECT DISTINCT updated_at FROM synergy_initiatives`);
      expect(touched.rows).toEqual([{ updated_at: at(9) }]);

      // To undo that again, and that, are names of the same length.
      const { undo: again } = await restore(undo ?? '', 10);
      const { undo: third } = await restore(again ?? '', 11);
      expect([undo, again, third]).toEqual([9, 10, 11].map((day) => `before-before-${stamp(day)}`));
      await restore(third ?? '', 12);
      await client.query(`DELETE FROM venture_resource_allocations WHERE id = '${id('a3')}'`);
      expect(await state()).toEqual(after);
    });

    it('run twice it finds nothing to do, and keeps no snapshot of that', async () => {
      await client.query(CHANGES);
      await restore();
      const snapshots = () => client.query('SELECT name FROM portfolio_actions.snapshots');
      const { rowCount } = await snapshots();
      const second = await restore('before', 10);
      expect(second.undo).toBeNull();
      expect(second.steps.map(({ action, note }) => [action, note])).toEqual([
        ['none', 'added since, and ended already'],
      ]);
      expect((await snapshots()).rowCount).toBe(rowCount);
    });

    it('an allocation whose venture was deleted since stays away, and the others come back', async () => {
      await client.query(`
        DELETE FROM venture_resource_allocations WHERE venture_id = '${id('v3')}';
        UPDATE venture_resource_allocations SET venture_id = '${id('v3')}', status = 'active', resource_id = '${id('r9')}' WHERE id = '${id('a2')}';
        DELETE FROM ventures WHERE id = '${id('v2')}';
        UPDATE venture_resource_allocations SET allocation_percentage = 1 WHERE id = '${id('a1')}'`);
      expect(await told()).toEqual({
        'CTO time for Alpha': 'changed: set',
        'CTO time for Beta': 'changed: end',
        'Cloud for Gamma': 'deleted: insert',
      });
      await restore();
      const { rows } = await client.query(
        `SELECT id, allocation_percentage::float8 AS percent, status FROM venture_resource_allocations ORDER BY id`,
      );
      expect(rows).toMatchObject([
        { id: id('a1'), percent: 60, status: 'active' },
        { id: id('a2'), status: 'ended' },
        { id: id('a3'), percent: 30, status: 'active' },
        { id: id('a4'), status: 'ended' },
      ]);
    });

    it.each([
      ['PLANNED', 'added since: terminate it yourself if it is not to begin'],
      ['ACTIVE', 'added since: pause or terminate it yourself'],
      ['PAUSED', 'added since, and paused already'],
      ['COMPLETED', 'added since, and completed already'],
      ['TERMINATED', 'added since, and terminated already'],
    ])('an initiative that was added since and is %s: %s', async (status, note) => {
      await client.query(`INSERT INTO synergy_initiatives (code, name, status) VALUES ('NEW-1', 'New', '${status}')`);
      expect((await planRestore(client, 'before')).steps).toMatchObject([{ what: 'NEW-1', action: 'none', note }]);
    });

    it('initiatives that were added or deleted since are said and left', async () => {
      await client.query(`DELETE FROM synergy_initiatives WHERE code = 'DATA-1';
                          INSERT INTO synergy_initiatives (code, name, status) VALUES ('NEW-1', 'New', 'ACTIVE')`);
      expect(await told()).toEqual({ 'DATA-1': 'deleted: none', 'NEW-1': 'added: none' });
      expect((await restore()).undo).toBeNull();
      expect((await client.query(`SELECT status FROM synergy_initiatives WHERE code = 'NEW-1'`)).rows).toEqual([
        { status: 'ACTIVE' },
      ]);
    });

    it('waits for who is writing, and sees what he wrote', async () => {
      const other = new Client({ connectionString: database.url });
      await other.connect();
      await other.query(
        `BEGIN; UPDATE venture_resource_allocations SET allocation_percentage = 5 WHERE id = '${id('a1')}'`,
      );
      const restored = restore();
      await waitsForLock(database);
      await other.query('COMMIT');
      await other.end();
      expect((await restored).steps).toMatchObject([{ what: 'CTO time for Alpha', now: '5%, 96 h, active' }]);
    });

    it('changes nothing where the last step fails', async () => {
      await client.query(CHANGES);
      const changed = await state();
      await client.query(
        `ALTER TABLE synergy_initiatives ADD CONSTRAINT refuses CHECK (status <> 'PLANNED') NOT VALID`,
      );
      await expect(restore()).rejects.toThrow(/refuses/);
      await client.query(`ALTER TABLE synergy_initiatives DROP CONSTRAINT refuses`);
      expect(await state()).toEqual(changed);
      expect((await client.query('SELECT FROM portfolio_actions.snapshots')).rowCount).toBe(1);
    });

    it('are found by name, or as the newest one until a moment', async () => {
      await takeSnapshot(client, { name: 'later', now: at(5), by: 'Ann' });
      const name = async (wanted: string) => (await findSnapshot(client, wanted)).name;
      expect(await name('before')).toBe('before');
      expect(await name('2026-11-05T09:00Z')).toBe('later');
      expect(await name('2026-11-05T09:59:59+01:00')).toBe('before');
      await expect(name('2026-11-01T08:59Z')).rejects.toThrow('no snapshot was taken at or before 2026-11-01T08:59Z');
      await expect(name('2026-11-05')).rejects.toThrow('no snapshot 2026-11-05; there are later, before; a moment');
      await expect(takeSnapshot(client, { name: 'later', now: at(6), by: 'Ann' })).rejects.toThrow('already');
      await expect(takeSnapshot(client, { name: '../x', now: at(6), by: 'Ann' })).rejects.toThrow('cannot be the name');
    });

    it('by command: restore says what it would do, does it with --yes, and says how to undo it', async () => {
      const command = (...args: string[]) => runCommand(args, { env: { DATABASE_URL: database.url } });
      expect(await command('snapshot', '--name', 'now', '--by', 'Ann')).toMatchObject({
        code: 0,
        stdout: 'snapshot now: 4 allocations, 2 initiatives\n',
      });
      await client.query(`UPDATE synergy_initiatives SET status = 'PAUSED' WHERE code = 'AUTH-1'`);
      const dry = await command('restore', 'now');
      expect(dry.stdout).toMatch(/^changed +AUTH-1 +PAUSED, 30%.* ACTIVE, 30%.*set back$/m);
      expect(dry.stdout).toMatch(/nothing was changed; --yes restores it\n$/);
      const done = await command('restore', 'now', '--yes');
      expect(done.stdout).toMatch(/restored; to undo it: portfolio-exporter restore before-now-\S+ --yes\n$/);
      expect((await command('restore', 'now')).stdout).toMatch(/everything is as it was then\n$/);
      expect((await command('snapshot', 'list')).stdout).toMatch(/^before-now-\S+ .* 4 +2 +now$/m);
      expect(await command('restore', 'now', '--yes', '--dry-run')).toMatchObject({ code: 2 });
      expect(await command('restore', 'never')).toMatchObject({ code: 1 });
    });
  });
});

/** Resolves when a session of the database waits for a lock. */
async function waitsForLock(database: TestDatabase): Promise<void> {
  const observer = new Client({ connectionString: database.url });
  await observer.connect();
  try {
    for (;;) {
      const { rowCount } = await observer.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      if (rowCount === 1) return;
    }
  } finally {
    await observer.end();
  }
}
