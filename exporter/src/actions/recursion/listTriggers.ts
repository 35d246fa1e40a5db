import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../../database/transaction.js';

const triggerState = z.object({
  id: z.string(),
  title: z.string(),
  enabled: z.boolean(),
  cooldown: z.string().nullable(),
  max_depth: z.int(),
  executions: z.int(),
  last_opened_at: z.date().nullable(),
  last_refusal: z.string().nullable(),
});
export type TriggerState = z.infer<typeof triggerState>;

const openExecution = z.object({
  id: z.uuid(),
  trigger_id: z.string(),
  subject_name: z.string(),
  depth: z.int(),
  max_depth: z.int(),
  opened_at: z.date(),
  opened_by: z.string(),
  report_id: z.uuid().nullable(),
});
export type OpenExecution = z.infer<typeof openExecution>;

/** Every trigger with what it did last, and the executions that are open. Throws pg errors. */
export async function listTriggers(
  client: ClientBase,
): Promise<{ readonly triggers: TriggerState[]; readonly open: OpenExecution[] }> {
  return inTransaction(client, { access: 'READ ONLY', isolation: 'REPEATABLE READ' }, async () => {
    const triggers = await client.query(
      `SELECT t.id, t.title, t.enabled, t.cooldown, t.max_depth,
              (SELECT count(*)::integer FROM portfolio_actions.recursion_executions e WHERE e.trigger_id = t.id) AS executions,
              (SELECT max(e.opened_at) FROM portfolio_actions.recursion_executions e WHERE e.trigger_id = t.id) AS last_opened_at,
              (SELECT concat_ws(': ', r.subject_name, r.explanation) FROM portfolio_actions.recursion_refusals r
                WHERE r.trigger_id = t.id ORDER BY r.refused_at DESC, r.subject LIMIT 1) AS last_refusal
         FROM portfolio_actions.recursion_triggers t ORDER BY t.id`,
    );
    const open = await client.query(
      `SELECT e.id, e.trigger_id, e.subject_name, e.depth, t.max_depth, e.opened_at, e.opened_by, e.report_id
         FROM portfolio_actions.recursion_executions e JOIN portfolio_actions.recursion_triggers t ON t.id = e.trigger_id
        WHERE e.closed_at IS NULL ORDER BY e.opened_at, e.id`,
    );
    return { triggers: z.array(triggerState).parse(triggers.rows), open: z.array(openExecution).parse(open.rows) };
  });
}
