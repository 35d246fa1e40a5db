import { setTimeout as delay } from 'node:timers/promises';
import { databaseSettings } from '../config/databaseSettings.js';
import { readEnvironment } from '../config/environment.js';
import type { ExporterConfig } from '../config/exporterConfig.js';
import type { ConnectionSettings } from '../config/connectionSettings.js';
import { createDatabase } from '../database/pool.js';
import type { Database } from '../database/pool.js';
import type { Io } from '../app/io.js';

/** How long the end waits for a write that has begun: less than a command is given. */
const FINISH_MS = 500;

/** Runs a write to its end, also where the program is asked to end meanwhile and it does not take long. */
export type Finish = <T>(write: () => Promise<T>) => Promise<T>;

/**
 * Gives a command the database for the time of its work, and closes it whatever happens, at once where the program is asked
 * to end: what waits for a connection, a lock or a query then fails, and the server ends the query. Throws what `work` throws.
 */
export async function withDatabase<T>(
  config: ExporterConfig,
  io: Io,
  work: (database: Database, finish: Finish) => Promise<T>,
  limits: { readonly queryTimeoutMs?: number; readonly settings?: ConnectionSettings } = {},
): Promise<T> {
  const database = createDatabase({
    settings: databaseSettings(readEnvironment(io.env), config.database),
    maxConnections: config.database.maxConnections,
    connectTimeoutMs: config.database.connectTimeoutMs,
    onIdleError: () => undefined,
    ...limits,
  });
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => (closed ??= database.close());
  let writing: Promise<unknown> = Promise.resolve();
  const finish: Finish = (write) => {
    const written = write();
    writing = written.catch(() => undefined);
    return written;
  };
  const closeNow = (): void => void Promise.race([writing, delay(FINISH_MS, undefined, { ref: false })]).then(close);
  io.shutdown.addEventListener('abort', closeNow);
  try {
    return await work(database, finish);
  } finally {
    io.shutdown.removeEventListener('abort', closeNow);
    await close();
  }
}
