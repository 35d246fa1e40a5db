import { inTransaction } from '../../database/transaction.js';
import type { ActionsContext } from '../actionsContext.js';
import { type AlertName, alertNameSchema, BUSINESS_ALERTS, entityOf } from '../alerts/businessAlerts.js';
import { ALERT_ACTIONS } from '../alerts/registry.js';
import { addJob } from '../jobs/addJob.js';
import { ALERT_OUTCOMES, type AlertOutcome } from './alertOutcomes.js';
import { type NotifiedAlert, parseNotification } from './notification.js';
import { recordAlerts, type ServedAlert } from './recordAlerts.js';

/**
 * The job of a notification: brings the episodes up to date and adds a job for each that began or ended, in one transaction with
 * the note that the notification was handled.
 */
export async function handleNotification(payload: { readonly id: string }, context: ActionsContext): Promise<void> {
  const now = context.now();
  const handled = await context.database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      const { rows } = await client.query<{ payload: unknown }>(
        `SELECT payload FROM portfolio_actions.notifications WHERE id = $1 AND handled_at IS NULL FOR UPDATE`,
        [payload.id],
      );
      const [row] = rows;
      if (row === undefined) return null;
      const { portfolio } = context.configuration().actions;
      const { served, outcomes, withoutEntity } = sortOut(parseNotification(row.payload).alerts, portfolio);
      const recorded = await recordAlerts(client, served, portfolio, now);
      for (const { opened, closed } of recorded) {
        if (opened) outcomes.push('opened');
        if (closed) outcomes.push('closed');
        if (!opened && !closed) outcomes.push('known');
      }
      // Jobs of their own: what fails for one alert holds no other up.
      const toAct = recorded.filter((one) => (one.opened || one.closed) && ALERT_ACTIONS.has(one.alertname));
      for (const id of new Set(toAct.map((one) => one.id))) {
        await addJob(client, 'act_on_alert', { id }, { key: `alert:${id}` });
      }
      const counts = ALERT_OUTCOMES.map(
        (name) => [name, outcomes.filter((one) => one === name).length] as const,
      ).filter(([, count]) => count > 0);
      await client.query('UPDATE portfolio_actions.notifications SET handled_at = $2, outcome = $3 WHERE id = $1', [
        payload.id,
        now,
        JSON.stringify(Object.fromEntries(counts)),
      ]);
      return { counts, withoutEntity };
    }),
  );
  if (handled === null) return;
  // After the commit: a job that is tried again counts and tells once.
  for (const [outcome, count] of handled.counts) context.countAlerts(outcome, count);
  for (const alertname of handled.withoutEntity) {
    const reason = `its label ${BUSINESS_ALERTS[alertname]?.label ?? ''} does not say what it is about`;
    context.log.warn({ alertname, notification: payload.id, reason }, 'nothing follows this alert');
  }
}

/** Those that are about something of this portfolio, and why the others are not. */
function sortOut(
  alerts: readonly NotifiedAlert[],
  servedPortfolio: string,
): { served: ServedAlert[]; outcomes: AlertOutcome[]; withoutEntity: Set<AlertName> } {
  const served: ServedAlert[] = [];
  const outcomes: AlertOutcome[] = [];
  const withoutEntity = new Set<AlertName>();
  for (const alert of alerts) {
    const alertname = alertNameSchema.safeParse(alert.labels['alertname']);
    const entity = alertname.success ? entityOf(alertname.data, alert.labels) : null;
    if ((alert.labels['portfolio'] ?? '') !== servedPortfolio) outcomes.push('other_portfolio');
    else if (!alertname.success) outcomes.push('unknown_alert');
    else if (entity === null) {
      outcomes.push('unknown_entity');
      withoutEntity.add(alertname.data);
    } else served.push({ alertname: alertname.data, entity, alert });
  }
  return { served, outcomes, withoutEntity };
}
