import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ImportError } from '../importError.js';
import type { Encoding } from '../mapping/mappingFile.js';

const CHUNK_BYTES = 256 * 1024;

export interface ReadOptions {
  /** null: UTF-8, or UTF-16 with its mark. */
  readonly encoding: Encoding | null;
  /** Told what has been read and how much there is, in bytes. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * The text of a regular file, piece by piece, without its byte order mark; a file that another program changes meanwhile is
 * refused behind its last piece.
 * @throws {ImportError} also where the bytes are not what the encoding says, with the line
 */
export async function* readChunks(file: string, { encoding, onProgress }: ReadOptions): AsyncGenerator<string> {
  // Opening a pipe would wait for its writer.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const before = await handle.stat();
    if (!before.isFile()) {
      throw new ImportError(`${file}: is ${before.isDirectory() ? 'a directory' : 'not a regular file'}; give a file`);
    }
    yield* decoded(file, handle, encoding, (done) => onProgress?.(done, before.size));
    const [after, there] = await Promise.all([handle.stat(), stat(file)]);
    const isSame = [after, there].every(
      ({ size, mtimeMs, ino, dev }) =>
        size === before.size && mtimeMs === before.mtimeMs && ino === before.ino && dev === before.dev,
    );
    if (!isSame) throw new ImportError(`${file}: was changed while it was read; import it again when it is complete`);
  } finally {
    await handle.close();
  }
}

async function* decoded(
  file: string,
  handle: FileHandle,
  encoding: Encoding | null,
  onRead: (done: number) => void,
): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let name: string = encoding ?? 'utf-8';
  let [done, lines] = [0, 0];
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    const bytes = buffer.subarray(0, bytesRead);
    if (decoder === null) {
      name = encoding ?? encodingOf(bytes);
      decoder = new TextDecoder(name, { fatal: true });
    }
    try {
      const text = decoder.decode(bytes, { stream: bytesRead > 0 });
      if (text.length > 0) yield text;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new ImportError(explain(file, name, bytes, lines), { cause: error });
    }
    if (bytesRead === 0) return;
    done += bytesRead;
    for (const byte of bytes) if (byte === 10) lines += 1;
    onRead(done);
  }
}

/** By the mark; UTF-16 without one has a 0 in every second byte of plain text. */
function encodingOf(bytes: Uint8Array): Encoding {
  const [first = 1, second = 1] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'utf-16be' : 'utf-8';
}

function explain(file: string, encoding: string, bytes: Buffer, linesBefore: number): string {
  if (encoding !== 'utf-8') return `${file}: is not ${encoding} text, as the mapping or its mark says`;
  const lines = bytes.toString('latin1').split('\n');
  // The first and the last may hold a part of a character.
  const index = lines.findIndex((line, at) => at > 0 && at < lines.length - 1 && !isUtf8(Buffer.from(line, 'latin1')));
  const line = linesBefore + Math.max(0, index) + 1;
  return (
    `${file}:${line}: is not UTF-8 text from about here; save it as UTF-8, or where a program writes it so, ` +
    'say encoding: windows-1252 (or iso-8859-1) in the mapping'
  );
}
