import type { ClientBase } from 'pg';
import { z } from 'zod';

const milestoneRow = z.object({
  milestoneId: z.string(),
  milestone: z.string(),
  initiativeId: z.string(),
  code: z.string(),
  initiative: z.string(),
  isCritical: z.boolean(),
  /** `YYYY-MM-DD`. */
  deadline: z.string(),
  /** The end of that day. */
  dueAt: z.date(),
  owner: z.string().nullable(),
  /** Of whom a usable address is known: the milestone's owner, else the initiative's. */
  ownerAddress: z.string().nullable(),
});

/** An open milestone past its deadline, as its row says. What is in it is hostile. */
export type DelayedMilestone = z.infer<typeof milestoneRow>;

/** null: it is gone, completed, no longer due, or its initiative is no longer active. Throws pg errors. */
export async function delayedMilestone(
  client: ClientBase,
  id: string,
  now: Date,
  timeZone: string,
): Promise<DelayedMilestone | null> {
  const { rows } = await client.query(
    `SELECT m.id AS "milestoneId", m.name AS milestone, i.id AS "initiativeId", i.code, i.name AS initiative,
            i.is_critical AS "isCritical", to_char(m.deadline, 'YYYY-MM-DD') AS deadline, due_at AS "dueAt",
            CASE WHEN portfolio_is_usable_email(m.owner_email) THEN m.owner_name
                 WHEN portfolio_is_usable_email(i.owner_email) THEN i.owner_name
                 ELSE coalesce(m.owner_name, i.owner_name) END AS owner,
            CASE WHEN portfolio_is_usable_email(m.owner_email) THEN m.owner_email
                 WHEN portfolio_is_usable_email(i.owner_email) THEN i.owner_email END AS "ownerAddress"
       FROM initiative_milestones m
       JOIN synergy_initiatives i ON i.id = m.initiative_id
      CROSS JOIN LATERAL (SELECT (m.deadline + 1)::timestamp AT TIME ZONE $3) AS due (due_at)
      WHERE m.id = $1 AND i.status = 'ACTIVE' AND (m.completed_at IS NULL OR m.completed_at > $2) AND due_at < $2`,
    [id, now, timeZone],
  );
  return rows.length === 0 ? null : milestoneRow.parse(rows[0]);
}
