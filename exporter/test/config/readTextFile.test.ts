import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readPassFile, readSecretFile } from '../../src/config/passwordSource.js';
import { describeFileReadError, FileReadError, readRegularFile, readTextFile } from '../../src/yaml/readTextFile.js';
import { readEnvironment } from '../../src/config/environment.js';
import { tlsOptions } from '../../src/config/tlsSettings.js';
import { watchFiles } from '../../src/config/watchFiles.js';
import { runCommand } from '../support/runCommand.js';

const directory = mkdtempSync(join(tmpdir(), 'read-'));
const path = (name: string): string => join(directory, name);
let writer: number;
let socket: Server;

const NOT_FILES = {
  'a pipe that someone writes to': ['pipe', 'is not a regular file'],
  'a pipe that nobody writes to': ['silent-pipe', 'is not a regular file'],
  'an endless device': ['zero', 'is not a regular file'],
  'a socket': ['socket', 'is not a regular file'],
  'a directory': ['directory', 'is a directory, not a file'],
  'a file of 1 GB': ['huge', 'is larger than 1048576 bytes'],
} as const;

beforeAll(async () => {
  execFileSync('mkfifo', [path('pipe'), path('silent-pipe')]);
  // Held open for reading too, so that opening it waits for nobody.
  writer = openSync(path('pipe'), 'r+');
  symlinkSync('/dev/zero', path('zero'));
  mkdirSync(path('directory'));
  writeFileSync(path('huge'), '', { mode: 0o600 });
  truncateSync(path('huge'), 1024 ** 3);
  socket = createServer();
  await new Promise<void>((resolve) => socket.listen(path('socket'), resolve));
});
afterAll(() => {
  closeSync(writer);
  socket.close();
  rmSync(directory, { recursive: true });
});

const target = { host: 'db', port: 5432, database: 'd', user: 'u' };
const READERS: Readonly<Record<string, (file: string) => unknown>> = {
  readTextFile,
  readRegularFile,
  readSecretFile: (file) => readSecretFile(file, 'DATABASE_PASSWORD_FILE'),
  readPassFile: (file) => readPassFile(file, null, target),
  'a certificate': (file) =>
    tlsOptions({
      mode: 'verify-ca',
      texts: { sslrootcert: file },
      environment: readEnvironment({}),
      nameOf: (key) => key,
      host: 'db',
    }),
};

describe.each(Object.entries(NOT_FILES))('%s', (_what, [name, reason]) => {
  it.each(Object.entries(READERS))('is refused by %s, at once and without being read', (_reader, read) => {
    expect(() => read(path(name))).toThrow(reason);
  });

  it('is refused as thresholds.yaml', async () => {
    const { code, stderr } = await runCommand(['check', '--offline', '--config.thresholds-file', path(name)]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`${path(name)}:1:1: ${reason}`) as unknown,
    });
  });

  it('is watched like a file that is away, until a file is there', async () => {
    const link = path(`watched-${name}`);
    symlinkSync(name, link);
    const changed = vi.fn();
    const watcher = watchFiles([link], changed, { intervalMs: 10 });
    try {
      unlinkSync(link);
      writeFileSync(link, 'x');
      await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce(), 60_000);
    } finally {
      watcher.stop();
    }
  });
});

describe('a text', () => {
  const text = (content: string | Buffer): string => {
    writeFileSync(path('text'), content);
    return readTextFile(path('text'));
  };

  it('is read through links, without its byte order mark', () => {
    writeFileSync(path('text'), '\uFEFFCafé 🙂\u0000');
    symlinkSync('text', path('link'));
    symlinkSync('link', path('link-of-link'));
    expect(readTextFile(path('link-of-link'))).toBe('Café 🙂\u0000');
  });

  it('may be as long as the limit, or empty', () => {
    expect(text('x'.repeat(1024 * 1024))).toHaveLength(1024 * 1024);
    expect(text('')).toBe('');
    expect(() => text('x'.repeat(1024 * 1024 + 1))).toThrow('is larger than 1048576 bytes');
  });

  it('of another encoding is refused with its first wrong line, and without a word of it', () => {
    const refusal = (content: Buffer): FileReadError => {
      try {
        text(content);
      } catch (error) {
        if (error instanceof FileReadError) return error;
      }
      throw new Error('not refused');
    };
    const latin1 = refusal(Buffer.from("SELECT 1\n WHERE name =\n 'Caf\xe9'\n", 'latin1'));
    expect([latin1.line, latin1.message]).toEqual([3, 'is not UTF-8 text; save it as UTF-8']);
    expect([latin1.column, describeFileReadError(latin1)]).toEqual([
      6,
      'is not UTF-8 text; save it as UTF-8 (byte 0xe9)',
    ]);
    // Columns count characters.
    expect(refusal(Buffer.concat([Buffer.from('é€'), Buffer.from([0xe9])]))).toMatchObject({
      line: 1,
      column: 3,
      byte: 0xe9,
    });
    // A character cut off at the end of the file.
    expect(refusal(Buffer.from('one\n\xc3', 'latin1')).line).toBe(2);
    for (const text of ['\ufeffx', 'SELECT 1']) {
      expect(refusal(Buffer.from(text, 'utf16le')).message).toBe('is UTF-16; save it as UTF-8');
      expect(refusal(Buffer.from(text, 'utf16le').swap16()).message).toBe('is UTF-16; save it as UTF-8');
    }
  });
});
