import { formatMoment } from '../../format/formatMoment.js';
import type { AlertMoment } from '../alerts/alertActions.js';
import { NothingToDo } from '../alerts/once.js';
import { linkAddress } from '../links/linkAddress.js';
import { queueMail } from '../mail/queueMail.js';
import { recipientsOf } from '../recipients.js';
import { delayedMilestone } from './delayedMilestone.js';
import { statusRequestMail } from './statusRequestMail.js';

/**
 * Asks the owner of a delayed milestone how it goes on: a row with the time by which he answers, a mail with the link to do so, and the
 * notification from which the time to answer is counted (portfolio_initiative_unanswered_seconds). Without an address of an owner the
 * Synergy Execution Manager is asked. `id` is that of the action, and the request's own. Source: metrics document, "Alert 2", action 3.
 */
export async function requestStatus(
  { client, alert, now, context }: AlertMoment,
  id: string,
): Promise<NothingToDo | undefined> {
  const { exporter, thresholds, recipients } = context.configuration();
  if (alert.endsAt !== null) return new NothingToDo('the alert had ended');
  const milestone = await delayedMilestone(client, alert.entity, now, exporter.timeZone);
  if (milestone === null) return new NothingToDo('the milestone is gone, completed or no longer due');
  const asked =
    milestone.ownerAddress === null
      ? recipientsOf(recipients, ['SynergyExecutionManager'])
      : [{ address: milestone.ownerAddress, role: null }];
  const person =
    milestone.ownerAddress === null ? 'Synergy Execution Manager' : (milestone.owner ?? milestone.ownerAddress);
  const answerBy = new Date(now.getTime() + thresholds.initiative_response_deadline * 1_000);
  await client.query(
    `INSERT INTO portfolio_actions.status_requests (id, initiative_id, milestone_id, person, address, requested_at, due_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, milestone.initiativeId, milestone.milestoneId, person, asked[0]?.address, now, answerBy],
  );
  for (const { address, role } of asked) {
    const answerUrl = await linkAddress(context, { kind: 'respond', subject: id, person }, now);
    await client.query(
      'INSERT INTO initiative_notifications (milestone_id, recipient, notified_at) VALUES ($1, $2, $3)',
      [milestone.milestoneId, address, now],
    );
    const content = statusRequestMail({
      milestone,
      person,
      now,
      answerBy: formatMoment(answerBy, exporter.timeZone),
      answerUrl,
      reminderOf: null,
    });
    await queueMail(
      client,
      { key: `status_request:${id}:${address}`, recipient: address, role, content, actionId: id },
      now,
    );
  }
  return undefined;
}
