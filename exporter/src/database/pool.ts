import { Pool } from 'pg';
import type { ClientBase, ClientConfig } from 'pg';

/** What the rest of the program needs of a database: a connection for the time of one piece of work. */
export interface Database {
  /** Runs `work` on a connection of its own; a connection on which `work` failed is closed, not used again. */
  withClient<T>(work: (client: ClientBase) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly settings: ClientConfig;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  /** Told of connections that broke while idle; they are replaced by themselves. */
  readonly onIdleError: (error: Error) => void;
}

/** Opens nothing yet: the first `withClient` connects. Errors are those of pg. */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = new Pool({
    ...options.settings,
    max: options.maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: options.settings.application_name ?? 'portfolio-exporter',
  });
  pool.on('error', options.onIdleError);
  return {
    async withClient(work) {
      const client = await pool.connect();
      try {
        const result = await work(client);
        client.release();
        return result;
      } catch (error) {
        // Its state is unknown (a transaction open, a reply outstanding): cheaper to connect again than to guess.
        client.release(true);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}
