import type { ClientBase } from 'pg';

/** What a link to answer is about. */
export interface StatusRequest {
  readonly id: string;
  readonly initiativeId: string;
  readonly code: string;
  readonly initiative: string;
  readonly milestone: string;
  /** YYYY-MM-DD. */
  readonly deadline: string;
  readonly person: string;
  readonly dueAt: Date;
  readonly answeredAt: Date | null;
  readonly answeredBy: string | null;
}

/** What a link to decide is about. */
export interface Approval {
  readonly id: string;
  readonly resource: string;
  /** Percent of the capacity. */
  readonly allocation: string;
  readonly detectedAt: Date;
  readonly requestedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  /** WITHDRAWN: the conflict was resolved before anybody decided. */
  readonly decision: 'APPROVED' | 'REJECTED' | 'WITHDRAWN' | null;
  readonly note: string | null;
  readonly title: string | null;
  /** The proposal as text. */
  readonly proposal: string | null;
}

export async function readStatusRequest(client: ClientBase, id: string): Promise<StatusRequest | undefined> {
  const { rows } = await client.query<StatusRequest>(
    `SELECT s.id, s.initiative_id AS "initiativeId", i.code, i.name AS initiative, m.name AS milestone,
            m.deadline::text AS deadline, s.person, s.due_at AS "dueAt", s.answered_at AS "answeredAt",
            r.responded_by AS "answeredBy"
       FROM portfolio_actions.status_requests s
       JOIN synergy_initiatives i ON i.id = s.initiative_id
       JOIN initiative_milestones m ON m.id = s.milestone_id
       LEFT JOIN initiative_responses r ON r.id = s.response_id
      WHERE s.id = $1`,
    [id],
  );
  return rows[0];
}

export async function readApproval(client: ClientBase, id: string): Promise<Approval | undefined> {
  const { rows } = await client.query<Approval>(
    `SELECT a.id, c.resource_name AS resource, c.total_allocation_pct::text AS allocation, c.detected_at AS "detectedAt",
            a.requested_at AS "requestedAt", a.decided_at AS "decidedAt", a.decided_by AS "decidedBy", a.decision, a.note,
            r.title, r.text AS proposal
       FROM portfolio_actions.approvals a
       JOIN resource_conflicts c USING (conflict_id)
       LEFT JOIN portfolio_actions.reports r ON r.id = a.report_id
      WHERE a.id = $1`,
    [id],
  );
  return rows[0];
}

/** When a link was used; undefined: it was not. */
export async function readUse(client: ClientBase, tokenId: string): Promise<Date | undefined> {
  const { rows } = await client.query<{ used_at: Date }>(
    'SELECT used_at FROM portfolio_actions.used_links WHERE token_id = $1',
    [tokenId],
  );
  return rows[0]?.used_at;
}
