import { databaseSettings } from '../config/databaseSettings.js';
import { readEnvironment } from '../config/environment.js';
import type { ExporterConfig } from '../config/exporterConfig.js';
import { createDatabase } from '../database/pool.js';
import type { Database } from '../database/pool.js';
import type { Io } from '../app/io.js';

/**
 * Gives a command the database for the time of its work, and closes it whatever happens, at once where the program is asked
 * to end: what waits for a connection, a lock or a query then fails, and the server ends the query. Throws what `work` throws.
 */
export async function withDatabase<T>(
  config: ExporterConfig,
  io: Io,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = createDatabase({
    settings: databaseSettings(readEnvironment(io.env), config.database),
    maxConnections: config.database.maxConnections,
    connectTimeoutMs: config.database.connectTimeoutMs,
    onIdleError: () => undefined,
  });
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => (closed ??= database.close());
  const closeNow = (): void => void close();
  io.shutdown.addEventListener('abort', closeNow);
  try {
    return await work(database);
  } finally {
    io.shutdown.removeEventListener('abort', closeNow);
    await close();
  }
}
