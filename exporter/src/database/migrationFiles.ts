import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSqlDetails, parse } from 'libpg-query';
import { describeFileReadError, FileReadError, readTextFile } from '../config/readTextFile.js';
import { type CreatedObject, createdObject } from './createdObjects.js';
import { MigrationError } from './migrationError.js';

/** One statement of a migration file. */
export interface MigrationStatement {
  readonly sql: string;
  /** The line of the file, from 1, on which the statement starts. */
  readonly line: number;
  /** What it creates and must not find there. */
  readonly creates: CreatedObject | null;
}

export interface MigrationFile {
  /** The file's name without `.sql`; recorded in the database. */
  readonly name: string;
  readonly path: string;
  /** The SQL with line ends as `\n`, whatever the checkout made of them. */
  readonly text: string;
  /** SHA-256 of `text`, in hexadecimal. */
  readonly checksum: string;
}

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * Reads every `NNNN_name.sql` of `directory`, in the order of their numbers. Files that do not end in `.sql` are no
 * migrations.
 *
 * @throws MigrationError for a misnamed `.sql` file, a number used twice, or a directory without migrations
 */
export async function readMigrationFiles(directory: string): Promise<MigrationFile[]> {
  const names = (await listDirectory(directory))
    .filter((name) => name.endsWith('.sql') && !name.startsWith('.'))
    .sort();
  if (names.length === 0)
    throw new MigrationError('no migrations (NNNN_name.sql) in this directory', { file: directory });
  const byNumber = new Map<string, string>();
  for (const name of names) {
    const file = join(directory, name);
    const number = FILE_NAME.exec(name)?.[1];
    if (number === undefined) {
      throw new MigrationError('not a name of a migration: call it NNNN_name.sql, four digits first', { file });
    }
    const twin = byNumber.get(number);
    if (twin !== undefined) throw new MigrationError(`number ${number} is already taken by ${twin}`, { file });
    byNumber.set(number, name);
  }
  return names.map((name) => readMigrationFile(directory, name));
}

async function listDirectory(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    throw new MigrationError('cannot read the directory of migrations', { file: directory }, { cause: error });
  }
}

function readMigration(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (!(error instanceof FileReadError)) throw error;
    throw new MigrationError(describeFileReadError(error), { file: path, line: error.line }, { cause: error });
  }
}

function readMigrationFile(directory: string, name: string): MigrationFile {
  const path = join(directory, name);
  const text = readMigration(path).replaceAll('\r\n', '\n');
  const checksum = createHash('sha256').update(text).digest('hex');
  return { name: name.slice(0, -'.sql'.length), path, text, checksum };
}

/**
 * Splits a migration with PostgreSQL's own grammar, so that an error can name the line of the statement it comes from:
 * the server gives no position for most of them.
 *
 * @throws MigrationError with the line of a syntax error, or of a statement that would end the migration's transaction
 */
export async function splitStatements(file: MigrationFile): Promise<MigrationStatement[]> {
  const { stmts = [] } = await parseFile(file);
  // PostgreSQL counts the places of statements in bytes.
  const bytes = Buffer.from(file.text, 'utf8');
  return stmts.map(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    const line = countLines(bytes.subarray(0, start).toString());
    if (stmt !== undefined && 'TransactionStmt' in stmt) {
      throw new MigrationError('a migration is one transaction: remove BEGIN, COMMIT and the like', {
        file: file.path,
        line,
      });
    }
    const sql = bytes.subarray(start, length === undefined ? undefined : start + length).toString();
    return { sql, line, creates: createdObject(stmt) };
  });
}

async function parseFile(file: MigrationFile): ReturnType<typeof parse> {
  try {
    return await parse(file.text);
  } catch (error) {
    if (!hasSqlDetails(error) || error.sqlDetails === undefined) throw error;
    const line = lineOfCharacter(file.text, error.sqlDetails.cursorPosition);
    throw new MigrationError(error.message, { file: file.path, line }, { cause: error });
  }
}

/** The line, from 1, of the character at `index`, from 0, counted as PostgreSQL does: in code points. */
export function lineOfCharacter(text: string, index: number): number {
  return countLines(Array.from(text).slice(0, index).join(''));
}

function countLines(text: string): number {
  return text.split('\n').length;
}
