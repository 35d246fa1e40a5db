import type { ClientBase } from 'pg';

/**
 * Makes replicas take turns in what the name stands for, until the transaction ends. The lock is a row that only the
 * exporter may lock: an advisory lock can be taken, and kept, by every role of the server. Throws pg errors.
 */
export async function takeTurn(client: ClientBase, name: string): Promise<void> {
  await client.query('INSERT INTO portfolio_locks (name) VALUES ($1) ON CONFLICT DO NOTHING', [name]);
  await client.query('SELECT FROM portfolio_locks WHERE name = $1 FOR UPDATE', [name]);
}
