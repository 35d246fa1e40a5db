import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../database/transaction.js';
import { SnapshotError } from './snapshotError.js';

export interface NewSnapshot {
  /** null: named after its moment. */
  readonly name: string | null;
  readonly now: Date;
  readonly by: string;
  /** The name of the snapshot that is about to be restored. */
  readonly beforeRestoreOf?: string;
}

export interface TakenSnapshot {
  readonly id: string;
  readonly name: string;
  readonly allocations: number;
  readonly initiatives: number;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Keeps every allocation and the state of every initiative as they are now, under a name, in one transaction with one view of
 * both tables. Throws {@link SnapshotError} for a name that is taken or cannot be one, and pg errors.
 */
export async function takeSnapshot(client: ClientBase, snapshot: NewSnapshot): Promise<TakenSnapshot> {
  const { now, by, beforeRestoreOf = null } = snapshot;
  const name = snapshot.name ?? now.toISOString().slice(0, 19).replaceAll(':', '-') + 'Z';
  if (!NAME.test(name)) {
    throw new SnapshotError(
      `${JSON.stringify(name)} cannot be the name of a snapshot: 1 to 100 letters, digits, dots, dashes and underscores, beginning with a letter or a digit`,
    );
  }
  return inTransaction(client, { access: 'READ WRITE', isolation: 'REPEATABLE READ' }, async () => {
    const { rows } = await client.query(
      `INSERT INTO portfolio_actions.snapshots (name, taken_at, taken_by, before_restore_of) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name) DO NOTHING RETURNING id`,
      [name, now, by, beforeRestoreOf],
    );
    if (rows.length === 0) throw new SnapshotError(`there is a snapshot ${name} already: choose another name`);
    const { id } = z.object({ id: z.uuid() }).parse(rows[0]);
    const allocations = await client.query(
      `INSERT INTO portfolio_actions.snapshot_allocations
         (snapshot_id, id, resource_id, resource_name, resource_type, venture_id, venture_name, allocation_percentage,
          hours_available, status)
       SELECT $1::uuid, a.id, a.resource_id, a.resource_name, a.resource_type, a.venture_id, v.name::text, a.allocation_percentage,
              a.hours_available, a.status
         FROM venture_resource_allocations a JOIN ventures v ON v.id = a.venture_id`,
      [id],
    );
    const initiatives = await client.query(
      `INSERT INTO portfolio_actions.snapshot_initiatives
         (snapshot_id, id, code, name, status, progress_pct, launched_at, completed_at)
       SELECT $1::uuid, id, code, name, status, progress_pct, launched_at, completed_at FROM synergy_initiatives`,
      [id],
    );
    return { id, name, allocations: allocations.rowCount ?? 0, initiatives: initiatives.rowCount ?? 0 };
  });
}
