import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../../database/transaction.js';
import { proposeResolution } from '../../explain/proposeResolution.js';
import { proposalRules, readAllocation } from '../../explain/readAllocation.js';
import { formatAge } from '../../format/formatAge.js';
import { formatMoment } from '../../format/formatMoment.js';
import { visibleText } from '../../format/visibleText.js';
import type { ActionsContext } from '../actionsContext.js';
import { takeAction } from '../alerts/takeAction.js';
import { kpiSettings } from '../kpiSettings.js';
import type { MailContent } from '../mail/mailContent.js';
import { queueMail } from '../mail/queueMail.js';
import { momentAt } from '../recursion/conditions.js';
import { recipientsOf } from '../recipients.js';
import type { Recipient } from '../recipients.js';
import { approvalMail, approvers } from './approvalMails.js';
import { askAbout, storeProposal } from './askAbout.js';
import { nextOption, OPTION_NAMES, OPTIONS } from './options.js';
import { proposalMail } from './proposalMail.js';

const executionRow = z.object({
  resourceId: z.string(),
  conflictId: z.uuid(),
  period: z.string(),
  depth: z.int(),
  of: z.int(),
});

const approvalRow = z.object({
  id: z.uuid(),
  option: z.enum(OPTIONS),
  reportId: z.uuid().nullable(),
  requestedAt: z.date(),
  decision: z.enum(['APPROVED', 'REJECTED', 'WITHDRAWN']).nullable(),
  decidedAt: z.date().nullable(),
  decidedBy: z.string().nullable(),
});
type Asked = z.infer<typeof approvalRow>;

/**
 * What a further execution of PORTFOLIO-002 does, because its conflict has outlived conflict_resolution_timeout: it goes to the
 * Chairman and the Coordination Planner with what became of the last proposal. One that was rejected makes place for the next way that
 * nobody was asked about; one that waits is asked again with a link, because silence is no refusal; one that was approved is to be
 * carried out. Once for an execution. Throws pg errors.
 */
export async function proposeFurther(id: string, context: ActionsContext): Promise<void> {
  const now = context.now();
  await context.database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      const { rows } = await client.query(
        `SELECT e.subject AS "resourceId", e.details ->> 'conflict' AS "conflictId", e.period, e.depth, t.max_depth AS of
           FROM portfolio_actions.recursion_executions e JOIN portfolio_actions.recursion_triggers t ON t.id = e.trigger_id
          WHERE e.id = $1 AND e.trigger_id = 'PORTFOLIO-002' AND e.depth > 1 AND e.closed_at IS NULL`,
        [id],
      );
      if (rows.length > 0) await propose(client, id, executionRow.parse(rows[0]), now, context);
    }),
  );
}

async function propose(
  client: ClientBase,
  executionId: string,
  { resourceId, conflictId, period, depth, of }: z.infer<typeof executionRow>,
  now: Date,
  context: ActionsContext,
): Promise<void> {
  const configuration = context.configuration();
  const { actions, exporter, recipients } = configuration;
  const input = await momentAt(client, now, kpiSettings(configuration));
  const allocation = await readAllocation(client, resourceId, input);
  const proposal = allocation === null ? null : proposeResolution(allocation, proposalRules(input));
  // The allocation has fallen back: the conflict is about to be resolved.
  if (proposal === null || proposal.excess === 0) return;
  const key = {
    alertname: 'ResourceConflictDetected',
    entity: resourceId,
    period: conflictId,
    action: `look ${executionId}`,
  };
  const actionId = await takeAction(client, key, now);
  if (actionId === null) return;

  const asked = await readAsked(client, conflictId);
  const last = asked[0];
  const stands = last?.decision === null || last?.decision === 'APPROVED' ? last : null;
  const option =
    stands?.option ??
    nextOption(
      proposal,
      asked.map((one) => one.option),
    );
  const reportId =
    stands !== null || option === null
      ? (last?.reportId ?? null)
      : await storeProposal(client, { proposal, option, conflictId, period }, now);
  const question =
    stands?.decision === null
      ? { ...stands, waitsSince: formatAge((now.getTime() - stands.requestedAt.getTime()) / 1_000) }
      : stands === null && option !== null && reportId !== null
        ? { id: await askAbout(client, { id: actionId, conflictId, reportId, option }, now), option, waitsSince: null }
        : null;
  await client.query('UPDATE portfolio_actions.recursion_executions SET report_id = $2 WHERE id = $1', [
    executionId,
    reportId,
  ]);

  const further = {
    ...{ depth, of, before: beforeText(last, exporter.timeZone), isApproved: stands?.decision === 'APPROVED' },
    rejected: asked.filter(({ decision }) => decision === 'REJECTED').map((one) => one.option),
  };
  const reportUrl = reportId === null ? actions.externalUrl : `${actions.externalUrl}/reports/${reportId}`;
  const send = async ({ address, role }: Recipient, content: MailContent): Promise<void> => {
    const mail = { key: `look:${executionId}:${address}`, recipient: address, role, content, actionId };
    await queueMail(client, mail, now);
  };
  const told = ({ role }: Recipient): MailContent =>
    proposalMail(proposal, { option, reportUrl, answerUrl: null, role, waitsSince: null, further });
  for (const approver of approvers(recipients)) {
    if (question === null || question.id === null) await send(approver, told(approver));
    else {
      const request = {
        approvalId: question.id,
        proposal,
        reportUrl,
        further,
        option: question.option,
        waitsSince: question.waitsSince,
      };
      await send(approver, await approvalMail({ ...request, approver }, now, context));
    }
  }
  for (const planner of recipientsOf(recipients, ['CoordinationPlanner'])) await send(planner, told(planner));
  await client.query('UPDATE portfolio_actions.actions SET done_at = $2 WHERE id = $1', [actionId, now]);
}

/** The newest first. */
async function readAsked(client: ClientBase, conflictId: string): Promise<Asked[]> {
  const { rows } = await client.query(
    `SELECT id, option, report_id AS "reportId", requested_at AS "requestedAt", decision, decided_at AS "decidedAt",
            decided_by AS "decidedBy"
       FROM portfolio_actions.approvals WHERE conflict_id = $1 ORDER BY requested_at DESC, id FOR UPDATE`,
    [conflictId],
  );
  return rows.map((row) => approvalRow.parse(row));
}

/** What became of the last proposal, in a sentence. */
function beforeText(last: Asked | undefined, timeZone: string): string {
  if (last === undefined) return 'Nobody was asked about it before.';
  const name = OPTION_NAMES[last.option];
  if (last.decidedAt === null)
    return `Nobody has decided about it (${name}) since ${formatMoment(last.requestedAt, timeZone)}.`;
  const who = last.decidedBy === 'Chairman' ? 'The Chairman' : visibleText(last.decidedBy ?? 'Somebody', 80);
  const when = formatMoment(last.decidedAt, timeZone);
  return last.decision === 'APPROVED'
    ? `${who} approved it (${name}) on ${when}, and the resource is still over its limit.`
    : `${who} rejected the last proposal (${name}) on ${when}.`;
}
