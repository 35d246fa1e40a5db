import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ExplainedError } from './explainedError.js';

/** What the program reads is written by hand or by a generator of secrets; a file larger than this is something else. */
export const MAX_FILE_BYTES = 1024 * 1024;

/** A file that cannot be taken; the message says what it is instead, without its name and without a word of its content. */
export class FileReadError extends ExplainedError {
  override readonly name = 'FileReadError';
  /** The system's code (`ENOENT`), or null where the file could be read and is refused. */
  readonly code: string | null;
  /** From 1; 1 also where the whole file is meant. */
  readonly line: number;

  constructor(
    message: string,
    { code = null, line = 1, cause }: { code?: string | null; line?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.line = line;
  }
}

/**
 * The text of a regular UTF-8 file of at most 1 MiB, links followed; a byte order mark is dropped.
 * @throws {FileReadError}
 */
export function readTextFile(file: string): string {
  const bytes = readRegularFile(file);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new FileReadError('is UTF-16; save it as UTF-8');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new FileReadError('is not UTF-8 text; save it as UTF-8', { line: wrongLine(bytes), cause: error });
  }
}

/**
 * The bytes of a regular file of at most 1 MiB, links followed. Of a pipe, a device or an endless file nothing is waited for
 * or held: what the file is, is known before it is read, and at most one byte more than the limit is read.
 * @throws {FileReadError}
 */
export function readRegularFile(file: string): Buffer {
  try {
    // Opening a pipe would wait for its writer; O_NONBLOCK does not. A terminal must not become the program's own.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      return readLimited(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof FileReadError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    // Opened in the way of a file, a socket has no device.
    if (code === 'ENXIO') throw new FileReadError('is not a regular file', { cause: error });
    throw new FileReadError(explainCode(code), { code, cause: error });
  }
}

function readLimited(descriptor: number): Buffer {
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) {
    throw new FileReadError(stats.isDirectory() ? 'is a directory, not a file' : 'is not a regular file');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  while (length <= MAX_FILE_BYTES) {
    const chunk = Buffer.alloc(Math.min(64 * 1024, MAX_FILE_BYTES + 1 - length));
    const read = readSync(descriptor, chunk);
    if (read === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  throw new FileReadError(`is larger than ${MAX_FILE_BYTES} bytes`);
}

/** Where to look; the position says nothing of the content. */
function wrongLine(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split('\n');
  return lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1'))) + 1;
}

function explainCode(code: string | null): string {
  switch (code) {
    case 'ENOENT':
      return 'the file does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'the file must not be read by this user';
    case 'ENOTDIR':
      return 'a part of the path is not a directory';
    case 'ELOOP':
      return 'the symbolic links go in a circle';
    default:
      return `the file cannot be read (${code ?? 'unknown error'})`;
  }
}
