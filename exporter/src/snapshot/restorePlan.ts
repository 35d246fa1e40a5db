import type { ClientBase } from 'pg';
import { z } from 'zod';

/** A row that is not as it was when the snapshot was taken, and what a restore makes of it. */
export interface RestoreStep {
  readonly table: 'venture_resource_allocations' | 'synergy_initiatives';
  readonly id: string;
  /** As people call it: `CTO time for Alpha`, `AUTH-SHARED-001`. */
  readonly what: string;
  /** What has happened to it since. */
  readonly since: 'changed' | 'deleted' | 'added';
  /** null: it is not there. */
  readonly now: string | null;
  readonly then: string | null;
  /**
   * set: as it was; insert: made again; end: an allocation that did not exist then, or whose venture of then is deleted, is given
   * status ended; none: left as it is, for the reason in `note`.
   */
  readonly action: 'set' | 'insert' | 'end' | 'none';
  readonly note: string | null;
}

const row = z.object({
  id: z.string(),
  what: z.string(),
  now: z.string().nullable(),
  then: z.string().nullable(),
  now_status: z.string().nullable(),
  venture_exists: z.boolean(),
});

/** What a restore of the snapshot would do, row by row. Throws pg errors. */
export async function restorePlan(client: ClientBase, snapshotId: string): Promise<RestoreStep[]> {
  const allocations = await client.query(ALLOCATIONS, [snapshotId]);
  const initiatives = await client.query(INITIATIVES, [snapshotId]);
  return [
    ...z.array(row).parse(allocations.rows).map(allocationStep),
    ...z.array(row).parse(initiatives.rows).map(initiativeStep),
  ];
}

type Row = z.infer<typeof row>;

function common({ id, what, now, then }: Row): Pick<RestoreStep, 'id' | 'what' | 'since' | 'now' | 'then'> {
  return { id, what, since: then === null ? 'added' : now === null ? 'deleted' : 'changed', now, then };
}

function allocationStep(one: Row): RestoreStep {
  const step = { table: 'venture_resource_allocations', ...common(one) } as const;
  if (step.since === 'added') {
    return one.now_status === 'ended'
      ? { ...step, action: 'none', note: 'added since, and ended already' }
      : { ...step, action: 'end', note: 'added since' };
  }
  if (one.venture_exists) return { ...step, action: step.since === 'deleted' ? 'insert' : 'set', note: null };
  const note = 'the venture that had it then was deleted since';
  return { ...step, action: step.since === 'deleted' || one.now_status === 'ended' ? 'none' : 'end', note };
}

function initiativeStep(one: Row): RestoreStep {
  const step = { table: 'synergy_initiatives', ...common(one) } as const;
  if (step.since === 'changed') return { ...step, action: 'set', note: null };
  const note =
    step.since === 'deleted'
      ? 'deleted since: a snapshot has its state only'
      : `added since${ADDED_ADVICE[one.now_status ?? ''] ?? ''}`;
  return { ...step, action: 'none', note };
}

/** What is over needs nothing; what may still be worked on is for people to stop. */
const ADDED_ADVICE: Readonly<Record<string, string>> = {
  PLANNED: ': terminate it yourself if it is not to begin',
  ACTIVE: ': pause or terminate it yourself',
  PAUSED: ', and paused already',
  COMPLETED: ', and completed already',
  TERMINATED: ', and terminated already',
};

const ALLOCATIONS = `
  SELECT coalesce(s.id, a.id)::text AS id,
         concat_ws(' for ', coalesce(s.resource_name, a.resource_name), coalesce(s.venture_name, owner.name::text)) AS what,
         CASE WHEN a.id IS NOT NULL
              THEN concat_ws(', ', trim_scale(a.allocation_percentage) || '%', trim_scale(a.hours_available) || ' h', a.status,
                             CASE WHEN a.venture_id <> s.venture_id THEN 'for ' || owner.name::text END,
                             CASE WHEN (a.resource_id, a.resource_name, a.resource_type)
                                       IS DISTINCT FROM (s.resource_id, s.resource_name, s.resource_type) AND s.id IS NOT NULL
                                  THEN concat_ws(' ', 'as', a.resource_type, a.resource_name, a.resource_id) END)
         END AS now,
         CASE WHEN s.id IS NOT NULL
              THEN concat_ws(', ', trim_scale(s.allocation_percentage) || '%', trim_scale(s.hours_available) || ' h', s.status)
         END AS then,
         a.status AS now_status,
         v.id IS NOT NULL AS venture_exists
    FROM (SELECT * FROM portfolio_actions.snapshot_allocations WHERE snapshot_id = $1) AS s
    FULL JOIN venture_resource_allocations a ON a.id = s.id
    LEFT JOIN ventures v ON v.id = s.venture_id
    LEFT JOIN ventures owner ON owner.id = a.venture_id
   WHERE s.id IS NULL
      OR a.id IS NULL
      OR (s.resource_id, s.resource_name, s.resource_type, s.venture_id, s.allocation_percentage, s.hours_available, s.status)
         IS DISTINCT FROM
         (a.resource_id, a.resource_name, a.resource_type, a.venture_id, a.allocation_percentage, a.hours_available, a.status)
   ORDER BY what, id`;

const INITIATIVES = `
  SELECT coalesce(s.id, i.id)::text AS id,
         coalesce(s.code, i.code) AS what,
         CASE WHEN i.id IS NOT NULL
              THEN concat_ws(', ', i.status, trim_scale(i.progress_pct) || '%',
                             'launched ' || to_char(i.launched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'),
                             'completed ' || to_char(i.completed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'))
         END AS now,
         CASE WHEN s.id IS NOT NULL
              THEN concat_ws(', ', s.status, trim_scale(s.progress_pct) || '%',
                             'launched ' || to_char(s.launched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'),
                             'completed ' || to_char(s.completed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'))
         END AS then,
         i.status AS now_status,
         true AS venture_exists
    FROM (SELECT * FROM portfolio_actions.snapshot_initiatives WHERE snapshot_id = $1) AS s
    FULL JOIN synergy_initiatives i ON i.id = s.id
   WHERE s.id IS NULL
      OR i.id IS NULL
      OR (s.status, s.progress_pct, s.launched_at, s.completed_at)
         IS DISTINCT FROM (i.status, i.progress_pct, i.launched_at, i.completed_at)
   ORDER BY what, id`;
