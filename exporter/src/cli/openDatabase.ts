import { databaseSettings, readEnvironment } from '../config/environment.js';
import type { ExporterConfig } from '../config/exporterConfig.js';
import { createDatabase } from '../database/pool.js';
import type { Database } from '../database/pool.js';
import type { Io } from './io.js';

/** Gives a command the database for the time of its work, and closes it whatever happens. Throws what `work` throws. */
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
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
