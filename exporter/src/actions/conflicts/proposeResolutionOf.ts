import { proposalRules, readAllocation } from '../../explain/readAllocation.js';
import { proposeResolution } from '../../explain/proposeResolution.js';
import type { AlertMoment } from '../alerts/alertActions.js';
import { NothingToDo, once } from '../alerts/once.js';
import { kpiSettings } from '../kpiSettings.js';
import { queueMail } from '../mail/queueMail.js';
import { momentAt } from '../recursion/conditions.js';
import { detectConflicts } from '../recursion/detectConflicts.js';
import { recipientsOf } from '../recipients.js';
import { approvalMail, approvers } from './approvalMails.js';
import { askAbout, storeProposal } from './askAbout.js';
import { conflictOf } from './conflictOf.js';
import { proposalMail } from './proposalMail.js';

/** What is asked about first; what comes where it is rejected: proposeFurther. */
const OPTION = 'priority';

/**
 * What follows an over-allocation: its conflict and PORTFOLIO-002, the proposal how it could end, the Chairman's approval of it, and the
 * proposal to the Coordination Planner. Source: metrics document, "Alert 3", actions 2 to 4.
 */
export async function proposeResolutionOf(moment: AlertMoment): Promise<void> {
  const { client, alert, now, context } = moment;
  const configuration = context.configuration();
  const settings = kpiSettings(configuration);

  const conflict = await once(moment, 'recursion', async () => {
    await detectConflicts(client, now, settings);
    return (await conflictOf(client, alert.entity)) ?? new NothingToDo('the resource is not over-allocated any more');
  });
  if (conflict === null) return;
  const { conflictId } = conflict;

  const proposed = await once(moment, 'resolution_proposal', async () => {
    const input = await momentAt(client, now, settings);
    const allocation = await readAllocation(client, alert.entity, input);
    const proposal = allocation === null ? null : proposeResolution(allocation, proposalRules(input));
    if (proposal === null || proposal.excess === 0)
      return new NothingToDo('the resource is not over-allocated any more');
    const period = alert.startsAt.toISOString();
    const reportId = await storeProposal(client, { proposal, option: OPTION, conflictId, period }, now);
    await client.query(
      `UPDATE portfolio_actions.recursion_executions SET report_id = $2
        WHERE trigger_id = 'PORTFOLIO-002' AND subject = $1 AND closed_at IS NULL`,
      [alert.entity, reportId],
    );
    return { proposal, reportId, reportUrl: `${configuration.actions.externalUrl}/reports/${reportId}` };
  });
  if (proposed === null) return;
  const { proposal, reportId, reportUrl } = proposed;

  await once(moment, 'approval', async (id) => {
    const approvalId = await askAbout(client, { id, conflictId, reportId, option: OPTION }, now);
    if (approvalId === null) return new NothingToDo('the Chairman was asked about this conflict before');
    for (const approver of approvers(configuration.recipients)) {
      const content = await approvalMail(
        { approvalId, proposal, option: OPTION, reportUrl, approver, waitsSince: null, further: null },
        now,
        context,
      );
      const { address, role } = approver;
      const mail = { key: `approval:${id}:${address}`, recipient: address, role, content, actionId: id };
      await queueMail(client, mail, now);
    }
    return undefined;
  });

  await once(moment, 'proposal_mail', async (id) => {
    for (const { address, role } of recipientsOf(configuration.recipients, ['CoordinationPlanner'])) {
      const content = proposalMail(proposal, {
        ...{ option: OPTION, reportUrl, answerUrl: null, role, waitsSince: null, further: null },
      });
      const mail = { key: `proposal:${id}:${address}`, recipient: address, role, content, actionId: id };
      await queueMail(client, mail, now);
    }
    return undefined;
  });
}
