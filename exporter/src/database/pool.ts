import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { ClientBase, PoolClient } from 'pg';
import { ExplainedError } from '../yaml/explainedError.js';
import { ConnectionError } from './connectionError.js';
import { SessionPool, type SessionPoolOptions } from './sessionPool.js';

/** What the rest of the program needs of a database: a connection for the time of one piece of work. */
export interface Database {
  /** Runs `work` on a connection of its own; a connection on which `work` failed is closed, not used again. */
  withClient<T>(work: (client: ClientBase) => Promise<T>, turn?: Turn): Promise<T>;
  /** Closes every connection; work that still holds one fails as if the connection were lost. */
  close(): Promise<void>;
}

/**
 * What a connection is for. `scheduled` work may take minutes, `real_time` work is short, `record` is a write: scheduled work
 * leaves one connection to the records, both leave one to real-time work, so that nothing waits for the slow.
 */
export type Purpose = 'real_time' | 'scheduled' | 'record';

export interface Turn {
  /** Left out: `real_time`. */
  readonly purpose?: Purpose;
  /** Told how long the work has waited for a connection to be free, when it begins. */
  readonly onTurn?: (waitedMs: number) => void;
}

/** How long a connection may take to say goodbye; one that is still being made, or whose peer is gone, never does. */
const GOODBYE_MS = 200;

/** Opens nothing yet: the first `withClient` connects. Throws ConnectionError, and pg errors of the work. */
export function createDatabase(options: SessionPoolOptions): Database {
  const pool = new SessionPool(options);
  const turns = createTurns(options.maxConnections);
  const closing = new AbortController();
  // Every connection in use listens; one more would be one that was not taken off.
  setMaxListeners(options.maxConnections, closing.signal);
  return {
    withClient(work, { purpose = 'real_time', onTurn } = {}) {
      const askedAt = performance.now();
      return turns[purpose](() => {
        onTurn?.(performance.now() - askedAt);
        return useClient(() => pool.connect(), work, closing.signal);
      });
    },
    async close() {
      const ended = pool.end();
      closing.abort();
      const goodbye = setTimeout(() => {
        pool.disconnect();
      }, GOODBYE_MS);
      await ended;
      clearTimeout(goodbye);
    },
  };
}

async function useClient<T>(
  acquire: () => Promise<PoolClient>,
  work: (client: ClientBase) => Promise<T>,
  closing: AbortSignal,
): Promise<T> {
  const client = await acquire();
  // A connection that breaks while it is in use fails the query under way and is emitted as well.
  let lost: Error | undefined;
  const onLost = (error: Error): void => {
    lost ??= error;
  };
  client.on('error', onLost);
  let isReleased = false;
  const release = (failed: boolean): void => {
    if (!isReleased) client.release(failed);
    isReleased = true;
  };
  // Released as failed it is disconnected at once, and its query rejects.
  const disconnect = (): void => release(true);
  closing.addEventListener('abort', disconnect);
  let failed = true;
  try {
    // Connected while everything was being closed: the signal has been given before.
    if (closing.aborted) throw new ConnectionError('Connection terminated');
    const result = await work(client);
    failed = false;
    return result;
  } catch (error) {
    // The work may break a connection on purpose, with the reason for it.
    if (lost !== undefined && error === lost && !(error instanceof ExplainedError))
      throw new ConnectionError(lost.message, { cause: error });
    throw error;
  } finally {
    closing.removeEventListener('abort', disconnect);
    // After a failure its state is unknown (a transaction open, a reply outstanding): cheaper to connect again than to guess.
    release(failed);
    client.off('error', onLost);
  }
}

type Turns = Readonly<Record<Purpose, <T>(work: () => Promise<T>) => Promise<T>>>;

/**
 * Whoever has waited longest is next, within what its purpose leaves to the others. Not the pool's own queue, which counts
 * waiting as a failure to connect: a busy database would be taken for one that is down.
 */
function createTurns(connections: number): Turns {
  const every = pLimit(connections);
  const patient = pLimit(Math.max(1, connections - 1));
  const slow = pLimit(Math.max(1, connections - 2));
  return {
    real_time: (work) => every(work),
    record: (work) => patient(() => every(work)),
    scheduled: (work) => slow(() => patient(() => every(work))),
  };
}
