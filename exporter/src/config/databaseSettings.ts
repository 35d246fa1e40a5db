import type { ClientConfig } from 'pg';
import type { ConnectionKey, ConnectionTexts } from './connectionOptions.js';
import { variableOf } from './connectionOptions.js';
import type { ConnectionAttempt, ConnectionSettings, NameOf } from './connectionSettings.js';
import { TARGET_SESSION_ATTRS } from './connectionSettings.js';
import { parseConnectionString } from './connectionString.js';
import { DatabaseSettingsError } from './connectionOptions.js';
import type { Environment } from './environment.js';
import type { DatabaseConfig } from './exporterConfig.js';
import { readPassFile, readSecretFile } from './passwordSource.js';
import type { Place } from './places.js';
import { places } from './places.js';
import { sslMode, tlsOptions } from './tlsSettings.js';

const APPLICATION_NAME = 'portfolio-metrics-exporter';

/**
 * How to connect. The URL wins over the libpq variables, part by part. Files of passwords and certificates are read at each
 * connection: a rotated secret needs no restart, and a file that is missing is an outage like any other.
 * @throws {DatabaseSettingsError} where the settings contradict each other, lack something or ask for what is not
 *   supported; never with a password or a URL in it
 */
export function databaseSettings(environment: Environment, database: DatabaseConfig): ConnectionSettings {
  const [variable] = environment.refused;
  if (variable !== undefined) throw new DatabaseSettingsError(`${variable} is set to what is not supported`);
  const url = urlTexts(environment);
  const texts: ConnectionTexts = { ...environment.libpq, ...url };
  if (['host', 'hostaddr', 'port', 'dbname', 'user'].every((key) => !Object.hasOwn(texts, key))) {
    throw new DatabaseSettingsError('no database is given: set DATABASE_URL, or PGHOST, PGDATABASE and PGUSER');
  }
  const user = texts.user ?? environment.systemUser;
  if (user === null) {
    throw new DatabaseSettingsError('no database user is given: set it in DATABASE_URL or as PGUSER');
  }
  const passwordFile = passwordFileOf(environment, database, url.password);
  const nameOf: NameOf = (key) => {
    if (key === 'password' && passwordFile !== null) return passwordFile.setting;
    return Object.hasOwn(url, key) ? `${key} of DATABASE_URL` : (variableOf(key) ?? key);
  };
  const common: Common = {
    texts,
    environment,
    user,
    database: texts.dbname === undefined || texts.dbname === '' ? user : texts.dbname,
    passwordFile,
    nameOf,
  };
  const balance = oneOf(texts, 'load_balance_hosts', ['disable', 'random']);
  const servers = places(texts);
  return {
    attempts: (balance === 'random' ? shuffled(servers) : servers).flatMap((place) => attemptsAt(place, common)),
    targetSessionAttrs: oneOf(texts, 'target_session_attrs', TARGET_SESSION_ATTRS),
    connectTimeoutMs: connectTimeout(texts) ?? database.connectTimeoutMs,
  };
}

interface PasswordFile {
  readonly file: string;
  readonly setting: string;
}

interface Common {
  readonly texts: ConnectionTexts;
  readonly environment: Environment;
  readonly user: string;
  readonly database: string;
  readonly passwordFile: PasswordFile | null;
  readonly nameOf: NameOf;
}

function attemptsAt(place: Place, common: Common): ConnectionAttempt[] {
  const { texts, nameOf } = common;
  const mode = sslMode(texts);
  const binding = oneOf(texts, 'channel_binding', ['prefer', 'disable', 'require']);
  const negotiation = oneOf(texts, 'sslnegotiation', ['postgres', 'direct']);
  const attempt = (isEncrypted: boolean, isSecondChoice = false): ConnectionAttempt => ({
    isEncrypted,
    isSecondChoice,
    requiresChannelBinding: binding === 'require',
    nameOf,
    open: () => ({
      ...clientConfig(place, common),
      ssl: isEncrypted && tlsOptions({ mode, texts, environment: common.environment, nameOf, host: place.name }),
      sslnegotiation: negotiation,
      enableChannelBinding: isEncrypted && binding !== 'disable',
    }),
  });
  // libpq never encrypts what stays on the machine.
  if (place.isSocket || mode === 'disable') return [attempt(false)];
  if (mode === 'allow') return [attempt(false), attempt(true, true)];
  return mode === 'prefer' ? [attempt(true), attempt(false, true)] : [attempt(true)];
}

