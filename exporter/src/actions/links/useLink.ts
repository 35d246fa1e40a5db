import type { ClientBase } from 'pg';
import type { Link } from './signedLink.js';

/**
 * Takes a link for use, in the transaction of the change that it allows: of two uses at once one waits here for the other.
 * False where it has been used.
 */
export async function useLink(client: ClientBase, { tokenId, kind, subject }: Link, now: Date): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO portfolio_actions.used_links (token_id, used_at, kind, subject) VALUES ($1, $2, $3, $4)
     ON CONFLICT (token_id) DO NOTHING`,
    [tokenId, now, kind, subject],
  );
  return rowCount === 1;
}
