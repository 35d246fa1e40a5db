import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../../database/transaction.js';
import { proposalRules, readAllocation } from '../../explain/readAllocation.js';
import { proposeResolution } from '../../explain/proposeResolution.js';
import { formatAge } from '../../format/formatAge.js';
import type { ActionsContext } from '../actionsContext.js';
import { takeAction } from '../alerts/takeAction.js';
import { kpiSettings } from '../kpiSettings.js';
import type { MailContent } from '../mail/mailContent.js';
import { queueMail } from '../mail/queueMail.js';
import { momentAt } from '../recursion/conditions.js';
import { recipientsOf } from '../recipients.js';
import { approvalMail, approvers } from './approvalMails.js';
import { leadsOf } from './conflictOf.js';
import { OPTIONS } from './options.js';
import { decisionMail, withdrawnMail } from './decisionMails.js';
import type { DecisionMail } from './decisionMails.js';

const approvalRow = z.object({
  id: z.string(),
  conflictId: z.string(),
  option: z.enum(OPTIONS),
  /** Of what happens once about this question. */
  key: z.string(),
  resourceId: z.string(),
  resource: z.string(),
  reportId: z.string().nullable(),
  requestedAt: z.date(),
  decidedAt: z.date().nullable(),
  decidedBy: z.string().nullable(),
  decision: z.enum(['APPROVED', 'REJECTED', 'WITHDRAWN']).nullable(),
  note: z.string().nullable(),
  /** Of the proposal as it was decided upon; null: the way has none, or its report is not kept any more. */
  shares: z.array(z.object({ venture: z.string(), share: z.number(), proposed: z.number() })).nullable(),
  /** Of the way that was asked about, in words; null as with the shares. */
  brief: z.string().nullable(),
  resolution: z.string().nullable(),
  /** How many whole periods of chairman_response_timeout it has waited. */
  periods: z.number(),
});
type ApprovalRow = z.infer<typeof approvalRow>;

/**
 * What approvals need by now: an open one whose conflict is resolved is withdrawn, one that has waited for another period of
 * chairman_response_timeout is reminded of, and a decision is told to those who carry it out. Each once, from the rows.
 */
export async function followApprovals(context: ActionsContext): Promise<void> {
  const now = context.now();
  await context.database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      await client.query(
        `UPDATE portfolio_actions.approvals a
            SET decided_at = greatest(a.requested_at, $1), decision = 'WITHDRAWN', decided_by = 'the allocation, which fell back'
           FROM resource_conflicts c
          WHERE c.conflict_id = a.conflict_id AND c.status = 'RESOLVED' AND a.decided_at IS NULL`,
        [now],
      );
      await client.query(
        `UPDATE resource_conflicts c SET status = 'IN_PROGRESS'
           FROM portfolio_actions.approvals a
          WHERE a.conflict_id = c.conflict_id AND a.decision = 'APPROVED' AND c.status = 'DETECTED'`,
      );
      for (const approval of await read(client, now, context)) {
        if (approval.decision === null) await remind(client, approval, now, context);
        else await tell(client, approval, now, context);
      }
    }),
  );
}

/** Open ones that have waited for a period that nobody was reminded of, and decided ones that nobody was told of. */
async function read(client: ClientBase, now: Date, context: ActionsContext): Promise<ApprovalRow[]> {
  const { rows } = await client.query(
    `SELECT a.id, a.conflict_id AS "conflictId", a.option, asked.key, c.resource_id AS "resourceId", c.resource_name AS resource, a.report_id AS "reportId",
            a.requested_at AS "requestedAt", a.decided_at AS "decidedAt", a.decided_by AS "decidedBy", a.decision, a.note,
            c.resolution_notes AS resolution, r.data #> ARRAY[a.option, 'shares'] AS shares, r.data ->> 'brief' AS brief, floor(waited / $2)::float8 AS periods
       FROM portfolio_actions.approvals a
       JOIN resource_conflicts c USING (conflict_id)
       LEFT JOIN portfolio_actions.reports r ON r.id = a.report_id
      CROSS JOIN LATERAL (SELECT extract(epoch FROM $1 - a.requested_at)) AS waiting (waited)
      CROSS JOIN LATERAL (SELECT concat_ws('/', a.conflict_id, nullif(a.option, 'priority'))) AS asked (key)
      WHERE (a.decision IS NULL AND floor(waited / $2) > a.reminders)
         OR (a.decision IS NOT NULL AND a.decided_at <= $1
             AND NOT EXISTS (SELECT FROM portfolio_actions.actions told
                              WHERE told.alertname = 'ResourceConflictDetected' AND told.entity = c.resource_id::text
                                AND told.period = asked.key AND told.action = 'decision_told'))
      ORDER BY a.requested_at, a.id`,
    [now, context.configuration().thresholds.chairman_response_timeout],
  );
  return rows.map((row) => approvalRow.parse(row));
}

