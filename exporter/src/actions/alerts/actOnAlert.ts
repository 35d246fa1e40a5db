import { inTransaction } from '../../database/transaction.js';
import type { ActionsContext } from '../actionsContext.js';
import type { Episode } from './alertActions.js';
import { ALERT_ACTIONS } from './registry.js';
import { takeAction } from './takeAction.js';

/**
 * The job of an episode that began or ended: calls what its alert sets off then, each once, in one transaction with the note that
 * it was called.
 */
export async function actOnAlert(payload: { readonly id: string }, context: ActionsContext): Promise<void> {
  const now = context.now();
  await context.database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      const { rows } = await client.query<Episode>(
        `SELECT id, alertname, entity, starts_at AS "startsAt", ends_at AS "endsAt", labels, annotations
           FROM portfolio_actions.alerts WHERE id = $1 FOR UPDATE`,
        [payload.id],
      );
      const [alert] = rows;
      const actions = alert === undefined ? undefined : ALERT_ACTIONS.get(alert.alertname);
      if (alert === undefined || actions === undefined) return;
      const { alertname, entity } = alert;
      const key = { alertname, entity, period: alert.startsAt.toISOString() };
      const moment = { client, alert, now, context };
      const once = async (action: 'opened' | 'closed'): Promise<void> => {
        const id = await takeAction(client, { ...key, action }, now, alert.id);
        if (id === null) return;
        await actions[action]?.(moment);
        await client.query('UPDATE portfolio_actions.actions SET done_at = $2 WHERE id = $1', [id, now]);
      };
      await once('opened');
      if (alert.endsAt !== null) await once('closed');
    }),
  );
}
