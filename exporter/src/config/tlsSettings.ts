import type { ConnectionOptions } from 'node:tls';
import type { ConnectionTexts } from './databaseUrl.js';
import { DatabaseSettingsError } from './databaseUrl.js';
import { FileReadError, readRegularFile } from './readTextFile.js';

const MODES = 'disable, require, verify-ca, verify-full';

/**
 * The TLS options of an `sslmode` with libpq's meanings: `require` encrypts without checking the certificate (and checks
 * it when sslrootcert is given), `verify-ca` checks who signed it, `verify-full` also the host's name. Left out: no TLS.
 * `prefer` is refused, because the driver cannot fall back to an unencrypted connection.
 * @throws {DatabaseSettingsError} for another mode or an unreadable certificate file
 */
export function tlsSettings(texts: ConnectionTexts): false | ConnectionOptions {
  const mode = texts.sslmode ?? 'disable';
  switch (mode) {
    case 'disable':
    case 'allow':
      return false;
    case 'require':
    case 'no-verify':
      return texts.sslrootcert === undefined || mode === 'no-verify'
        ? { ...clientCertificate(texts), rejectUnauthorized: false }
        : { ...verified(texts), checkServerIdentity: () => undefined };
    case 'verify-ca':
      return { ...verified(texts), checkServerIdentity: () => undefined };
    case 'verify-full':
      return verified(texts);
    default:
      throw new DatabaseSettingsError(`the sslmode must be one of ${MODES}`);
  }
}

function verified(texts: ConnectionTexts): ConnectionOptions {
  const root = texts.sslrootcert;
  return {
    ...clientCertificate(texts),
    rejectUnauthorized: true,
    // Without a file, or with libpq's word "system": the certificate authorities that Node.js trusts.
    ...(root === undefined || root === 'system' ? {} : { ca: readCertificate(root) }),
  };
}

function clientCertificate({ sslcert, sslkey }: ConnectionTexts): ConnectionOptions {
  return {
    ...(sslcert === undefined ? {} : { cert: readCertificate(sslcert) }),
    ...(sslkey === undefined ? {} : { key: readCertificate(sslkey) }),
  };
}

function readCertificate(file: string): string {
  try {
    return readRegularFile(file).toString('utf8');
  } catch (error) {
    if (!(error instanceof FileReadError)) throw error;
    throw new DatabaseSettingsError(
      `the certificate or key file ${file} cannot be read (${error.code ?? error.message})`,
      {
        cause: error,
      },
    );
  }
}
