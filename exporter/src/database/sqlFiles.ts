import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Node, ParseResult } from 'libpg-query';
import { describeFileReadError, FileReadError, readTextFile } from '../yaml/readTextFile.js';
import { MigrationError } from './migrationError.js';

export interface SqlFile {
  /** The file's name without `.sql`; recorded in the database. */
  readonly name: string;
  readonly path: string;
  /** The SQL with line ends as `\n`, whatever the checkout made of them. */
  readonly text: string;
  /** SHA-256 of `text`, in hexadecimal. */
  readonly checksum: string;
}

/** One statement of a file. */
export interface SqlStatement {
  readonly sql: string;
  /** The line of the file, from 1, on which the statement starts. */
  readonly line: number;
  readonly tree: Node;
}

/**
 * Every `.sql` of a directory, by name. Other files are left out.
 *
 * @throws MigrationError for a directory or a file that cannot be read
 */
export async function readSqlFiles(directory: string): Promise<SqlFile[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw new MigrationError('cannot read the directory of migrations', { file: directory }, { cause: error });
  });
  return names
    .filter((name) => name.endsWith('.sql') && !name.startsWith('.'))
    .sort()
    .map((name) => readSqlFile(directory, name));
}

function readSqlFile(directory: string, name: string): SqlFile {
  const path = join(directory, name);
  const text = readText(path).replaceAll('\r\n', '\n');
  const checksum = createHash('sha256').update(text).digest('hex');
  return { name: name.slice(0, -'.sql'.length), path, text, checksum };
}

function readText(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (!(error instanceof FileReadError)) throw error;
    throw new MigrationError(describeFileReadError(error), { file: path, line: error.line }, { cause: error });
  }
}

/**
 * Splits a file with PostgreSQL's own grammar, so that an error can name the line of the statement it comes from:
 * the server gives no position for most of them.
 *
 * @throws MigrationError with the line of a syntax error, or of a statement that would end the transaction of all
 */
export async function splitStatements(file: SqlFile): Promise<SqlStatement[]> {
  const { stmts = [] } = await parseFile(file);
  // PostgreSQL counts the places of statements in bytes.
  const bytes = Buffer.from(file.text, 'utf8');
  return stmts.flatMap(({ stmt: tree, stmt_location: start = 0, stmt_len: length }) => {
    if (tree === undefined) return [];
    const line = countLines(bytes.subarray(0, start).toString());
    if ('TransactionStmt' in tree) {
      throw new MigrationError('a migration is one transaction: remove BEGIN, COMMIT and the like', {
        file: file.path,
        line,
      });
    }
    return [{ sql: bytes.subarray(start, length === undefined ? undefined : start + length).toString(), line, tree }];
  });
}

async function parseFile(file: SqlFile): Promise<ParseResult> {
  // Who only lists the files, as each start does, needs no grammar.
  const { hasSqlDetails, parse } = await import('libpg-query');
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
