import { setMaxListeners } from 'node:events';
import { Socket } from 'node:net';
import pLimit from 'p-limit';
import { Client, Pool } from 'pg';
import type { ClientBase, ClientConfig, PoolClient } from 'pg';
import { connectionSettings } from '../config/connectionSettings.js';
import type { ConnectionAttempt, ServerSettings } from '../config/connectionSettings.js';
import { ExplainedError } from '../yaml/explainedError.js';
import { ConnectionError } from './connectionError.js';
import { openSession, prepareClient } from './openSession.js';

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

export interface DatabaseOptions {
  readonly settings: ServerSettings;
  readonly maxConnections: number;
  /** Longest wait for a connection where pg's settings name none, in ms. */
  readonly connectTimeoutMs?: number;
  /** Instead of the settings' own. */
  readonly applicationName?: string;
  /** How long the client itself waits for an answer where the query names no other limit, in ms. */
  readonly queryTimeoutMs?: number;
  /** Told of connections that broke while idle; they are replaced by themselves. */
  readonly onIdleError: (error: Error) => void;
}

/** Long for any query but a KPI's, which names its own limit. */
const QUERY_TIMEOUT_MS = 30_000;

/** How long a connection may take to say goodbye; one that is still being made, or whose peer is gone, never does. */
const GOODBYE_MS = 200;

/** Opens nothing yet: the first `withClient` connects. Throws ConnectionError, and pg errors of the work. */
export function createDatabase(options: DatabaseOptions): Database {
  const settings = connectionSettings({ connectionTimeoutMillis: options.connectTimeoutMs, ...options.settings });
  const sockets = new Set<Socket>();
  const common: ClientConfig = {
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      return socket.once('close', () => sockets.delete(socket));
    },
    application_name: 'portfolio-exporter',
    connectionTimeoutMillis: settings.connectTimeoutMs,
    query_timeout: options.queryTimeoutMs ?? QUERY_TIMEOUT_MS,
    keepAlive: true,
  };
  const named = options.applicationName === undefined ? {} : { application_name: options.applicationName };
  // The pool makes its client in the same breath in which it is asked for a connection and has none idle.
  let next: { config: ClientConfig; attempt: ConnectionAttempt } | undefined;
  class PooledClient extends Client {
    constructor() {
      super({ ...common, ...next?.config, ...named });
      if (next !== undefined) prepareClient(this, next.attempt);
    }
  }
  const pool = new Pool({
    Client: PooledClient,
    max: options.maxConnections,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    idleTimeoutMillis: 60_000,
  });
  pool.on('error', (error) => {
    // A server that stops right after the exporter is no news.
    if (!pool.ending) options.onIdleError(error);
  });
  const acquire = (): Promise<PoolClient> =>
    pool.idleCount > 0
      ? pool.connect()
      : openSession(settings, {
          connect: (config, attempt) => {
            next = { config, attempt };
            return pool.connect();
          },
          close: (client) => client.release(true),
        });
  const turns = createTurns(options.maxConnections);
  const closing = new AbortController();
  // Every connection in use listens; one more would be one that was not taken off.
  setMaxListeners(options.maxConnections, closing.signal);
  return {
    withClient(work, { purpose = 'real_time', onTurn } = {}) {
      const askedAt = performance.now();
      return turns[purpose](() => {
        onTurn?.(performance.now() - askedAt);
        return useClient(acquire, work, closing.signal);
      });
    },
    async close() {
      const ended = pool.end();
      closing.abort();
      const goodbye = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
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
