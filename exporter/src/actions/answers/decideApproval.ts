import type { ClientBase } from 'pg';

export interface Decision {
  readonly approvalId: string;
  readonly decision: 'APPROVED' | 'REJECTED';
  readonly by: string;
  readonly note: string | null;
}

/** Stores a decision about a proposal, in the caller's transaction. False where it has been decided before: nothing changes. */
export async function decideApproval(client: ClientBase, decision: Decision, now: Date): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE portfolio_actions.approvals SET decided_at = $2, decision = $3, decided_by = $4, note = $5
      WHERE id = $1 AND decided_at IS NULL`,
    [decision.approvalId, now, decision.decision, decision.by, decision.note],
  );
  return rowCount === 1;
}
