import type { AlertMoment } from './alertActions.js';
import { takeAction } from './takeAction.js';

/** Why an action had nothing to do; kept with its row. */
export class NothingToDo {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/**
 * One action of an episode: done once, in the transaction of the moment, with the note that it was done. `work` is given the id of its
 * row. null: it was done before, or there was nothing to do.
 */
export async function once<T>(
  { client, alert, now }: AlertMoment,
  action: string,
  work: (id: string) => Promise<T | NothingToDo>,
): Promise<T | null> {
  const { alertname, entity } = alert;
  const id = await takeAction(
    client,
    { alertname, entity, period: alert.startsAt.toISOString(), action },
    now,
    alert.id,
  );
  if (id === null) return null;
  const result = await work(id);
  const nothing = result instanceof NothingToDo ? result.reason : null;
  await client.query('UPDATE portfolio_actions.actions SET done_at = $2, error = $3 WHERE id = $1', [id, now, nothing]);
  return result instanceof NothingToDo ? null : result;
}
