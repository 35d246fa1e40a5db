import { homedir, userInfo } from 'node:os';
import type { ConnectionKey, ConnectionTexts } from './connectionOptions.js';
import { CONNECTION_KEYS, REFUSED, variableOf } from './connectionOptions.js';

/** What the program takes from its environment variables; an empty variable counts as not set. */
export interface Environment {
  readonly databaseUrl: string | null;
  /** A file that holds the database URL. */
  readonly databaseUrlFile: string | null;
  /** Where KPI SQL reads, in place of the database: standbys. */
  readonly readUrl: string | null;
  readonly readUrlFile: string | null;
  /** A file that holds the database password; `database.password_file` of exporter.yaml wins. */
  readonly passwordFile: string | null;
  /** The libpq variables (PGHOST, PGPORT, ...) by their connection parameters. */
  readonly libpq: ConnectionTexts;
  /** Settings of a session that libpq has variables for: PGTZ, PGDATESTYLE, PGGEQO. */
  readonly sessionOptions: readonly string[];
  /** libpq variables that ask for what is not supported. */
  readonly refused: readonly string[];
  readonly homeDirectory: string | null;
  /** The file of the system's certificate authorities, where OpenSSL is told of one. */
  readonly systemCertificates: string | null;
  /** The operating system's user, libpq's default for the database user. */
  readonly systemUser: string | null;
  readonly isCi: boolean;
}

/** As libpq sends them (EnvironmentOptions in fe-connect.c). */
const SESSION_VARIABLES = [
  ['PGDATESTYLE', 'datestyle'],
  ['PGTZ', 'timezone'],
  ['PGGEQO', 'geqo'],
] as const;

/** Reads the variables of `env` that the program knows; in production `env` is process.env, and nothing else reads it. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const get = (name: string): string | null => (env[name] === '' ? null : (env[name] ?? null));
  const libpq = CONNECTION_KEYS.flatMap((key): [ConnectionKey, string][] => {
    const variable = variableOf(key);
    const value = variable === null ? null : get(variable);
    return value === null ? [] : [[key, value]];
  });
  return {
    databaseUrl: get('DATABASE_URL'),
    databaseUrlFile: get('DATABASE_URL_FILE'),
    readUrl: get('DATABASE_READ_URL'),
    readUrlFile: get('DATABASE_READ_URL_FILE'),
    passwordFile: get('DATABASE_PASSWORD_FILE'),
    libpq: Object.fromEntries(libpq),
    sessionOptions: SESSION_VARIABLES.flatMap(([variable, name]) => {
      const value = get(variable);
      return value === null || value.toLowerCase() === 'default' ? [] : [`-c ${name}=${escapeOption(value)}`];
    }),
    refused: Object.values(REFUSED).flatMap(({ variable, harmless }) =>
      variable !== null && !harmless.test(get(variable) ?? '') && get(variable) !== null ? [variable] : [],
    ),
    homeDirectory: get('HOME') ?? systemHome(),
    systemCertificates: get('SSL_CERT_FILE'),
    systemUser: systemUser(),
    isCi: !['', 'false', '0'].includes(get('CI') ?? ''),
  };
}

/** Backslash and space, as the server splits `options`. */
function escapeOption(value: string): string {
  return value.replace(/[\\\s]/g, (letter) => `\\${letter}`);
}

/** A container's user may have no name. */
function systemUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

function systemHome(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}
