import { ExplainedError } from '../yaml/explainedError.js';

/** The settings of the database contradict each other, are wrong, or name a file that cannot be used; no secret is in it. */
export class DatabaseSettingsError extends ExplainedError {
  override readonly name = 'DatabaseSettingsError';
}

/** libpq's parameters that the program knows how to follow, with their variables (fe-connect.c of PostgreSQL 18). */
const FOLLOWED = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  passfile: 'PGPASSFILE',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
  fallback_application_name: null,
  keepalives_idle: null,
  sslmode: 'PGSSLMODE',
  sslnegotiation: 'PGSSLNEGOTIATION',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslpassword: null,
  sslrootcert: 'PGSSLROOTCERT',
  sslcrl: 'PGSSLCRL',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
  channel_binding: 'PGCHANNELBINDING',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  load_balance_hosts: 'PGLOADBALANCEHOSTS',
} as const satisfies Record<string, string | null>;

export type ConnectionKey = keyof typeof FOLLOWED;

/** Connection parameters by their libpq names, as texts; what is not given is absent. */
export type ConnectionTexts = Partial<Record<ConnectionKey, string>>;

export const CONNECTION_KEYS: readonly ConnectionKey[] = Object.keys(FOLLOWED).filter(isConnectionKey);

/** The variable of a parameter; null where libpq has none. */
export function variableOf(key: ConnectionKey): string | null {
  return FOLLOWED[key];
}

export function isConnectionKey(key: string): key is ConnectionKey {
  return Object.hasOwn(FOLLOWED, key);
}

interface Refused {
  readonly variable: string | null;
  /** Values that ask for nothing that the driver does not do anyway. */
  readonly harmless: RegExp;
}

/** libpq's other parameters: the driver cannot do what they ask for, and nothing is ignored in silence. */
export const REFUSED: Readonly<Record<string, Refused>> = {
  service: { variable: 'PGSERVICE', harmless: /^$/ },
  // Without a service it is read for nothing.
  servicefile: { variable: null, harmless: /^/ },
  client_encoding: { variable: 'PGCLIENTENCODING', harmless: /^(auto|utf-?8|unicode|)$/i },
  keepalives: { variable: null, harmless: /^1?$/ },
  keepalives_interval: { variable: null, harmless: /^0?$/ },
  keepalives_count: { variable: null, harmless: /^0?$/ },
  tcp_user_timeout: { variable: null, harmless: /^0?$/ },
  sslcompression: { variable: 'PGSSLCOMPRESSION', harmless: /^0?$/ },
  sslcertmode: { variable: 'PGSSLCERTMODE', harmless: /^(allow|)$/ },
  sslcrldir: { variable: 'PGSSLCRLDIR', harmless: /^$/ },
  sslsni: { variable: 'PGSSLSNI', harmless: /^1?$/ },
  sslkeylogfile: { variable: null, harmless: /^$/ },
  requirepeer: { variable: 'PGREQUIREPEER', harmless: /^$/ },
  require_auth: { variable: 'PGREQUIREAUTH', harmless: /^$/ },
  gssencmode: { variable: 'PGGSSENCMODE', harmless: /^(disable|prefer)$/ },
  krbsrvname: { variable: 'PGKRBSRVNAME', harmless: /^(postgres|)$/ },
  gsslib: { variable: 'PGGSSLIB', harmless: /^$/ },
  gssdelegation: { variable: 'PGGSSDELEGATION', harmless: /^0?$/ },
  replication: { variable: null, harmless: /^(false|off|no|0|)$/ },
  min_protocol_version: { variable: 'PGMINPROTOCOLVERSION', harmless: /^(3\.0|)$/ },
  max_protocol_version: { variable: 'PGMAXPROTOCOLVERSION', harmless: /^(3\.0|3\.2|latest|)$/ },
  scram_client_key: { variable: null, harmless: /^$/ },
  scram_server_key: { variable: null, harmless: /^$/ },
  oauth_issuer: { variable: null, harmless: /^$/ },
  oauth_client_id: { variable: null, harmless: /^$/ },
  oauth_client_secret: { variable: null, harmless: /^$/ },
  oauth_scope: { variable: null, harmless: /^$/ },
};
