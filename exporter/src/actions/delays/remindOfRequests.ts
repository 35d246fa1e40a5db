import type { ClientBase } from 'pg';
import { inTransaction } from '../../database/transaction.js';
import { formatMoment } from '../../format/formatMoment.js';
import type { ActionsContext } from '../actionsContext.js';
import { takeAction } from '../alerts/takeAction.js';
import { linkAddress } from '../links/linkAddress.js';
import { queueMail } from '../mail/queueMail.js';
import { delayedMilestone } from './delayedMilestone.js';
import { statusRequestMail } from './statusRequestMail.js';

interface DueRequest {
  readonly id: string;
  readonly alertId: string;
  readonly milestoneId: string;
  readonly entity: string;
  readonly period: string;
  readonly person: string;
  readonly requestedAt: Date;
  readonly dueAt: Date;
}

/**
 * Each status request whose time to answer has passed while its alert fires: one reminder to whoever was asked. The Chairman is told by
 * the alert SynergyInitiativeEscalated, from the same rows.
 */
export async function remindOfRequests(context: ActionsContext): Promise<void> {
  const now = context.now();
  await context.database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      await noteAnswers(client, now);
      for (const request of await dueRequests(client, now)) await remind(client, request, now, context);
    }),
  );
}

/** An answer that came another way than by the link (a row of initiative_responses) is one too. */
async function noteAnswers(client: ClientBase, now: Date): Promise<void> {
  await client.query(
    `UPDATE portfolio_actions.status_requests s SET answered_at = r.responded_at, response_id = r.id
       FROM (SELECT DISTINCT ON (open.id) open.id AS request, r.id, r.responded_at
               FROM portfolio_actions.status_requests open
               JOIN initiative_responses r ON r.initiative_id = open.initiative_id
                                          AND r.responded_at BETWEEN open.requested_at AND $1
              WHERE open.answered_at IS NULL
              ORDER BY open.id, r.responded_at, r.id) AS r
      WHERE s.id = r.request AND s.answered_at IS NULL`,
    [now],
  );
}

async function dueRequests(client: ClientBase, now: Date): Promise<DueRequest[]> {
  const { rows } = await client.query<DueRequest>(
    `SELECT s.id, a.id AS "alertId", s.milestone_id AS "milestoneId", asked.entity, asked.period, s.person,
            s.requested_at AS "requestedAt", s.due_at AS "dueAt"
       FROM portfolio_actions.status_requests s
       JOIN portfolio_actions.actions asked ON asked.id = s.id
       JOIN portfolio_actions.alerts a ON a.id = asked.alert_id AND a.ends_at IS NULL
      WHERE s.answered_at IS NULL
        AND s.due_at <= $1
        AND NOT EXISTS (SELECT FROM portfolio_actions.actions done
                         WHERE done.alertname = asked.alertname AND done.entity = asked.entity AND done.period = asked.period
                           AND done.action = 'reminder')
      ORDER BY s.due_at`,
    [now],
  );
  return rows;
}

async function remind(client: ClientBase, request: DueRequest, now: Date, context: ActionsContext): Promise<void> {
  const { timeZone } = context.configuration().exporter;
  const milestone = await delayedMilestone(client, request.milestoneId, now, timeZone);
  // Completed or moved; the end of the alert follows.
  if (milestone === null) return;
  const { entity, period } = request;
  const key = { alertname: 'SynergyInitiativeDelayed', entity, period, action: 'reminder' };
  const id = await takeAction(client, key, now, request.alertId);
  if (id === null) return;
  const { rows } = await client.query<{ recipient: string; role: string | null }>(
    'SELECT recipient, role FROM portfolio_actions.mails WHERE action_id = $1 ORDER BY recipient',
    [request.id],
  );
  for (const { recipient, role } of rows) {
    const content = statusRequestMail({
      milestone,
      person: request.person,
      now,
      answerBy: formatMoment(request.dueAt, timeZone),
      answerUrl: await linkAddress(context, { kind: 'respond', subject: request.id, person: request.person }, now),
      reminderOf: formatMoment(request.requestedAt, timeZone),
    });
    await queueMail(
      client,
      { key: `reminder:${request.id}:${recipient}`, recipient, role, content, actionId: id },
      now,
    );
  }
  await client.query('UPDATE portfolio_actions.actions SET done_at = $2 WHERE id = $1', [id, now]);
}
