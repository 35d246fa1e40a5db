import type { ClientConfig } from 'pg';
import type { ConnectionKey, ConnectionTexts } from './databaseUrl.js';
import { DatabaseSettingsError, parseDatabaseUrl } from './databaseUrl.js';
import type { DatabaseConfig } from './exporterConfig.js';
import type { PasswordTarget } from './passwordSource.js';
import { readPassFile, readSecretFile } from './passwordSource.js';
import { tlsSettings } from './tlsSettings.js';

/** What the program takes from its environment variables; an empty variable counts as not set. */
export interface Environment {
  readonly databaseUrl: string | null;
  /** A file that holds the database URL. */
  readonly databaseUrlFile: string | null;
  /** A file that holds the database password; `database.password_file` of exporter.yaml wins. */
  readonly passwordFile: string | null;
  /** The libpq variables (PGHOST, PGPORT, ...) by their connection parameters. */
  readonly libpq: ConnectionTexts;
  /** PGPASSFILE. */
  readonly passFile: string | null;
  /** PGSERVICE, which is not supported. */
  readonly service: string | null;
  readonly homeDirectory: string | null;
  /** The operating system's user, libpq's default for the database user. */
  readonly systemUser: string | null;
  readonly isCi: boolean;
}

const LIBPQ: Readonly<Record<ConnectionKey, string>> = {
  host: 'PGHOST',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
  connect_timeout: 'PGCONNECT_TIMEOUT',
};

/** Reads the variables of `env` that the program knows; in production `env` is process.env, and nothing else reads it. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const get = (name: string): string | null => (env[name] === '' ? null : (env[name] ?? null));
  const libpq = Object.entries(LIBPQ).flatMap(([key, name]) => {
    const value = get(name);
    return value === null ? [] : [[key, value] as const];
  });
  return {
    databaseUrl: get('DATABASE_URL'),
    databaseUrlFile: get('DATABASE_URL_FILE'),
    passwordFile: get('DATABASE_PASSWORD_FILE'),
    libpq: Object.fromEntries(libpq),
    passFile: get('PGPASSFILE'),
    service: get('PGSERVICE'),
    homeDirectory: get('HOME'),
    systemUser: get('USER') ?? get('LOGNAME'),
    isCi: !['', 'false', '0'].includes(get('CI') ?? ''),
  };
}

/**
 * How to connect, for pg. The URL wins over the libpq variables, part by part. The password is a function, so that
 * no log of the settings shows it and a changed password file counts at the next connection.
 * @throws {DatabaseSettingsError} where the settings contradict each other, lack something or name an unreadable file;
 *   never with a password or a URL in it
 */
export function databaseSettings(environment: Environment, database: DatabaseConfig): ClientConfig {
  const url = urlTexts(environment);
  if (environment.service !== null && url.host === undefined) {
    throw new DatabaseSettingsError('PGSERVICE is not supported: set DATABASE_URL, or PGHOST and PGDATABASE');
  }
  const texts: ConnectionTexts = { ...environment.libpq, ...url };
  const { host, port, user = environment.systemUser ?? undefined } = texts;
  if (host === undefined && texts.dbname === undefined && texts.user === undefined && port === undefined) {
    throw new DatabaseSettingsError('no database is given: set DATABASE_URL, or PGHOST, PGDATABASE and PGUSER');
  }
  if (user === undefined) {
    throw new DatabaseSettingsError('no database user is given: set it in DATABASE_URL or as PGUSER');
  }
  const target: PasswordTarget = {
    host: singleHost(host ?? 'localhost'),
    port: wholeNumber(port ?? '5432', 'port', 65_535),
    user,
    database: texts.dbname ?? user,
  };
  return {
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    password: passwordSource(environment, database.passwordFile ?? environment.passwordFile, url.password, target),
    ssl: tlsSettings(texts),
    application_name: texts.application_name ?? 'portfolio-metrics-exporter',
    connectionTimeoutMillis:
      texts.connect_timeout === undefined
        ? database.connectTimeoutMs
        : wholeNumber(texts.connect_timeout, 'connect_timeout', 86_400) * 1_000,
    ...(texts.options === undefined ? {} : { options: texts.options }),
  };
}

/** `user@host:5432/database`, for logs and error messages. */
export function describeDatabase({ user, host, port, database }: ClientConfig): string {
  return `${user ?? ''}@${host ?? ''}:${port ?? ''}/${database ?? ''}`;
}

function urlTexts({ databaseUrl, databaseUrlFile }: Environment): ConnectionTexts {
  if (databaseUrl !== null && databaseUrlFile !== null) {
    throw new DatabaseSettingsError('both DATABASE_URL and DATABASE_URL_FILE are set: keep one');
  }
  if (databaseUrlFile !== null) {
    return parseDatabaseUrl(readSecretFile(databaseUrlFile).trim(), 'the content of DATABASE_URL_FILE');
  }
  return databaseUrl === null ? {} : parseDatabaseUrl(databaseUrl, 'DATABASE_URL');
}

function passwordSource(
  environment: Environment,
  passwordFile: string | null,
  urlPassword: string | undefined,
  target: PasswordTarget,
): () => string {
  if (passwordFile !== null) {
    if (urlPassword !== undefined) {
      throw new DatabaseSettingsError(`both the database URL and the file ${passwordFile} give a password: keep one`);
    }
    // Once now, so that a missing file is an error at start and not a riddle at the first connection.
    readSecretFile(passwordFile);
    return () => readSecretFile(passwordFile);
  }
  const password = urlPassword ?? environment.libpq.password;
  if (password !== undefined) {
    return () => password;
  }
  return () => {
    const found = readPassFile(environment.passFile, environment.homeDirectory, target);
    if (found === null) {
      throw new DatabaseSettingsError('the server asks for a password, but none is given (see docs/configuration.md)');
    }
    return found;
  };
}

function singleHost(host: string): string {
  if (host.includes(',')) {
    throw new DatabaseSettingsError('several hosts are given; the exporter connects to one');
  }
  return host;
}

function wholeNumber(text: string, name: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) {
    throw new DatabaseSettingsError(`the ${name} must be a whole number up to ${max}`);
  }
  return value;
}
