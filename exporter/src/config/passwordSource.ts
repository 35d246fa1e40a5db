import { join } from 'node:path';
import { DatabaseSettingsError } from './databaseUrl.js';
import { FileReadError, readRegularFile, readTextFile } from './readTextFile.js';

/** Whom a line of a libpq password file must match. */
export interface PasswordTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The one line of a file that holds a secret, without its line break.
 * @throws {DatabaseSettingsError} where it cannot be read, is empty or has several lines; never with its content
 */
export function readSecretFile(file: string): string {
  let content: string;
  try {
    content = readTextFile(file);
  } catch (error) {
    throw new DatabaseSettingsError(`the file ${file} cannot be read (${reason(error)})`, { cause: error });
  }
  const secret = content.replace(/\r?\n$/, '');
  if (secret === '') {
    throw new DatabaseSettingsError(`the file ${file} is empty`);
  }
  if (/[\r\n]/.test(secret)) {
    throw new DatabaseSettingsError(`the file ${file} has more than one line`);
  }
  return secret;
}

/**
 * The password of the first line that matches in a libpq password file (`host:port:database:user:password`, `*` for any,
 * `\:` and `\\` escaped); null where no line matches.
 * @param file null: `.pgpass` in the home directory, which need not exist
 * @throws {DatabaseSettingsError} where a file that was asked for cannot be read
 */
export function readPassFile(file: string | null, home: string | null, target: PasswordTarget): string | null {
  const path = file ?? (home === null ? null : join(home, '.pgpass'));
  if (path === null) {
    return null;
  }
  let content: string;
  try {
    // Other lines of it may be in another encoding.
    content = readRegularFile(path).toString('utf8');
  } catch (error) {
    if (file === null && reason(error) === 'ENOENT') {
      return null;
    }
    throw new DatabaseSettingsError(`the password file ${path} cannot be read (${reason(error)})`, { cause: error });
  }
  // libpq knows a Unix socket by the name localhost there.
  const host = target.host.startsWith('/') ? 'localhost' : target.host;
  const wanted = [host, String(target.port), target.database, target.user];
  for (const line of content.split(/\r?\n/)) {
    const fields = line.startsWith('#') ? [] : splitFields(line);
    const password = fields[4];
    if (password !== undefined && wanted.every((value, index) => fields[index] === '*' || fields[index] === value)) {
      return password;
    }
  }
  return null;
}

function splitFields(line: string): string[] {
  const fields = line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? [];
  return fields.map((field) => field.replace(/:$/, '').replace(/\\(.)/g, '$1'));
}

function reason(error: unknown): string {
  if (!(error instanceof FileReadError)) throw error;
  return error.code ?? error.message;
}