function clientConfig(place: Place, common: Common): ClientConfig {
  const { texts, environment, user, database, passwordFile } = common;
  const target = { host: place.passFileHost, port: place.port, user, database };
  const password = (): string => {
    if (passwordFile !== null) return readSecretFile(passwordFile.file, passwordFile.setting);
    const given = texts.password ?? readPassFile(texts.passfile ?? null, environment.homeDirectory, target);
    if (given !== null && given !== '') return given;
    throw new DatabaseSettingsError('the server asks for a password, but none is given (see docs/configuration.md)');
  };
  const options = [texts.options ?? '', ...environment.sessionOptions].filter((option) => option !== '').join(' ');
  return {
    host: place.address,
    port: place.port,
    user,
    database,
    password,
    application_name: texts.application_name ?? texts.fallback_application_name ?? APPLICATION_NAME,
    ...(options === '' ? {} : { options }),
    ...(texts.keepalives_idle === undefined
      ? {}
      : { keepAliveInitialDelayMillis: (wholeNumber(texts.keepalives_idle, 'keepalives_idle') ?? 0) * 1_000 }),
  };
}

function urlTexts({ databaseUrl, databaseUrlFile }: Environment): ConnectionTexts {
  if (databaseUrl !== null && databaseUrlFile !== null) {
    throw new DatabaseSettingsError('both DATABASE_URL and DATABASE_URL_FILE are set: keep one');
  }
  if (databaseUrlFile !== null) {
    return parseConnectionString(
      readSecretFile(databaseUrlFile, 'DATABASE_URL_FILE'),
      'the content of DATABASE_URL_FILE',
    );
  }
  return databaseUrl === null ? {} : parseConnectionString(databaseUrl, 'DATABASE_URL');
}

function passwordFileOf(
  environment: Environment,
  database: DatabaseConfig,
  urlPassword: string | undefined,
): PasswordFile | null {
  const found =
    database.passwordFile === null
      ? { file: environment.passwordFile, setting: 'DATABASE_PASSWORD_FILE' }
      : { file: database.passwordFile, setting: 'database.password_file' };
  const { file, setting } = found;
  if (file === null) return null;
  if (urlPassword !== undefined) {
    throw new DatabaseSettingsError(`both the database URL and ${setting} (${file}) give a password: keep one`);
  }
  return { file, setting };
}

/** 0 and less wait for ever in libpq; here they mean the limit of exporter.yaml. */
function connectTimeout(texts: ConnectionTexts): number | null {
  const seconds = wholeNumber(texts.connect_timeout ?? '0', 'connect_timeout');
  // libpq's shortest is two seconds.
  return seconds === null || seconds <= 0 ? null : Math.max(2, seconds) * 1_000;
}

function wholeNumber(text: string, name: string): number | null {
  if (text === '') return null;
  const value = Number(text);
  if (!/^\s*[+-]?\d+\s*$/.test(text) || Math.abs(value) > 1_000_000) {
    throw new DatabaseSettingsError(`the ${name} must be a whole number of seconds`);
  }
  return value;
}

/** The first value is the default. */
function oneOf<V extends string>(texts: ConnectionTexts, key: ConnectionKey, values: readonly [V, ...V[]]): V {
  const wanted = texts[key] ?? values[0];
  const found = values.find((value) => value === wanted);
  if (found === undefined) throw new DatabaseSettingsError(`the ${key} must be one of ${values.join(', ')}`);
  return found;
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}
