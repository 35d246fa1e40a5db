import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { Thresholds } from '../../config/thresholdCatalogue.js';
import { inTransaction } from '../../database/transaction.js';
import { momentText, triggerRow } from './recursionTriggers.js';
import type { Candidate, Decision, Refusal, TriggerId } from './recursionTriggers.js';

export interface Firing extends Candidate {
  readonly trigger: TriggerId;
  readonly now: Date;
  /** Who or what fired it: a person, `schedule`, an alert's name. */
  readonly by: string;
  readonly thresholds: Thresholds;
  /** A person's word that starts it against a boundary condition; the series of its subject begins anew. */
  readonly override?: Decision;
}

export type FiringResult =
  | { readonly fired: true; readonly id: string; readonly depth: number }
  /** `already`: of this period there is an execution. */
  | { readonly fired: false; readonly reason: Refusal | 'already'; readonly explanation: string };

const previousRow = z.object({
  id: z.uuid(),
  depth: z.int(),
  opened_at: z.date(),
  closed_at: z.date().nullable(),
  outcome: z.string().nullable(),
});

/**
 * Opens an execution of the trigger about a subject, once per period, or says and keeps why it does not: fewer than
 * `min_active_ventures` active ventures, switched off, inside its cooldown, or as many executions in a row without an end as it
 * may have. An execution about the subject that is still open is closed as unresolved: this one takes its place, one deeper.
 * One transaction, the caller's where there is one; processes take turns by the trigger's row. A clock that was set back is
 * inside every cooldown. Who acts on it hears of it through the job `execution_opened`. Throws pg errors.
 */
export async function fireTrigger(client: ClientBase, firing: Firing): Promise<FiringResult> {
  return inTransaction(client, { access: 'READ WRITE' }, async () => {
    const { rows } = await client.query('SELECT * FROM portfolio_actions.recursion_triggers WHERE id = $1 FOR UPDATE', [
      firing.trigger,
    ]);
    const trigger = triggerRow.parse(rows[0]);
    const period = await freePeriod(client, firing);
    if (period === null) {
      return { fired: false, reason: 'already', explanation: `it has fired about ${firing.period} before` };
    }
    const previous = await previousExecution(client, firing);
    const goesOn = previous !== null && (previous.closed_at === null || previous.outcome === 'UNRESOLVED');
    const next = goesOn ? previous.depth + 1 : 1;
    const refusal = await refusalOf(client, firing, trigger, previous, next);
    if (refusal !== null && firing.override === undefined) {
      await keepRefusal(client, firing, refusal);
      return { fired: false, ...refusal };
    }
    // Run by hand in its time it is a firing as any other.
    const override = refusal === null && period === firing.period ? undefined : firing.override;
    const depth = override === undefined ? next : 1;
    if (previous?.closed_at === null) await replacePrevious(client, previous.id, firing);
    const parent = goesOn ? previous.id : null;
    const id = await insertExecution(client, { ...firing, period, override, parent, depth });
    await announce(client, id);
    return { fired: true, id, depth };
  });
}

/** The period, one of its own for a second time by a person's word, or null where it has fired. */
async function freePeriod(client: ClientBase, firing: Firing): Promise<string | null> {
  const { rows } = await client.query<{ period: string }>(
    `SELECT period FROM portfolio_actions.recursion_executions
      WHERE trigger_id = $1 AND subject = $2 AND (period = $3 OR starts_with(period, $3 || ' ('))`,
    [firing.trigger, firing.subject, firing.period],
  );
  if (rows.length === 0) return firing.period;
  return firing.override === undefined ? null : `${firing.period} (${rows.length + 1})`;
}

type Previous = z.infer<typeof previousRow>;

async function previousExecution(client: ClientBase, { trigger, subject }: Firing): Promise<Previous | null> {
  const { rows } = await client.query(
    `SELECT id, depth, opened_at, closed_at, outcome FROM portfolio_actions.recursion_executions
      WHERE trigger_id = $1 AND subject = $2
      ORDER BY closed_at IS NULL DESC, opened_at DESC, depth DESC LIMIT 1`,
    [trigger, subject],
  );
  return rows.length === 0 ? null : previousRow.parse(rows[0]);
}

