import type { ClientConfig } from 'pg';
import type { ConnectionKey } from './connectionOptions.js';

export const TARGET_SESSION_ATTRS = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
export type TargetSessionAttrs = (typeof TARGET_SESSION_ATTRS)[number];

/** What a person calls a parameter, by where it is said: `PGSSLMODE`, or `sslmode of DATABASE_URL`. */
export type NameOf = (key: ConnectionKey) => string;

/** One way to one server. */
export interface ConnectionAttempt {
  readonly isEncrypted: boolean;
  /** Tried only where the server was reached by the attempt before this one and refused it (`sslmode` prefer and allow). */
  readonly isSecondChoice: boolean;
  /** channel_binding=require: no session without SCRAM-SHA-256-PLUS. */
  readonly requiresChannelBinding: boolean;
  /** Where a parameter is said, such as `PGSSLMODE`; absent for a server of the program's own. */
  readonly nameOf?: NameOf;
  /** How to connect, read anew for each connection: certificates are rotated. Throws DatabaseSettingsError. */
  readonly open: () => ClientConfig;
}

/** How to get a session: attempts in order, as libpq makes them. */
export interface ConnectionSettings {
  readonly attempts: readonly ConnectionAttempt[];
  readonly targetSessionAttrs: TargetSessionAttrs;
  /** For each attempt, in ms. */
  readonly connectTimeoutMs: number;
}

/** What the program is given: the settings of an operator, or of a server of its own that needs no more than pg's. */
export type ServerSettings = ConnectionSettings | ClientConfig;

const CONNECT_TIMEOUT_MS = 5_000;

/** One attempt where the settings are those of pg. */
export function connectionSettings(settings: ServerSettings): ConnectionSettings {
  if ('attempts' in settings) return settings;
  const attempt: ConnectionAttempt = {
    isEncrypted: (settings.ssl ?? false) !== false,
    isSecondChoice: false,
    requiresChannelBinding: false,
    open: () => settings,
  };
  return {
    attempts: [attempt],
    targetSessionAttrs: 'any',
    connectTimeoutMs: settings.connectionTimeoutMillis ?? CONNECT_TIMEOUT_MS,
  };
}
