import { Client } from 'pg';
import type { ClientConfig } from 'pg';

/** The channel of the triggers in sql/migrations/0004_change_notifications.sql; the payload is the table's name. */
const CHANNEL = 'portfolio_changes';

export interface ChangeListenerOptions {
  readonly settings: ClientConfig;
  readonly connectTimeoutMs: number;
  /** How often the connection is proven alive: a peer that vanished without a packet is noticed in about this time. */
  readonly keepAliveMs: number;
  readonly retry: { readonly initialDelayMs: number; readonly maxDelayMs: number };
  readonly onChange: (table: string) => void;
  /** Each time LISTEN is in force again: changes may have been missed before it. */
  readonly onListening: () => void;
  readonly onError: (error: unknown) => void;
}

export interface ChangeListener {
  stop(): Promise<void>;
}

/** Keeps one connection on LISTEN for as long as it runs, connecting again with growing, jittered delays. */
export function startChangeListener(options: ChangeListenerOptions): ChangeListener {
  const stopping = new AbortController();
  const done = listenForever(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function listenForever(options: ChangeListenerOptions, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await listenOnce(options, signal, () => {
        failures = 0;
      });
    } catch (error) {
      if (signal.aborted) return;
      options.onError(error);
    }
    const ceiling = Math.min(options.retry.maxDelayMs, options.retry.initialDelayMs * 2 ** failures);
    failures += 1;
    await pause(ceiling * (0.5 + Math.random() / 2), signal);
  }
}

/** Returns when stopped, throws when the connection is lost. */
async function listenOnce(options: ChangeListenerOptions, signal: AbortSignal, onConnected: () => void): Promise<void> {
  const client = new Client({
    ...options.settings,
    application_name: 'portfolio-exporter listen',
    connectionTimeoutMillis: options.connectTimeoutMs,
    query_timeout: options.connectTimeoutMs,
    keepAlive: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const lost = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('Connection terminated')));
      timer = setInterval(() => {
        client.query('SELECT 1').catch(reject);
      }, options.keepAliveMs);
    });
    lost.catch(() => undefined);
    client.on('notification', (message) => {
      if (message.channel === CHANNEL) options.onChange(message.payload ?? '');
    });
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    onConnected();
    options.onListening();
    await Promise.race([lost, aborted(signal)]);
  } finally {
    clearInterval(timer);
    // A half-open connection never answers the goodbye; do not wait for it.
    await Promise.race([client.end().catch(() => undefined), pause(1_000, signal)]);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
