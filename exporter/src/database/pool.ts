import { Pool } from 'pg';
import type { ClientBase, ClientConfig } from 'pg';

/** What the rest of the program needs of a database: a connection for the time of one piece of work. */
export interface Database {
  /** Runs `work` on a connection of its own; a connection on which `work` failed is closed, not used again. */
  withClient<T>(work: (client: ClientBase) => Promise<T>): Promise<T>;
  /** Closes every connection; work that still holds one fails as if the connection were lost. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly settings: ClientConfig;
  readonly maxConnections: number;
  /** Longest wait for a connection where `settings` names none, in ms. */
  readonly connectTimeoutMs: number;
  /** How long the client itself waits for an answer where the query names no other limit, in ms. */
  readonly queryTimeoutMs?: number;
  /** Told of connections that broke while idle; they are replaced by themselves. */
  readonly onIdleError: (error: Error) => void;
}

/** Long for any query but a KPI's, which names its own limit. */
const QUERY_TIMEOUT_MS = 30_000;

/** Opens nothing yet: the first `withClient` connects. Errors are those of pg. */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = new Pool({
    ...options.settings,
    max: options.maxConnections,
    connectionTimeoutMillis: options.settings.connectionTimeoutMillis ?? options.connectTimeoutMs,
    query_timeout: options.queryTimeoutMs ?? QUERY_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: options.settings.application_name ?? 'portfolio-exporter',
  });
  pool.on('error', (error) => {
    // A server that stops right after the exporter is no news.
    if (!pool.ending) options.onIdleError(error);
  });
  const turns = createTurns(options.maxConnections);
  const closing = new AbortController();
  return {
    async withClient(work) {
      await turns.take();
      try {
        return await useClient(pool, work, closing.signal);
      } finally {
        turns.pass();
      }
    },
    close() {
      const ended = pool.end();
      closing.abort();
      return ended;
    },
  };
}

async function useClient<T>(pool: Pool, work: (client: ClientBase) => Promise<T>, closing: AbortSignal): Promise<T> {
  const client = await pool.connect();
  // The pool listens to idle clients only. A connection that breaks while it is in use fails the query under way and is
  // emitted as well; without a listener that would end the process.
  const ignore = (): void => undefined;
  client.on('error', ignore);
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
    if (closing.aborted) throw new Error('Connection terminated');
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    closing.removeEventListener('abort', disconnect);
    // After a failure its state is unknown (a transaction open, a reply outstanding): cheaper to connect again than to guess.
    release(failed);
    client.off('error', ignore);
  }
}

interface Turns {
  take(): Promise<void>;
  /** Gives the turn to whoever has waited longest. */
  pass(): void;
}

/** The pool's own queue counts waiting as a failure to connect: a busy database would be taken for one that is down. */
function createTurns(limit: number): Turns {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async take() {
      if (taken < limit) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    pass() {
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}
