import type { ClientBase } from 'pg';

export interface Answer {
  readonly initiativeId: string;
  readonly by: string;
  readonly note: string;
}

/**
 * Stores what somebody says about the delays of an initiative, in the caller's transaction, and answers every status request
 * about it that is open. How many those were.
 */
export async function answerDelay(client: ClientBase, { initiativeId, by, note }: Answer, now: Date): Promise<number> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO initiative_responses (initiative_id, responded_by, responded_at, note) VALUES ($1, $2, $3, $4) RETURNING id`,
    [initiativeId, by, now, note],
  );
  const { rowCount } = await client.query(
    `UPDATE portfolio_actions.status_requests SET answered_at = $2, response_id = $3
      WHERE initiative_id = $1 AND answered_at IS NULL AND requested_at <= $2`,
    [initiativeId, now, rows[0]?.id],
  );
  return rowCount ?? 0;
}