interface Refused {
  readonly reason: Refusal;
  readonly explanation: string;
}

async function refusalOf(
  client: ClientBase,
  { now, thresholds }: Firing,
  trigger: z.infer<typeof triggerRow>,
  previous: Previous | null,
  depth: number,
): Promise<Refused | null> {
  if (!trigger.enabled) return { reason: 'disabled', explanation: await whoSwitchedOff(client, trigger.id) };
  const { rows } = await client.query(`SELECT count(*)::integer AS active FROM ventures WHERE status::text = 'active'`);
  const { active } = z.object({ active: z.int() }).parse(rows[0]);
  if (active < thresholds.min_active_ventures) {
    const explanation = `${active} of at least ${thresholds.min_active_ventures} ventures are active (min_active_ventures)`;
    return { reason: 'few_ventures', explanation };
  }
  if (previous !== null && trigger.cooldown !== null) {
    const until = new Date(previous.opened_at.getTime() + thresholds[trigger.cooldown] * 1_000);
    if (now < until) {
      const explanation = `inside its cooldown until ${momentText(until)} (${trigger.cooldown})`;
      return { reason: 'cooldown', explanation };
    }
  }
  if (depth > trigger.max_depth) {
    const explanation = `${trigger.max_depth} in a row about it reached no end: it is for people now`;
    return { reason: 'depth', explanation };
  }
  return null;
}

async function whoSwitchedOff(client: ClientBase, trigger: TriggerId): Promise<string> {
  const { rows } = await client.query(
    `SELECT switched_by, switched_at, reason FROM portfolio_actions.recursion_switches
      WHERE trigger_id = $1 AND NOT enabled ORDER BY id DESC LIMIT 1`,
    [trigger],
  );
  const last = z.object({ switched_by: z.string(), switched_at: z.date(), reason: z.string() }).safeParse(rows[0]);
  if (!last.success) return 'switched off';
  return `switched off by ${last.data.switched_by} at ${momentText(last.data.switched_at)}: ${last.data.reason}`;
}

async function keepRefusal(client: ClientBase, firing: Firing, { reason, explanation }: Refused): Promise<void> {
  await client.query(
    `INSERT INTO portfolio_actions.recursion_refusals (trigger_id, subject, subject_name, reason, explanation, refused_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (trigger_id, subject, reason) DO UPDATE
       SET subject_name = excluded.subject_name, explanation = excluded.explanation, refused_at = excluded.refused_at`,
    [firing.trigger, firing.subject, firing.subjectName, reason, explanation, firing.now],
  );
}

async function replacePrevious(client: ClientBase, id: string, { now, by }: Firing): Promise<void> {
  await client.query(
    `UPDATE portfolio_actions.recursion_executions
        SET closed_at = greatest(opened_at, $2), closed_by = $3, outcome = 'UNRESOLVED'
      WHERE id = $1`,
    [id, now, by],
  );
}

interface NewExecution extends Omit<Firing, 'override'> {
  readonly override: Decision | undefined;
  readonly parent: string | null;
  readonly depth: number;
}

async function insertExecution(client: ClientBase, execution: NewExecution): Promise<string> {
  const { override } = execution;
  const { rows } = await client.query(
    `INSERT INTO portfolio_actions.recursion_executions
       (trigger_id, subject, subject_name, period, depth, parent_id, details, opened_at, opened_by, override_by, override_reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
    [
      execution.trigger,
      execution.subject,
      execution.subjectName,
      execution.period,
      execution.depth,
      execution.parent,
      JSON.stringify(execution.details),
      execution.now,
      execution.by,
      override?.by ?? null,
      override?.reason ?? null,
    ],
  );
  return z.object({ id: z.uuid() }).parse(rows[0]).id;
}

async function announce(client: ClientBase, id: string): Promise<void> {
  await client.query(
    `SELECT graphile_worker.add_job('execution_opened', json_build_object('id', $1::text), job_key := 'execution_opened:' || $1)`,
    [id],
  );
}