/** After a time in which nothing ran, one reminder stands for all the periods that passed. */
async function remind(client: ClientBase, approval: ApprovalRow, now: Date, context: ActionsContext): Promise<void> {
  const configuration = context.configuration();
  const input = await momentAt(client, now, kpiSettings(configuration));
  const allocation = await readAllocation(client, approval.resourceId, input);
  const proposal = allocation === null ? null : proposeResolution(allocation, proposalRules(input));
  // The allocation has fallen back: the conflict is about to be resolved.
  if (proposal === null || proposal.excess === 0) return;
  await onceFor(client, approval, `approval_reminder_${approval.periods}`, now, async (id) => {
    await client.query('UPDATE portfolio_actions.approvals SET reminders = $2, reminded_at = $3 WHERE id = $1', [
      approval.id,
      approval.periods,
      now,
    ]);
    const waitsSince = formatAge((now.getTime() - approval.requestedAt.getTime()) / 1_000);
    const reportUrl = reportAddress(approval, context);
    for (const approver of approvers(configuration.recipients)) {
      const { id: approvalId, option } = approval;
      const request = { approvalId, proposal, option, reportUrl, approver, waitsSince, further: null };
      await send(client, id, 'approval_reminder', approver, await approvalMail(request, now, context), now);
    }
  });
}

async function tell(client: ClientBase, approval: ApprovalRow, now: Date, context: ActionsContext): Promise<void> {
  const { recipients, exporter } = context.configuration();
  const { resource, resourceId, option, decision, decidedAt, decidedBy, note, resolution, shares, brief } = approval;
  await onceFor(client, approval, 'decision_told', now, async (id) => {
    if (decision === 'WITHDRAWN') {
      for (const one of approvers(recipients)) {
        await send(client, id, 'withdrawn', one, withdrawnMail({ resource, resolution, role: one.role }), now);
      }
      return;
    }
    const told = {
      ...{
        resource,
        note,
        changes: option === 'priority' ? (shares ?? []).filter(({ share, proposed }) => share !== proposed) : [],
        brief: option === 'priority' ? null : brief,
        decidedBy: decidedBy ?? '',
        isApproved: decision === 'APPROVED',
      },
      ...{ decidedAt: decidedAt ?? now, timeZone: exporter.timeZone },
    };
    // The pages have a password that the leads do not have.
    const mailTo = (role: DecisionMail['role']): DecisionMail => ({
      ...told,
      role,
      reportUrl: role === null ? null : reportAddress(approval, context),
    });
    const leads = (await leadsOf(client, resourceId)).map((address) => ({ address, role: null }));
    const planners = recipientsOf(recipients, ['CoordinationPlanner']);
    const known = new Set(planners.map(({ address }) => address.toLowerCase()));
    for (const one of [...planners, ...leads.filter(({ address }) => !known.has(address.toLowerCase()))]) {
      await send(client, id, 'decision', one, decisionMail(mailTo(one.role)), now);
    }
  });
}

async function onceFor(
  client: ClientBase,
  { resourceId, key: period }: ApprovalRow,
  action: string,
  now: Date,
  work: (id: string) => Promise<void>,
): Promise<void> {
  const key = { alertname: 'ResourceConflictDetected', entity: resourceId, period, action };
  const id = await takeAction(client, key, now);
  if (id === null) return;
  await work(id);
  await client.query('UPDATE portfolio_actions.actions SET done_at = $2 WHERE id = $1', [id, now]);
}

async function send(
  client: ClientBase,
  id: string,
  what: string,
  { address, role }: { readonly address: string; readonly role: string | null },
  content: MailContent,
  now: Date,
): Promise<void> {
  await queueMail(client, { key: `${what}:${id}:${address}`, recipient: address, role, content, actionId: id }, now);
}

function reportAddress({ reportId }: ApprovalRow, context: ActionsContext): string {
  const { externalUrl } = context.configuration().actions;
  return reportId === null ? externalUrl : `${externalUrl}/reports/${reportId}`;
}
