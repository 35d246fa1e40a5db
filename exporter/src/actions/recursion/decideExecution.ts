import type { ClientBase } from 'pg';
import { inTransaction } from '../../database/transaction.js';
import { ExplainedError } from '../../yaml/explainedError.js';
import { momentText } from './recursionTriggers.js';
import type { Decision, Outcome, TriggerId } from './recursionTriggers.js';

/** There is no such execution of the trigger, or it is closed. */
export class ExecutionError extends ExplainedError {
  override readonly name = 'ExecutionError';
}

/** Closes an open execution by a person's word. Throws {@link ExecutionError} and pg errors. */
export async function decideExecution(
  client: ClientBase,
  trigger: TriggerId,
  id: string,
  decision: Decision & { readonly outcome: Outcome; readonly now: Date },
): Promise<void> {
  const { outcome, now, by, reason } = decision;
  await inTransaction(client, { access: 'READ WRITE' }, async () => {
    const { rows } = await client.query<{
      trigger_id: string;
      closed_at: Date | null;
      closed_by: string | null;
      outcome: string | null;
    }>(
      'SELECT trigger_id, closed_at, closed_by, outcome FROM portfolio_actions.recursion_executions WHERE id::text = $1 FOR UPDATE',
      [id.toLowerCase()],
    );
    const [row] = rows;
    if (row === undefined)
      throw new ExecutionError(`no execution ${id}; \`portfolio-exporter trigger\` lists the open ones`);
    if (row.trigger_id !== trigger)
      throw new ExecutionError(`execution ${id} is one of ${row.trigger_id}, not of ${trigger}`);
    if (row.closed_at !== null) {
      const since = momentText(row.closed_at);
      throw new ExecutionError(
        `execution ${id} was closed by ${row.closed_by ?? ''} at ${since} as ${row.outcome ?? ''}`,
      );
    }
    await client.query(
      `UPDATE portfolio_actions.recursion_executions
          SET responded_at = coalesce(responded_at, greatest(opened_at, $2)), closed_at = greatest(opened_at, $2),
              closed_by = $3, note = $4, outcome = $5
        WHERE id::text = $1`,
      [id.toLowerCase(), now, by, reason, outcome],
    );
  });
}

/** Switches a trigger off or on; the switch is kept. Returns whether it changed anything. Throws pg errors. */
export async function switchTrigger(
  client: ClientBase,
  trigger: TriggerId,
  { enabled, now, by, reason }: Decision & { readonly enabled: boolean; readonly now: Date },
): Promise<boolean> {
  return inTransaction(client, { access: 'READ WRITE' }, async () => {
    const { rowCount } = await client.query(
      'UPDATE portfolio_actions.recursion_triggers SET enabled = $2 WHERE id = $1 AND enabled <> $2',
      [trigger, enabled],
    );
    if (rowCount !== 1) return false;
    await client.query(
      `INSERT INTO portfolio_actions.recursion_switches (trigger_id, enabled, switched_at, switched_by, reason)
       VALUES ($1, $2, $3, $4, $5)`,
      [trigger, enabled, now, by, reason],
    );
    return true;
  });
}
