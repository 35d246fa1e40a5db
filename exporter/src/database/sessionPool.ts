import { Socket } from 'node:net';
import { Client, Pool } from 'pg';
import type { ClientConfig, PoolClient } from 'pg';
import { connectionSettings } from '../config/connectionSettings.js';
import type { ConnectionAttempt, ServerSettings } from '../config/connectionSettings.js';
import { openSession, prepareClient } from './openSession.js';

export interface SessionPoolOptions {
  readonly settings: ServerSettings;
  readonly maxConnections: number;
  /** Longest wait for a connection where pg's settings name none, in ms. */
  readonly connectTimeoutMs?: number;
  /** Instead of the settings' own. */
  readonly applicationName?: string;
  /** How long the client itself waits for an answer where the query names no other limit, in ms. */
  readonly queryTimeoutMs?: number;
  /** After this time a connection is replaced when it is idle; left out: never. */
  readonly maxLifetimeSeconds?: number;
  /** Told of connections that broke while idle; they are replaced by themselves. */
  readonly onIdleError: (error: Error) => void;
}

/** Long for any query but a KPI's, which names its own limit. */
const QUERY_TIMEOUT_MS = 30_000;

type OnConnect = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (release?: boolean | Error) => void,
) => void;

/** A pool of pg whose connections are opened as the settings say: hosts in turn, secrets read anew. */
export class SessionPool extends Pool {
  readonly #sockets = new Set<Socket>();
  readonly #open: () => Promise<PoolClient>;

  constructor(options: SessionPoolOptions) {
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
    super({
      Client: PooledClient,
      max: options.maxConnections,
      connectionTimeoutMillis: settings.connectTimeoutMs,
      idleTimeoutMillis: 60_000,
      ...(options.maxLifetimeSeconds === undefined ? {} : { maxLifetimeSeconds: options.maxLifetimeSeconds }),
    });
    this.#sockets = sockets;
    this.#open = () =>
      openSession(settings, {
        connect: (config, attempt) => {
          next = { config, attempt };
          return super.connect();
        },
        close: (client) => client.release(true),
      });
    this.on('error', (error) => {
      // A server that stops right after the exporter is no news.
      if (!this.ending) options.onIdleError(error);
    });
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: OnConnect): void;
  override connect(callback?: OnConnect): Promise<PoolClient> | void {
    const connected = this.idleCount > 0 ? super.connect() : this.#open();
    if (callback === undefined) return connected;
    connected.then(
      (client) => callback(undefined, client, (failed) => client.release(failed)),
      (error: unknown) =>
        callback(error instanceof Error ? error : new Error(String(error)), undefined, () => undefined),
    );
  }

  /** Cuts every connection, also one that is still being made. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
