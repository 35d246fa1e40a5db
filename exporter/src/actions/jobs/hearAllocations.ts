import type { Logger } from 'pino';
import type { ServerSettings } from '../../config/connectionSettings.js';
import { type ChangeListener, startChangeListener } from '../../database/changeListener.js';
import { describeDatabaseError } from '../../database/databaseError.js';
import type { Database } from '../../database/pool.js';
import type { RetryDelays } from '../../database/retryDelay.js';
import { addJob } from './addJob.js';

export interface HearAllocationsOptions {
  readonly settings: ServerSettings;
  readonly connectTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly retry: RetryDelays;
  readonly database: Database;
  readonly log: Logger;
}

/** What conflicts are made of. */
const TABLES = new Set(['venture_resource_allocations', 'ventures']);

/**
 * Looks for conflicts as soon as an allocation changes, and once whenever changes may have been missed; each minute finds them all the
 * same. However many changes there are, one job waits at most.
 */
export function hearAllocations({ database, log, ...options }: HearAllocationsOptions): ChangeListener {
  let isAsked = false;
  const ask = async (): Promise<void> => {
    // One that has not reached the database answers this change too: the job sees what was committed before it.
    if (isAsked) return;
    isAsked = true;
    try {
      await database.withClient((client) => {
        isAsked = false;
        return addJob(client, 'detect_conflicts', {}, { key: 'detect_conflicts', queue: 'detect_conflicts' });
      });
    } catch (error) {
      isAsked = false;
      log.debug({ reason: describeDatabaseError(error) }, 'conflicts are looked for at the next full minute');
    }
  };
  return startChangeListener({
    ...options,
    onChange: (table) => {
      if (TABLES.has(table)) void ask();
    },
    onListening: () => {
      log.info('listening for changes of allocations');
      void ask();
    },
    onError: (error, isNew) => {
      const reason = describeDatabaseError(error);
      if (isNew) log.warn({ reason }, 'changes of allocations are found each minute only; trying again');
    },
  });
}
