import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const compress = promisify(deflateRaw);

/** The page as a scrape gets it; the pieces are shared by all scrapes between two changes. */
export interface RenderedPage {
  readonly contentType: string;
  readonly body: readonly Buffer[];
  /** The same bytes in gzip coding (RFC 1952, one member: browsers read no second one). */
  gzip(): Promise<readonly Buffer[]>;
}

/** A text ready to take its place on the page. */
export interface PageText {
  readonly body: Buffer;
  /** A deflate stream that ends at a byte and is not the last; made when it is first asked for. */
  deflated: Promise<Buffer> | null;
}

export interface MetricsPage {
  /** Makes a text ready: compressed already where the text in its place was asked for so. */
  prepare(name: string, text: string): Promise<PageText>;
  /** Puts a text in the place of the former one, in one step. */
  set(name: string, text: PageText): void;
  delete(name: string): void;
  /** The texts as they stand in the order of their names, followed by `tail`, which is another at each scrape. */
  render(tail: string): RenderedPage;
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** gzip header without name or time: magic, deflate, no flags, mtime 0, no extra flags, unknown system. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const LARGEST_STORED = 65_535;

interface Head {
  readonly inOrder: readonly PageText[];
  readonly body: Buffer;
  readonly crc: number;
  deflated: Promise<Buffer> | null;
}

/**
 * All texts, joined when one changes and not when they are scraped. Each is compressed once, by a thread of its own, and
 * again only when it changes, so that a scrape of many series costs only the few numbers that are new each time.
 */
export function createMetricsPage(): MetricsPage {
  const texts = new Map<string, PageText>();
  let head: Head | null = null;

  const currentHead = (): Head => {
    if (head !== null) return head;
    const inOrder = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
    const body = Buffer.concat(inOrder.map((text) => text.body));
    return (head = { inOrder, body, crc: crc32(body), deflated: null });
  };

  return {
    async prepare(name, text) {
      const body = Buffer.from(text === '' || text.endsWith('\n') ? text : `${text}\n`, 'utf8');
      const ready: PageText = { body, deflated: null };
      if (texts.get(name)?.deflated != null) await deflated(ready);
      return ready;
    },
    set(name, text) {
      if (texts.get(name) === text) return;
      texts.set(name, text);
      head = null;
    },
    delete(name) {
      texts.delete(name);
      head = null;
    },
    render(tail) {
      const from = currentHead();
      const end = Buffer.from(tail, 'utf8');
      return {
        contentType: CONTENT_TYPE,
        body: [from.body, end],
        async gzip() {
          from.deflated ??= Promise.all(from.inOrder.map(deflated)).then((pieces) =>
            Buffer.concat([GZIP_HEADER, ...pieces]),
          );
          return [await from.deflated, ...gzipEnd(from, end)];
        },
      };
    },
  };
}

function deflated(text: PageText): Promise<Buffer> {
  return (text.deflated ??= compress(text.body, { finishFlush: constants.Z_FULL_FLUSH }));
}

/**
 * The end of a gzip member: `tail` as it is (RFC 1951, 3.2.4), because compressing 2 kB takes longer than all the rest of a
 * scrape, then checksum and length of the whole.
 */
function gzipEnd({ body, crc }: Head, tail: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at === 0 || at < tail.length; at += LARGEST_STORED) {
    const block = tail.subarray(at, at + LARGEST_STORED);
    const start = Buffer.alloc(5);
    start[0] = at + LARGEST_STORED >= tail.length ? 1 : 0;
    start.writeUInt16LE(block.length, 1);
    start.writeUInt16LE(block.length ^ 0xffff, 3);
    pieces.push(start, block);
  }
  const trailer = Buffer.alloc(8);
  // Of no bytes at all Node.js gives 0, whatever the checksum so far.
  trailer.writeUInt32LE(tail.length === 0 ? crc : crc32(tail, crc), 0);
  trailer.writeUInt32LE((body.length + tail.length) % 2 ** 32, 4);
  return [Buffer.concat([...pieces, trailer])];
}
