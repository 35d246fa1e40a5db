import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../database/transaction.js';
import { SnapshotError } from './snapshotError.js';

const snapshotRow = z.object({
  id: z.uuid(),
  name: z.string(),
  taken_at: z.date(),
  taken_by: z.string(),
  before_restore_of: z.string().nullable(),
  allocations: z.int(),
  initiatives: z.int(),
});

export type Snapshot = z.infer<typeof snapshotRow>;

/** Every snapshot, the newest first. Throws pg errors. */
export async function listSnapshots(client: ClientBase): Promise<Snapshot[]> {
  return inTransaction(client, { access: 'READ ONLY' }, async () => {
    const { rows } = await client.query(
      `SELECT s.id, s.name, s.taken_at, s.taken_by, s.before_restore_of,
              (SELECT count(*)::integer FROM portfolio_actions.snapshot_allocations a WHERE a.snapshot_id = s.id) AS allocations,
              (SELECT count(*)::integer FROM portfolio_actions.snapshot_initiatives i WHERE i.snapshot_id = s.id) AS initiatives
         FROM portfolio_actions.snapshots s ORDER BY s.taken_at DESC, s.name`,
    );
    return z.array(snapshotRow).parse(rows);
  });
}

/** A moment with its time zone: only that says which instant is meant. */
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * The snapshot of this name, or else the newest one taken at or before this moment (`2026-11-30T20:53Z`). Throws
 * {@link SnapshotError} with what there is, and pg errors.
 */
export async function findSnapshot(client: ClientBase, nameOrMoment: string): Promise<Snapshot> {
  const all = await listSnapshots(client);
  const named = all.find(({ name }) => name === nameOrMoment);
  if (named !== undefined) return named;
  if (!MOMENT.test(nameOrMoment) || Number.isNaN(Date.parse(nameOrMoment))) {
    const known = all.length === 0 ? 'there is none yet' : `there are ${all.map(({ name }) => name).join(', ')}`;
    throw new SnapshotError(
      `no snapshot ${nameOrMoment}; ${known}; a moment is written with its time zone: 2026-11-30T20:53Z`,
    );
  }
  const moment = new Date(nameOrMoment);
  const newest = all.find(({ taken_at }) => taken_at <= moment);
  if (newest === undefined) throw new SnapshotError(`no snapshot was taken at or before ${nameOrMoment}`);
  return newest;
}
