import type { ClientBase } from 'pg';

/** The key of what happens once (portfolio_actions.actions). */
export interface ActionKey {
  readonly alertname: string;
  readonly entity: string;
  /** The beginning of an episode, or the month (2026-11) of what happens monthly. */
  readonly period: string;
  readonly action: string;
}

/**
 * Writes down that something is set off, in the caller's transaction. The id of the row where it is new; null where it was set
 * off before, and nothing is to be done.
 */
export async function takeAction(
  client: ClientBase,
  { alertname, entity, period, action }: ActionKey,
  now: Date,
  alertId: string | null = null,
): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO portfolio_actions.actions (alertname, entity, period, action, alert_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id`,
    [alertname, entity, period, action, alertId, now],
  );
  return rows[0]?.id ?? null;
}
