import type { Database } from '../../database/pool.js';
import { inTransaction } from '../../database/transaction.js';
import { addJob } from '../jobs/addJob.js';
import type { ReadNotification } from './notification.js';

/** One after the other: episodes of one entity never meet. */
const QUEUE = 'notifications';

/**
 * Keeps a notification and adds the job that handles it, in one transaction; a body that was kept before is counted, and handled
 * again only where its job has given up.
 */
export async function storeNotification(
  database: Database,
  { payload, digest }: Pick<ReadNotification, 'payload' | 'digest'>,
  now: Date,
): Promise<'accepted' | 'repeated'> {
  return database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      const { rows } = await client.query<{ id: string; times_received: number; waits: boolean }>(
        `INSERT INTO portfolio_actions.notifications AS known (digest, payload, received_at, last_received_at)
         VALUES ($1, $2, $3, $3)
         ON CONFLICT (digest) DO UPDATE
           SET times_received = known.times_received + 1, last_received_at = greatest(known.last_received_at, excluded.last_received_at)
         RETURNING id, times_received, handled_at IS NULL AS waits`,
        [digest, JSON.stringify(payload), now],
      );
      const [row] = rows;
      if (row === undefined) throw new Error('an INSERT with RETURNING returned no row');
      const key = `notification:${row.id}`;
      if (row.times_received === 1 || (row.waits && !(await isUnderWay(client, key)))) {
        await addJob(client, 'handle_notification', { id: row.id }, { key, queue: QUEUE });
      }
      return row.times_received === 1 ? 'accepted' : 'repeated';
    }),
  );
}

async function isUnderWay(client: Parameters<typeof addJob>[0], key: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'SELECT FROM graphile_worker.jobs WHERE key = $1 AND attempts < max_attempts',
    [key],
  );
  return rowCount !== 0;
}
