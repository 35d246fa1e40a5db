import type { ClientBase } from 'pg';
import { inTransaction } from '../../database/transaction.js';
import type { KpiSettings } from '../../kpi/unit/kpiInput.js';
import { endedExecutions, momentAt } from './conditions.js';

/**
 * Closes the open executions that the rows say are over, and notes on those of conflicts that somebody has begun (the conflict
 * is no longer merely detected, or the Chairman has decided; a rejected proposal is an override). Returns how many were closed.
 * Running it twice, or twice at once, changes nothing more. Throws pg errors.
 */
export async function closeEnded(client: ClientBase, now: Date, settings: KpiSettings): Promise<number> {
  return inTransaction(client, { access: 'READ WRITE' }, async () => {
    // A statement that changes no row tells of a change all the same: nothing is written where nothing is to be.
    const { rowCount } = await client.query(UNNOTED, [now]);
    if (rowCount !== 0) await client.query(NOTE_DECISIONS, [now]);
    const ended = await endedExecutions(client, await momentAt(client, now, settings));
    if (ended.length === 0) return 0;
    const closed = await client.query(
      `UPDATE portfolio_actions.recursion_executions e
          SET closed_at = greatest(e.opened_at, $1), closed_by = 'rows', outcome = ended.outcome
         FROM unnest($2::uuid[], $3::text[]) AS ended (id, outcome)
        WHERE e.id = ended.id AND e.closed_at IS NULL`,
      [now, ended.map(({ id }) => id), ended.map(({ outcome }) => outcome)],
    );
    return closed.rowCount ?? 0;
  });
}

/** Open executions about conflicts with what somebody has done about them, and nobody has noted. */
const DECISIONS = `
    FROM portfolio_actions.recursion_executions e
    JOIN resource_conflicts c ON c.conflict_id = (e.details ->> 'conflict')::uuid
    LEFT JOIN portfolio_actions.approvals a ON a.conflict_id = c.conflict_id AND a.decided_at <= $1
   WHERE e.trigger_id = 'PORTFOLIO-002'
     AND e.closed_at IS NULL
     AND e.opened_at <= coalesce(a.decided_at, $1)
     AND (a.decided_at IS NOT NULL OR c.status <> 'DETECTED')
     AND (e.responded_at IS NULL OR (a.decision = 'REJECTED' AND e.override_by IS NULL))`;

const UNNOTED = `SELECT ${DECISIONS} LIMIT 1`;

const NOTE_DECISIONS = `
  WITH decided AS (SELECT e.id, a.decided_at, a.decision, a.decided_by, a.note ${DECISIONS})
  UPDATE portfolio_actions.recursion_executions e
     SET responded_at = coalesce(e.responded_at, greatest(e.opened_at, coalesce(d.decided_at, $1))),
         override_by = coalesce(e.override_by, CASE d.decision WHEN 'REJECTED' THEN d.decided_by END),
         override_reason = coalesce(e.override_reason, CASE d.decision WHEN 'REJECTED' THEN coalesce(d.note, 'rejected') END)
    FROM decided d
   WHERE e.id = d.id`;
