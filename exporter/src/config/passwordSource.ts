import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSettingsError } from './connectionOptions.js';
import { FileReadError, readRegularFile, readTextFile } from '../yaml/readTextFile.js';

/** Whom a line of a libpq password file must match. */
export interface PasswordTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The one line of a file that holds a secret, without its line break.
 * @param setting what names the file, for the error
 * @throws {DatabaseSettingsError} where it cannot be read, is empty or has several lines; never with its content
 */
export function readSecretFile(file: string, setting: string): string {
  const content = readSettingsFile(file, setting);
  const secret = content.replace(/\r?\n$/, '');
  if (secret === '') {
    throw new DatabaseSettingsError(`the file ${file} (${setting}) is empty; write the secret into it, on one line`);
  }
  if (/[\r\n]/.test(secret)) {
    throw new DatabaseSettingsError(
      `the file ${file} (${setting}) has more than one line; leave the one with the secret in it`,
    );
  }
  return secret;
}

/** @throws {DatabaseSettingsError} that names the file and the setting that names it */
export function readSettingsFile(file: string, setting: string): string {
  return readNamed(file, setting, readTextFile);
}

function readNamed(file: string, setting: string, read: (file: string) => string): string {
  try {
    return read(file);
  } catch (error) {
    if (!(error instanceof FileReadError)) throw error;
    const { code, message } = error;
    const problem = code === null ? message : `cannot be read (${code}); ${cureOf(code, setting)}`;
    throw new DatabaseSettingsError(`the file ${file} (${setting}) ${problem}`, { cause: error });
  }
}

function cureOf(code: string, setting: string): string {
  switch (code) {
    case 'ENOENT':
      return `put it there, or correct ${setting}`;
    case 'EACCES':
    case 'EPERM':
      return 'let the account of this program read it';
    default:
      return `correct ${setting}`;
  }
}

/**
 * The password of the first line that matches in a libpq password file (`host:port:database:user:password`, `*` for any,
 * `\:` and `\\` escaped); null where no line matches.
 * @param file null: `.pgpass` in the home directory, which need not exist
 * @throws {DatabaseSettingsError} where the file cannot be used, or may be read by others, which libpq does not accept
 */
export function readPassFile(file: string | null, home: string | null, target: PasswordTarget): string | null {
  const path = file ?? (home === null ? null : join(home, '.pgpass'));
  if (path === null) {
    return null;
  }
  const setting = file === null ? 'the default of PGPASSFILE' : 'PGPASSFILE';
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined && file === null) {
    return null;
  }
  if (stats?.isFile() === true && (stats.mode & 0o077) !== 0) {
    throw new DatabaseSettingsError(`the file ${path} (${setting}) may be read by others: chmod 600 ${path}`);
  }
  const wanted = [target.host, String(target.port), target.database, target.user];
  // Other lines of it may be in another encoding.
  const content = readNamed(path, setting, (one) => readRegularFile(one).toString('utf8'));
  for (const line of content.split(/\r?\n/)) {
    const fields = line.startsWith('#') ? [] : splitFields(line);
    const password = fields[4];
    const matches = (value: string, index: number): boolean =>
      fields[index] === '*' || unescape(fields[index] ?? '') === value;
    if (password !== undefined && wanted.every(matches)) {
      // libpq takes an empty password for none.
      return password === '' ? null : unescape(password);
    }
  }
  return null;
}

/** A backslash at the very end stands for itself. */
function splitFields(line: string): string[] {
  const fields = line.match(/(?:\\.|[^:\\]|\\$)*(?::|$)/g) ?? [];
  return fields.map((field) => field.replace(/:$/, ''));
}

function unescape(field: string): string {
  return field.replace(/\\(.)/g, '$1');
}
