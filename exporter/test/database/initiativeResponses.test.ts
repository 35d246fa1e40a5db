import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';

const INITIATIVE = '00000000-0000-4000-8000-000000000002';
const MILESTONE = '00000000-0000-4000-8000-000000000003';
const CHECK_VIOLATION = '23514';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.drop();
});
beforeEach(async () => {
  await database.client.query(`
    DELETE FROM synergy_initiatives;
    INSERT INTO synergy_initiatives (id, code, name) VALUES ('${INITIATIVE}', 'AUTH-SHARED-001', 'Shared login');
    INSERT INTO initiative_milestones (id, initiative_id, name, deadline, deadline_set_at)
    VALUES ('${MILESTONE}', '${INITIATIVE}', 'Pilot', '2026-03-20', '2026-01-01Z');`);
});

describe('initiative_milestones.deadline_set_at is set to now', () => {
  /** Whether the statement set the time to now. */
  const isSetBy = async (sql: string): Promise<boolean> => {
    const { client } = database;
    await client.query('BEGIN');
    await client.query(sql);
    const { rows } = await client.query<{ now: boolean; before: boolean }>(
      `SELECT deadline_set_at = now() AS now, deadline_set_at = '2026-01-01Z' AS before FROM initiative_milestones WHERE id = '${MILESTONE}'`,
    );
    await client.query('COMMIT');
    const [row] = rows;
    if (row === undefined || row.now === row.before) throw new Error('neither kept nor set to now');
    return row.now;
  };

  it.each([
    ['the deadline moves', `UPDATE initiative_milestones SET deadline = '2026-04-20'`, true],
    ['the deadline moves back', `UPDATE initiative_milestones SET deadline = '2026-03-01'`, true],
    ['the deadline is written again', `UPDATE initiative_milestones SET deadline = deadline`, false],
    ['the milestone is completed', `UPDATE initiative_milestones SET completed_at = now()`, false],
    [
      'the owner changes',
      `UPDATE initiative_milestones SET owner_name = 'Ann', owner_email = 'ann@example.test'`,
      false,
    ],
  ])('when %s: %s: %s', async (_name, sql, isSet) => {
    expect(await isSetBy(sql)).toBe(isSet);
  });

  it('when a completed milestone is opened again, not when its completion is corrected', async () => {
    expect(await isSetBy(`UPDATE initiative_milestones SET completed_at = '2026-03-19Z'`)).toBe(false);
    expect(await isSetBy(`UPDATE initiative_milestones SET completed_at = '2026-03-18Z'`)).toBe(false);
    expect(await isSetBy(`UPDATE initiative_milestones SET completed_at = NULL`)).toBe(true);
  });
});

describe('notifications and responses', () => {
  it.each([
    `INSERT INTO initiative_notifications (milestone_id, recipient) VALUES ('${MILESTONE}', '')`,
    `INSERT INTO initiative_notifications (milestone_id, recipient) VALUES ('${MILESTONE}', ' ')`,
    `INSERT INTO initiative_responses (initiative_id, responded_by, note) VALUES ('${INITIATIVE}', ' ', 'In April')`,
    `INSERT INTO initiative_responses (initiative_id, responded_by, note) VALUES ('${INITIATIVE}', 'Ann', '')`,
    `INSERT INTO initiative_responses (initiative_id, responded_by, note) VALUES ('${INITIATIVE}', 'Ann', E'\\n\\t ')`,
  ])('with a blank text are refused: %s', async (sql) => {
    await expect(database.client.query(sql)).rejects.toMatchObject({ code: CHECK_VIOLATION });
  });

  it('go with their initiative', async () => {
    const { client } = database;
    await client.query(`
      INSERT INTO initiative_notifications (milestone_id, recipient) VALUES ('${MILESTONE}', 'Ann');
      INSERT INTO initiative_responses (initiative_id, responded_by, note) VALUES ('${INITIATIVE}', 'Ann', 'In April');`);
    const count = async () =>
      (
        await client.query(
          `SELECT (SELECT count(*)::int FROM initiative_milestones) AS milestones,
                  (SELECT count(*)::int FROM initiative_notifications) AS notifications,
                  (SELECT count(*)::int FROM initiative_responses) AS responses`,
        )
      ).rows[0] as unknown;
    expect(await count()).toEqual({ milestones: 1, notifications: 1, responses: 1 });
    await client.query('DELETE FROM synergy_initiatives');
    expect(await count()).toEqual({ milestones: 0, notifications: 0, responses: 0 });
  });
});
