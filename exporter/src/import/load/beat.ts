import type { ClientBase } from 'pg';

/** The writer of the table is alive, whether or not it had anything to write. Throws pg errors. */
export async function beat(client: ClientBase, table: string): Promise<void> {
  await client.query(
    `INSERT INTO source_heartbeats (source, seen_at) VALUES ($1, now())
         ON CONFLICT (source) DO UPDATE SET seen_at = EXCLUDED.seen_at`,
    [table],
  );
}
