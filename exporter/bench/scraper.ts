import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';

export interface Scrape {
  /** From sending the request to the last byte. */
  readonly milliseconds: number;
  /** The body as it came over the wire. */
  readonly bytes: number;
  text(): string;
}

export interface Scraper {
  /** One at a time. */
  scrape(options?: { readonly gzip?: boolean }): Promise<Scrape>;
  close(): void;
}

const GIVE_UP_MS = 30_000;
const BLANK_LINE = Buffer.from('\r\n\r\n');

/**
 * Scrapes one URL over one kept connection, as Prometheus does. A bare socket: with `node:http` the client takes longer than
 * the servers that are compared. A status other than 200 is an error.
 */
export function createScraper(url: string): Scraper {
  const { hostname, port, pathname, host } = new URL(url);
  const request = (encoding: string): string =>
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAccept-Encoding: ${encoding}\r\n\r\n`;
  const requests = { gzip: request('gzip'), plain: request('identity') };
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let received: Buffer[] = [];
  let waiting: { done: () => void; fail: (error: Error) => void } | null = null;
  socket.on('data', (piece) => {
    received.push(piece);
    waiting?.done();
  });
  socket.on('error', (error) => waiting?.fail(error));
  socket.on('close', () => waiting?.fail(new Error(`${url} closed the connection`)));

  return {
    scrape: ({ gzip = false } = {}) =>
      new Promise((resolve, reject) => {
        const started = performance.now();
        const timer = setTimeout(() => socket.destroy(new Error(`${url} did not answer within 30 s`)), GIVE_UP_MS);
        const end = (): void => {
          clearTimeout(timer);
          waiting = null;
          received = [];
        };
        waiting = {
          fail(error) {
            end();
            reject(error);
          },
          done() {
            if (!mayBeWhole(received)) return;
            const answer = readAnswer(Buffer.concat(received));
            if (answer === null) return;
            const milliseconds = performance.now() - started;
            end();
            const { status, body, isGzip } = answer;
            if (status !== 200) reject(new Error(`${url} answered ${status}`));
            else
              resolve({ milliseconds, bytes: body.length, text: () => (isGzip ? gunzipSync(body) : body).toString() });
          },
        };
        socket.write(gzip ? requests.gzip : requests.plain);
      }),
    close: () => socket.destroy(),
  };
}

/** Whether joining the pieces is worth it: a page of many pieces is looked at when its last one came. */
function mayBeWhole(pieces: readonly Buffer[]): boolean {
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (first === undefined || last === undefined) return false;
  const head = first.indexOf(BLANK_LINE);
  if (head < 0) return pieces.length > 1;
  const length = contentLength(first.toString('latin1', 0, head));
  if (length === null) return last.subarray(-5).equals(Buffer.from('0\r\n\r\n'));
  return pieces.reduce((sum, piece) => sum + piece.length, 0) >= head + BLANK_LINE.length + length;
}

function readAnswer(bytes: Buffer): { status: number; isGzip: boolean; body: Buffer } | null {
  const headEnd = bytes.indexOf(BLANK_LINE);
  if (headEnd < 0) return null;
  const head = bytes.toString('latin1', 0, headEnd);
  const rest = bytes.subarray(headEnd + BLANK_LINE.length);
  const length = contentLength(head);
  const body = length === null ? joinChunks(rest) : rest.length >= length ? rest.subarray(0, length) : null;
  if (body === null) return null;
  return { status: Number(head.slice(9, 12)), isGzip: /\r\ncontent-encoding: gzip/i.test(head), body };
}

function contentLength(head: string): number | null {
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  return length === undefined ? null : Number(length);
}

/** The body in chunked coding; null before its last chunk. */
function joinChunks(bytes: Buffer): Buffer | null {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (size === 0) return bytes.length >= start + 2 ? Buffer.concat(chunks) : null;
    if (bytes.length < start + size + 2) return null;
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
