import { writeFile } from 'node:fs/promises';
import type { ClientBase } from 'pg';
import type { Logger } from 'pino';
import { databaseSettings } from '../src/config/databaseSettings.js';
import { readEnvironment } from '../src/config/environment.js';
import type { ConnectionSettings } from '../src/config/connectionSettings.js';
import { describeDatabaseError } from '../src/database/databaseError.js';
import { connectClient } from '../src/database/openSession.js';
import { addDemoDays } from './addDemoDays.js';
import { fillDemoDatabase } from './fillDemoDatabase.js';
import { fillDemoHistory } from './fillDemoHistory.js';
import { startHeart } from './startHeart.js';
import { BackfillError } from '../src/kpi/history/backfillHistory.js';
import { loadConfiguration } from '../src/app/loadConfiguration.js';
import type { Configuration, ConfigPaths } from '../src/app/loadConfiguration.js';
import { presentMoment } from '../src/kpi/unit/moment.js';
import { aborted, EXIT_OK } from '../src/app/io.js';
import type { Io } from '../src/app/io.js';

export interface DemoDatabaseOptions {
  readonly paths: ConfigPaths;
  /** Written at every heartbeat, for a health check of the process; null: none. */
  readonly heartbeatFile: string | null;
}

/**
 * `portfolio-exporter demo --database-only`: loads the demo portfolio into the database of DATABASE_URL and stands in for
 * its writers until it is asked to end; the exporter is another process. The role must own the tables. Throws
 * PortfolioNotEmptyError where the database has ventures of its own, DatabaseSettingsError, and pg errors.
 */
export async function runDemoDatabase(options: DemoDatabaseOptions, io: Io, log: Logger): Promise<number> {
  const configuration = await loadConfiguration(options.paths);
  const settings = databaseSettings(readEnvironment(io.env), configuration.exporter.database);
  const { timeZone } = configuration.settings;
  const load = async (): Promise<'loaded' | 'found'> => {
    const found = await fill(settings, timeZone);
    await fillHistory(settings, configuration, io.shutdown, log);
    return found;
  };
  // What waits for a server that does not answer need not hear of the end: the portfolio is loaded in one transaction.
  const found = await Promise.race([load(), aborted(io.shutdown)]);
  if (found === undefined || io.shutdown.aborted) return EXIT_OK;

  let day = '';
  const heart = startHeart(
    settings,
    (error) => log.warn({ reason: describeDatabaseError(error) }, 'demo heartbeat failed'),
    {
      // Writers that start again are heard of again, however long they were away.
      lastBeat: new Date(0),
      async onBeat(client) {
        if (options.heartbeatFile !== null) await writeFile(options.heartbeatFile, '');
        const moment = await presentMoment(client, timeZone);
        if (moment.asOf === day) return;
        await addDemoDays(client, moment);
        day = moment.asOf;
      },
    },
  );
  io.stdout(
    found === 'loaded'
      ? 'the demo portfolio is loaded; its writers are alive until this ends\n'
      : 'the demo portfolio was there already and nothing was loaded; its writers are alive until this ends\n',
  );
  await aborted(io.shutdown);
  await heart.stop();
  return EXIT_OK;
}

function fill(settings: ConnectionSettings, timeZone: string): Promise<'loaded' | 'found'> {
  return withClient(settings, (client) => fillDemoDatabase(client, timeZone));
}

/** A portfolio that somebody has changed since may have a KPI that fails: no reason to let its writers die. */
async function fillHistory(
  settings: ConnectionSettings,
  configuration: Configuration,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  try {
    await fillDemoHistory(settings, configuration, signal);
  } catch (error) {
    if (!(error instanceof BackfillError)) throw error;
    log.warn({ reason: error.message }, 'the history of the demo portfolio is incomplete');
  }
}

async function withClient<T>(settings: ConnectionSettings, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await connectClient(settings);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
