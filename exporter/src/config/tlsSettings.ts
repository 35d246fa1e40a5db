import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionOptions, SecureVersion } from 'node:tls';
import type { ConnectionTexts } from './connectionOptions.js';
import type { NameOf } from './connectionSettings.js';
import { DatabaseSettingsError } from './connectionOptions.js';
import type { Environment } from './environment.js';
import { readSettingsFile } from './passwordSource.js';

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof MODES)[number];

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** Where Linux distributions keep what they trust. */
const SYSTEM_CERTIFICATES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/**
 * The `sslmode` in force, with libpq's rules on what goes together.
 * @throws {DatabaseSettingsError} for a contradiction, or a value that is none
 */
export function sslMode(texts: ConnectionTexts): SslMode {
  const isSystem = texts.sslrootcert === 'system';
  const wanted = texts.sslmode ?? (isSystem ? 'verify-full' : 'prefer');
  const mode = MODES.find((one) => one === wanted);
  if (mode === undefined) throw new DatabaseSettingsError(`the sslmode must be one of ${MODES.join(', ')}`);
  if (isSystem && mode !== 'verify-full') {
    throw new DatabaseSettingsError(`sslrootcert=system needs sslmode=verify-full, not ${mode}`);
  }
  if (texts.sslnegotiation === 'direct' && ['disable', 'allow', 'prefer'].includes(mode)) {
    throw new DatabaseSettingsError('sslnegotiation=direct needs sslmode=require, verify-ca or verify-full');
  }
  for (const key of ['ssl_min_protocol_version', 'ssl_max_protocol_version'] as const) {
    const version = texts[key];
    if (version !== undefined && !isVersion(version)) {
      throw new DatabaseSettingsError(`${key} must be one of ${VERSIONS.join(', ')}`);
    }
  }
  return mode;
}

export interface TlsWish {
  readonly mode: SslMode;
  readonly texts: ConnectionTexts;
  readonly environment: Environment;
  readonly nameOf: NameOf;
  /** The name that the server's certificate must bear; null: none is given. */
  readonly host: string | null;
}

/**
 * The TLS options of an encrypted attempt, with libpq's meanings: whatever the mode, a root certificate that is there is
 * used; `verify-ca` and `verify-full` need one, `verify-full` also compares the host's name. Reads the files.
 * @throws {DatabaseSettingsError} that names the setting of a file that cannot be used
 */
export function tlsOptions(wish: TlsWish): ConnectionOptions {
  const { mode, texts, nameOf, host } = wish;
  const ca = rootCertificates(wish);
  if (mode === 'verify-full' && host === null) {
    throw new DatabaseSettingsError('sslmode=verify-full compares the name of the server, and no host is given');
  }
  return {
    ...clientCertificate(wish),
    ...(host === null ? {} : { host, servername: host }),
    rejectUnauthorized: ca !== null,
    ...(ca === null || ca === undefined ? {} : { ca }),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(texts.sslcrl === undefined ? {} : { crl: readSettingsFile(texts.sslcrl, nameOf('sslcrl')) }),
    ...(isVersion(texts.ssl_min_protocol_version) ? { minVersion: texts.ssl_min_protocol_version } : {}),
    ...(isVersion(texts.ssl_max_protocol_version) ? { maxVersion: texts.ssl_max_protocol_version } : {}),
  };
}

/** null: nobody's signature is asked for; undefined: those that Node.js trusts. */
function rootCertificates({ mode, texts, environment, nameOf }: TlsWish): string | null | undefined {
  if (texts.sslrootcert === 'system') {
    const file = environment.systemCertificates ?? SYSTEM_CERTIFICATES.find((one) => existsSync(one));
    return file === undefined ? undefined : readSettingsFile(file, 'sslrootcert=system');
  }
  const file = texts.sslrootcert ?? defaultFile(environment, 'root.crt');
  if (file !== null) return readCertificate(file, nameOf('sslrootcert'));
  if (mode !== 'verify-ca' && mode !== 'verify-full') return null;
  throw new DatabaseSettingsError(
    `sslmode=${mode} needs the certificate of who signed the server's: set sslrootcert (PGSSLROOTCERT) to its file, ` +
      'or sslrootcert=system to trust what the system trusts',
  );
}

/** Without a certificate in it Node.js would trust its own authorities instead. */
function readCertificate(file: string, setting: string): string {
  const content = readSettingsFile(file, setting);
  if (content.includes('-----BEGIN ')) return content;
  throw new DatabaseSettingsError(`the file ${file} (${setting}) holds no certificate`);
}

function clientCertificate({ texts, environment, nameOf }: TlsWish): ConnectionOptions {
  const certificate = texts.sslcert ?? defaultFile(environment, 'postgresql.crt');
  if (certificate === null) return {};
  const key = texts.sslkey ?? defaultFile(environment, 'postgresql.key');
  if (key === null) throw new DatabaseSettingsError('sslcert is given without its private key: set sslkey (PGSSLKEY)');
  const stats = statSync(key, { throwIfNoEntry: false });
  // As libpq does: a file of root may be read by a group.
  const forbidden = stats?.uid === 0 ? 0o037 : 0o077;
  if (stats !== undefined && (stats.mode & forbidden) !== 0) {
    throw new DatabaseSettingsError(`the file ${key} (${nameOf('sslkey')}) may be read by others: chmod 600 ${key}`);
  }
  return {
    cert: readSettingsFile(certificate, nameOf('sslcert')),
    key: readSettingsFile(key, nameOf('sslkey')),
    ...(texts.sslpassword === undefined ? {} : { passphrase: texts.sslpassword }),
  };
}

/** A file of libpq's directory, if it is there. */
function defaultFile({ homeDirectory }: Environment, name: string): string | null {
  const file = homeDirectory === null ? null : join(homeDirectory, '.postgresql', name);
  return file !== null && existsSync(file) ? file : null;
}

function isVersion(text: string | undefined): text is SecureVersion {
  return VERSIONS.some((version) => version === text);
}
