import type { ClientBase } from 'pg';
import { inTransaction } from '../database/transaction.js';
import { findSnapshot } from './findSnapshot.js';
import type { Snapshot } from './findSnapshot.js';
import { restorePlan } from './restorePlan.js';
import type { RestoreStep } from './restorePlan.js';
import { takeSnapshot } from './takeSnapshot.js';

export interface Restore {
  readonly snapshot: Snapshot;
  /** Every row that is not as it was, also those that stay so. */
  readonly steps: readonly RestoreStep[];
  /** The snapshot of what was there before, which undoes the restore; null where nothing was changed. */
  readonly undo: string | null;
}

/** What a restore would do; changes nothing. Throws SnapshotError and pg errors. */
export async function planRestore(client: ClientBase, nameOrMoment: string): Promise<Restore> {
  return inTransaction(client, { access: 'READ ONLY', isolation: 'REPEATABLE READ' }, async () => {
    const snapshot = await findSnapshot(client, nameOrMoment);
    return { snapshot, steps: await restorePlan(client, snapshot.id), undo: null };
  });
}

/**
 * Sets allocations and the states of initiatives to those of a snapshot, in one transaction in which nobody else writes to
 * either table: who has begun to is waited for up to the lock timeout, and then nothing is changed. Nothing is deleted: an
 * allocation that was added since is ended, and what was there before is kept as a snapshot of its own. A second run finds
 * nothing to do. Throws SnapshotError and pg errors.
 */
export async function restoreSnapshot(
  client: ClientBase,
  nameOrMoment: string,
  { now, by }: { readonly now: Date; readonly by: string },
): Promise<Restore> {
  return inTransaction(client, { access: 'READ WRITE', isolation: 'READ COMMITTED' }, async () => {
    await client.query('LOCK TABLE venture_resource_allocations, synergy_initiatives IN SHARE ROW EXCLUSIVE MODE');
    const snapshot = await findSnapshot(client, nameOrMoment);
    const steps = await restorePlan(client, snapshot.id);
    if (steps.every(({ action }) => action === 'none')) return { snapshot, steps, undo: null };
    const { name: undo } = await takeSnapshot(client, {
      name: undoName(snapshot, now),
      now,
      by,
      beforeRestoreOf: snapshot.name,
    });
    await apply(client, snapshot.id, steps, now);
    return { snapshot, steps, undo };
  });
}

/** Named after what is being restored; where that undid something itself, after the same as that: names do not grow. */
function undoName({ name, before_restore_of: undone }: Snapshot, now: Date): string {
  const moment = now.toISOString().slice(0, 23).replaceAll(/[:.]/g, '-') + 'Z';
  const origin = undone === null ? name : name.replace(/^before-(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '$1');
  return `before-${origin.slice(0, 60)}-${moment}`;
}

async function apply(client: ClientBase, snapshotId: string, steps: readonly RestoreStep[], now: Date): Promise<void> {
  const ids = (table: RestoreStep['table'], ...actions: RestoreStep['action'][]): string[] =>
    steps.filter((step) => step.table === table && actions.includes(step.action)).map(({ id }) => id);
  const allocations = 'venture_resource_allocations';
  // First nothing is active, so that no two rows are on the way: a resource has one active allocation for each venture.
  await client.query(`UPDATE venture_resource_allocations SET status = 'ended' WHERE id = ANY($1)`, [
    ids(allocations, 'set', 'end'),
  ]);
  await client.query(SET_ALLOCATIONS, [snapshotId, ids(allocations, 'set')]);
  await client.query(INSERT_ALLOCATIONS, [snapshotId, ids(allocations, 'insert')]);
  await client.query(SET_INITIATIVES, [snapshotId, ids('synergy_initiatives', 'set'), now]);
}

const SET_ALLOCATIONS = `
  UPDATE venture_resource_allocations a
     SET resource_id = s.resource_id, resource_name = s.resource_name, resource_type = s.resource_type, venture_id = s.venture_id,
         allocation_percentage = s.allocation_percentage, hours_available = s.hours_available, status = s.status
    FROM portfolio_actions.snapshot_allocations s
   WHERE s.snapshot_id = $1 AND s.id = a.id AND a.id = ANY($2)`;

const INSERT_ALLOCATIONS = `
  INSERT INTO venture_resource_allocations
    (id, resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available, status)
  SELECT id, resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available, status
    FROM portfolio_actions.snapshot_allocations
   WHERE snapshot_id = $1 AND id = ANY($2)`;

/** The state is news of today, whatever it is: updated_at says when somebody last did something about it. */
const SET_INITIATIVES = `
  UPDATE synergy_initiatives i
     SET status = s.status, progress_pct = s.progress_pct, launched_at = s.launched_at, completed_at = s.completed_at, updated_at = $3
    FROM portfolio_actions.snapshot_initiatives s
   WHERE s.snapshot_id = $1 AND s.id = i.id AND i.id = ANY($2)`;
