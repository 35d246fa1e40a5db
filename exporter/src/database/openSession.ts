import { Client, DatabaseError } from 'pg';
import type { ClientBase, ClientConfig } from 'pg';
import { connectionSettings } from '../config/connectionSettings.js';
import type { ConnectionAttempt, ConnectionSettings, TargetSessionAttrs } from '../config/connectionSettings.js';
import type { ServerSettings } from '../config/connectionSettings.js';
import { ConnectionError, explainAttempt, isUnreached } from './connectionError.js';

export interface SessionMaker<C extends ClientBase> {
  /** Connects one client made by {@link prepareClient} of this configuration. */
  readonly connect: (config: ClientConfig, attempt: ConnectionAttempt) => Promise<C>;
  /** Closes a session on a server that does not fit target_session_attrs. */
  readonly close: (client: C) => unknown;
}

/**
 * The first session that the settings lead to, as libpq finds it: the next host is tried where one is not reached, still
 * starting, or does not fit target_session_attrs; any other refusal is the answer.
 * @throws {ConnectionError} always: whatever fails before there is a session
 */
export async function openSession<C extends ClientBase>(
  settings: ConnectionSettings,
  maker: SessionMaker<C>,
): Promise<C> {
  const reasons = new Set<string>();
  // prefer-standby looks for a standby first and then takes what there is.
  const wishes: TargetSessionAttrs[] =
    settings.targetSessionAttrs === 'prefer-standby' ? ['standby', 'any'] : [settings.targetSessionAttrs];
  for (const wish of wishes) {
    let before: unknown = null;
    for (const [index, attempt] of settings.attempts.entries()) {
      if (attempt.isSecondChoice && (before === null || isUnreached(before))) continue;
      try {
        const client = await maker.connect(attempt.open(), attempt);
        if (await fits(client, wish)) return client;
        await maker.close(client);
        reasons.add(`a server is not ${wish} (target_session_attrs)`);
        before = null;
      } catch (error) {
        before = error;
        const hasSecondChoice = settings.attempts[index + 1]?.isSecondChoice === true;
        // sslmode=prefer takes that for an answer.
        if (!hasSecondChoice || !isWithoutTls(error)) reasons.add(explainAttempt(error, attempt));
        const isRefused = !isUnreached(error) && !(error instanceof DatabaseError && error.code === STARTING);
        if (isRefused && !hasSecondChoice) throw failure(reasons, error);
      }
    }
  }
  throw failure(reasons, undefined);
}

/** A single client with a session. Its owner listens to `error`; throws {@link ConnectionError}. */
export function connectClient(server: ServerSettings, options: ClientConfig = {}): Promise<Client> {
  const settings = connectionSettings(server);
  return openSession(settings, {
    connect: async (config, attempt) => {
      const client = new Client({ ...config, connectionTimeoutMillis: settings.connectTimeoutMs, ...options });
      prepareClient(client, attempt);
      await client.connect();
      return client;
    },
    close: (client) => client.end(),
  });
}

/** The driver has no code for it. */
function isWithoutTls(error: unknown): boolean {
  return error instanceof Error && error.message === 'The server does not support SSL connections';
}

/** cannot_connect_now. */
const STARTING = '57P03';

/** To be called before a client connects. */
export function prepareClient(client: Client, attempt: ConnectionAttempt): void {
  // A lost connection also fails the query that waits; without a listener it would end the process.
  client.on('error', () => undefined);
  const { connection } = client;
  // A password that cannot be read leaves the driver waiting with the socket open until the server gives up.
  connection.on('error', () => connection.stream.destroy());
  if (!attempt.requiresChannelBinding) return;
  let isBound = false;
  const refuse = (): void => {
    connection.stream.destroy(new ConnectionError('channel_binding=require, but the server does not offer it'));
  };
  connection.on('authenticationSASL', ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
    isBound = attempt.isEncrypted && mechanisms.includes('SCRAM-SHA-256-PLUS');
    if (!isBound) refuse();
  });
  connection.on('authenticationCleartextPassword', refuse);
  connection.on('authenticationMD5Password', refuse);
  connection.on('authenticationOk', () => {
    if (!isBound) refuse();
  });
}

/** Whether the session is on a server of that kind. */
export async function fits(client: ClientBase, wish: TargetSessionAttrs): Promise<boolean> {
  if (wish === 'any') return true;
  const { rows } = await client.query<{ standby: boolean; read_only: boolean }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS standby,
            pg_catalog.current_setting('transaction_read_only')::boolean AS read_only`,
  );
  const { standby = false, read_only: readOnly = false } = rows[0] ?? {};
  switch (wish) {
    case 'read-write':
      return !readOnly;
    case 'read-only':
      return readOnly;
    case 'primary':
      return !standby;
    default:
      return standby;
  }
}

function failure(reasons: ReadonlySet<string>, cause: unknown): ConnectionError {
  return new ConnectionError([...reasons].join(', '), { cause });
}
