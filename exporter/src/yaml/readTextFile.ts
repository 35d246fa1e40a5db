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
  readonly column: number;
  /** The first byte that is wrong; a part of the content, so never told of a secret. */
  readonly byte: number | null;

  constructor(
    message: string,
    {
      code = null,
      line = 1,
      column = 1,
      byte = null,
      cause,
    }: { code?: string | null; line?: number; column?: number; byte?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.line = line;
    this.column = column;
    this.byte = byte;
  }
}

/**
 * The text of a regular UTF-8 file of at most 1 MiB, links followed; a byte order mark is dropped.
 * @throws {FileReadError}
 */
export function readTextFile(file: string): string {
  const bytes = readRegularFile(file);
  // Without its mark every second byte of plain text is 0.
  const isMarked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isMarked || (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0))) {
    throw new FileReadError('is UTF-16; save it as UTF-8');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new FileReadError('is not UTF-8 text; save it as UTF-8', { ...wrongPlace(bytes), cause: error });
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

/** Where to look; the column counts the characters before it, as everywhere. */
function wrongPlace(bytes: Buffer): { line: number; column: number; byte: number | null } {
  const lines = bytes.toString('latin1').split('\n');
  const index = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  const line = Buffer.from(lines[index] ?? '', 'latin1');
  // Decoded and encoded again, a wrong byte is another one.
  const again = Buffer.from(line.toString('utf8'), 'utf8');
  const end = Math.max(
    0,
    line.findIndex((byte, at) => byte !== again[at]),
  );
  return { line: index + 1, column: line.toString('utf8', 0, end).length + 1, byte: line[end] ?? null };
}

/** For a file that holds no secret: what is wrong, with the byte, which tells an editor's encoding. */
export function describeFileReadError(error: FileReadError): string {
  return error.byte === null ? error.message : `${error.message} (byte 0x${error.byte.toString(16)})`;
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
