import type { ClientBase } from 'pg';
import type { ConnectionSettings } from '../config/connectionSettings.js';
import { ConnectionError } from './connectionError.js';
import { fits } from './openSession.js';
import { createDatabase } from './pool.js';
import type { Database } from './pool.js';
import type { SessionPoolOptions } from './sessionPool.js';

/** How old what a server shows is, beside the age of the rows themselves. */
export interface ReplayLag {
  readonly standby: boolean;
  /** 0 on a primary. */
  readonly seconds: number;
}

/** prefer-standby takes the primary where no standby answers: asked anew for a standby after this time. */
const LIFETIME_SECONDS = 60;

/**
 * The servers of DATABASE_READ_URL, for what only reads. A server whose role changed while the connection was kept is left, as if
 * the connection were lost. Throws ConnectionError that names the variable.
 */
export function createReadDatabase(options: SessionPoolOptions & { readonly settings: ConnectionSettings }): Database {
  const database = createDatabase({ ...options, maxLifetimeSeconds: LIFETIME_SECONDS });
  const { targetSessionAttrs: wish } = options.settings;
  return {
    async withClient(work, turn) {
      try {
        return await database.withClient(async (client) => {
          if (wish !== 'prefer-standby' && !(await fits(client, wish)))
            throw new ConnectionError(`the server is no longer ${wish} (target_session_attrs)`);
          return work(client);
        }, turn);
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        throw new ConnectionError(`DATABASE_READ_URL: ${error.message}`, { cause: error });
      }
    },
    close: () => database.close(),
  };
}

/**
 * Asked before the rows, so that they are never older than it says. Nothing is behind where all that was received is replayed
 * and a receiver runs; else it counts from the newest commit that was replayed. Throws an Error where the server cannot tell.
 */
export async function readReplayLag(client: ClientBase): Promise<ReplayLag> {
  const { rows } = await client.query<{ standby: boolean; seconds: number | null }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS standby,
            CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN 0
                 WHEN EXISTS (SELECT FROM pg_catalog.pg_stat_wal_receiver)
                  AND pg_catalog.pg_last_wal_receive_lsn() <= pg_catalog.pg_last_wal_replay_lsn() THEN 0
                 ELSE greatest(0, extract(epoch FROM clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()))::float8
            END AS seconds`,
  );
  const { standby = true, seconds = null } = rows[0] ?? {};
  if (seconds === null)
    throw new Error(
      'the standby cannot tell how old it is: it has replayed nothing since its start, and hears of no primary',
    );
  return { standby, seconds };
}
