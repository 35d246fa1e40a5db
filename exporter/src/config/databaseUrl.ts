/** Connection parameters by their libpq names, as texts; what is not given is absent. */
export type ConnectionTexts = Partial<Record<ConnectionKey, string>>;

export type ConnectionKey = 'host' | 'port' | 'user' | 'password' | 'dbname' | UrlParameter;

const URL_PARAMETERS = [
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'options',
  'application_name',
  'connect_timeout',
] as const;
type UrlParameter = (typeof URL_PARAMETERS)[number];

const QUERY_KEYS: readonly ConnectionKey[] = ['host', 'port', 'user', 'password', 'dbname', ...URL_PARAMETERS];

/** The database cannot be reached with what the environment and exporter.yaml say; never holds a password or a URL. */
export class DatabaseSettingsError extends Error {
  override readonly name = 'DatabaseSettingsError';
}

/**
 * The parts of `postgresql://user:password@host:5432/database?sslmode=require`; parts may also stand in the query
 * (`postgresql:///database?host=/run/postgresql`).
 * @param source where the URL comes from, for the error
 * @throws {DatabaseSettingsError} that says what to do and repeats nothing of the URL, for any part of a broken URL may
 *   be a part of the password
 */
export function parseDatabaseUrl(text: string, source: string): ConnectionTexts {
  const broken = (why: string): DatabaseSettingsError =>
    new DatabaseSettingsError(
      `${source} ${why}; expected postgresql://user@host:5432/database, ` +
        'with special characters of the password percent-encoded (or the password in a file)',
    );
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) {
    throw broken('is not a URL');
  }
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw broken('does not begin with postgresql://');
  }
  // An unencoded # or / in a password shifts everything after it into another part of the URL.
  if (url.hash !== '' || /[/@]/.test(url.pathname.slice(1))) {
    throw broken('has an unexpected # or / or @');
  }
  const query = [...url.searchParams];
  if (query.some(([key]) => !isConnectionKey(key))) {
    throw broken(`has an unknown parameter; known are ${QUERY_KEYS.join(', ')}`);
  }
  try {
    const parts = {
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
      port: url.port,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      dbname: decodeURIComponent(url.pathname.slice(1)),
      ...Object.fromEntries(query),
    };
    return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ''));
  } catch (error) {
    if (error instanceof URIError) {
      // No cause: its stack may show the text.
      throw broken('has a % that is not followed by two hexadecimal digits');
    }
    throw error;
  }
}

function isConnectionKey(key: string): key is ConnectionKey {
  return (QUERY_KEYS as readonly string[]).includes(key);
}
