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
  const passwordFile = passwordFileOf(environment, database, url.password);
  return settingsOf({ ...environment.libpq, ...url }, [['DATABASE_URL', url]], passwordFile, environment, database);
}

/** What says which server; the others of DATABASE_URL and libpq are of the standbys too. */
const OF_THE_SERVER: readonly string[] = ['host', 'hostaddr', 'port', 'target_session_attrs', 'load_balance_hosts'];

/**
 * Where KPI SQL reads: DATABASE_READ_URL, which takes user, database, password and TLS from DATABASE_URL where it leaves them
 * out. null: where everything else goes, too.
 * @throws {DatabaseSettingsError} as {@link databaseSettings}
 */
export function readSettings(environment: Environment, database: DatabaseConfig): ConnectionSettings | null {
  const read = namedTexts(environment.readUrl, environment.readUrlFile, 'DATABASE_READ_URL');
  if (read === null) return null;
  if (read.host === undefined && read.hostaddr === undefined)
    throw new DatabaseSettingsError('DATABASE_READ_URL names no host; name the standbys, or leave it out');
  const url = urlTexts(environment);
  const main: ConnectionTexts = Object.fromEntries(
    Object.entries({ ...environment.libpq, ...url }).filter(([key]) => !OF_THE_SERVER.includes(key)),
  );
  const passwordFile = read.password === undefined ? passwordFileOf(environment, database, url.password) : null;
  const from = [['DATABASE_READ_URL', read] as const, ['DATABASE_URL', url] as const];
  return settingsOf({ ...main, ...read }, from, passwordFile, environment, database);
}

function settingsOf(
  texts: ConnectionTexts,
  from: readonly (readonly [variable: string, texts: ConnectionTexts])[],
  passwordFile: PasswordFile | null,
  environment: Environment,
  database: DatabaseConfig,
): ConnectionSettings {
  if (['host', 'hostaddr', 'port', 'dbname', 'user'].every((key) => !Object.hasOwn(texts, key))) {
    throw new DatabaseSettingsError('no database is given: set DATABASE_URL, or PGHOST, PGDATABASE and PGUSER');
  }
  const user = texts.user ?? environment.systemUser;
  if (user === null) {
    throw new DatabaseSettingsError('no database user is given: set it in DATABASE_URL or as PGUSER');
  }
  const nameOf: NameOf = (key) => {
    if (key === 'password' && passwordFile !== null) return passwordFile.setting;
    const variable = from.find(([, given]) => Object.hasOwn(given, key))?.[0];
    return variable === undefined ? (variableOf(key) ?? key) : `${key} of ${variable}`;
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
  return namedTexts(databaseUrl, databaseUrlFile, 'DATABASE_URL') ?? {};
}

/** null: neither the variable nor its file is given. */
function namedTexts(url: string | null, file: string | null, variable: string): ConnectionTexts | null {
  if (url !== null && file !== null)
    throw new DatabaseSettingsError(`both ${variable} and ${variable}_FILE are set: keep one`);
  if (file !== null)
    return parseConnectionString(readSecretFile(file, `${variable}_FILE`), `the content of ${variable}_FILE`);
  return url === null ? null : parseConnectionString(url, variable);
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
