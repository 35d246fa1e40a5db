import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ServerSettings } from '../config/connectionSettings.js';
import { moved } from './clockStep.js';
import type { ClockStep } from './clockStep.js';
import { ConnectionError } from './connectionError.js';
import { describeDatabaseError } from './databaseError.js';
import { connectClient } from './openSession.js';
import { retryDelay } from './retryDelay.js';
import type { RetryDelays } from './retryDelay.js';
import { refuseStandby } from './standby.js';

/** The channel of the triggers (sql/repeatable/portfolio_notify_change.sql); the payload is the table's name. */
const CHANNEL = 'portfolio_changes';
/** Where a listener hears of itself. */
const PROOF_CHANNEL = 'portfolio_listening';

export interface ChangeListenerOptions {
  readonly settings: ServerSettings;
  /** Longest wait for an answer, in ms. */
  readonly connectTimeoutMs: number;
  /** How often the connection is proven alive: a peer that vanished without a packet is noticed in about this time. */
  readonly keepAliveMs: number;
  readonly retry: RetryDelays;
  readonly onChange: (table: string) => void;
  /** Each time LISTEN is in force again: changes may have been missed before it. */
  readonly onListening: () => void;
  /** `isNew`: it is not what the try before it said. */
  readonly onError: (error: unknown, isNew: boolean) => void;
}

export interface ChangeListener {
  /** Since when and why nothing is heard; null: LISTEN is in force, or the first try has not ended. */
  trouble(): { readonly since: Date; readonly reason: string } | null;
  /** What has happened keeps its age. */
  clockSet(step: ClockStep): void;
  stop(): Promise<void>;
}

/** Keeps one connection on LISTEN for as long as it runs, connecting again with growing, jittered delays. */
export function startChangeListener(options: ChangeListenerOptions): ChangeListener {
  const stopping = new AbortController();
  let trouble: ReturnType<ChangeListener['trouble']> = null;
  const done = listenForever(
    {
      ...options,
      onListening: () => {
        trouble = null;
        options.onListening();
      },
      onError: (error) => {
        const reason = describeDatabaseError(error);
        const isNew = reason !== trouble?.reason;
        trouble = { since: trouble?.since ?? new Date(), reason };
        options.onError(error, isNew);
      },
    },
    stopping.signal,
  );
  return {
    trouble: () => trouble,
    clockSet(step) {
      trouble &&= { ...trouble, since: moved(trouble.since, step) };
    },
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function listenForever(options: ChangeListenerOptions, signal: AbortSignal): Promise<void> {
  let failures = 0;
  const isStopped = (): boolean => signal.aborted;
  while (!isStopped()) {
    try {
      await listenOnce(options, signal, () => {
        failures = 0;
      });
    } catch (error) {
      if (!isStopped()) options.onError(error, true);
    }
    failures += 1;
    const ceiling = retryDelay(failures, options.retry);
    // Half of the delay is drawn, so that replicas do not come back in step.
    await delay(ceiling * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

/** Returns when stopped, throws when the connection is lost. */
async function listenOnce(options: ChangeListenerOptions, signal: AbortSignal, onConnected: () => void): Promise<void> {
  const isStopped = (): boolean => signal.aborted;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  try {
    const stopped = new Promise<void>((resolve) => {
      onAbort = resolve;
      signal.addEventListener('abort', onAbort);
    });
    const listen = async (): Promise<void> => {
      const session = await connectClient(options.settings, {
        application_name: 'portfolio-exporter listen',
        query_timeout: options.connectTimeoutMs,
        keepAlive: true,
      });
      client = session;
      if (isStopped()) return void session.end();
      const lost = new Promise<never>((_, reject) => {
        session.on('error', reject);
        session.on('end', () => reject(new ConnectionError('Connection terminated')));
        timer = setInterval(() => {
          session.query('SELECT 1').catch(reject);
        }, options.keepAliveMs);
      });
      lost.catch(() => undefined);
      session.on('notification', (message) => {
        if (message.channel === CHANNEL) options.onChange(message.payload ?? '');
      });
      await refuseStandby(
        session,
        ', which refuses LISTEN; fix: connect to the primary, or set database.listen: false',
      );
      await session.query(`LISTEN ${CHANNEL}; LISTEN ${PROOF_CHANNEL}`);
      await Promise.race([proveListening(session, options), lost]);
      if (isStopped()) return;
      onConnected();
      options.onListening();
      await lost;
    };
    // A server that never answers must not hold up the stop.
    await Promise.race([listen(), stopped]);
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', onAbort);
    // A half-open connection never answers the goodbye; do not wait for it.
    await Promise.race([client?.end().catch(() => undefined), delay(1_000, undefined, { ref: false })]);
  }
}

/**
 * Sends the listener one notification over another connection: a pooler in transaction mode accepts LISTEN and gives the
 * session to somebody else, who hears in its place. Over the same connection the answer would come either way.
 */
async function proveListening(listener: Client, { settings, connectTimeoutMs }: ChangeListenerOptions): Promise<void> {
  const token = randomUUID();
  let onHeard = (): void => undefined;
  const heard = new Promise<boolean>((resolve) => {
    onHeard = () => resolve(true);
  });
  listener.on('notification', ({ channel, payload }) => {
    if (channel === PROOF_CHANNEL && payload === token) onHeard();
  });
  const other = await connectClient(settings, {
    application_name: 'portfolio-exporter listen proof',
    query_timeout: connectTimeoutMs,
  });
  try {
    await other.query('SELECT pg_notify($1, $2)', [PROOF_CHANNEL, token]);
  } finally {
    await Promise.race([other.end().catch(() => undefined), delay(1_000, undefined, { ref: false })]);
  }
  if (await Promise.race([heard, delay(connectTimeoutMs, false, { ref: false })])) return;
  throw new Error(
    'LISTEN hears nothing: a pooler in transaction mode stands before the server; ' +
      'fix: connect to the server itself or to a pool in session mode, or set database.listen: false',
  );
}
