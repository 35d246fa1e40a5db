import type { ClientBase } from 'pg';

/**
 * Stands in for the writers of the demo's event tables: call it well within the shortest acceptable lag. A source that was
 * set back by more than 90 minutes before the last beat stays silent, so that a person can see what a dead writer looks
 * like (docs/demo-alerts.md). Throws pg errors.
 */
export async function beatHeartbeats(
  client: Pick<ClientBase, 'query'>,
  now: Date,
  lastBeat: Date = now,
): Promise<void> {
  await client.query(
    `UPDATE source_heartbeats SET seen_at = $1::timestamptz
      WHERE seen_at > $2::timestamptz - interval '90 minutes' AND seen_at < $1::timestamptz`,
    [now, lastBeat],
  );
}
