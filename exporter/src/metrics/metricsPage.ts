import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib';

const compress = promisify(deflateRaw);

/** The page as a scrape gets it. */
export interface RenderedPage {
  readonly contentType: string;
  readonly body: Buffer;
  /** The same bytes in gzip coding (RFC 1952, one member). */
  gzip(): Promise<Buffer>;
}

export interface MetricsPage {
  /** Puts a KPI's text in the place of its former text, in one step. */
  set(kpi: string, text: string): void;
  delete(kpi: string): void;
  /** The KPIs' text as it stands, followed by `tail` (the exporter's own metrics, which change with every scrape). */
  render(tail: string): RenderedPage;
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** gzip header without name or time: magic, deflate, no flags, mtime 0, no extra flags, unknown system. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

interface Head {
  readonly body: Buffer;
  readonly crc: number;
  deflated: Promise<Buffer> | null;
}

/**
 * The text of all KPIs, joined when one changes and not when it is scraped; compressed once per change as well, so that a
 * scrape of many series costs only the exporter's own metrics.
 */
export function createMetricsPage(): MetricsPage {
  const texts = new Map<string, string>();
  let head: Head | null = null;

  const currentHead = (): Head => {
    if (head === null) {
      const kpis = [...texts.keys()].sort();
      const body = Buffer.from(kpis.map((kpi) => texts.get(kpi) ?? '').join(''), 'utf8');
      head = { body, crc: crc32(body), deflated: null };
    }
    return head;
  };

  return {
    set(kpi, text) {
      texts.set(kpi, text === '' || text.endsWith('\n') ? text : `${text}\n`);
      head = null;
    },
    delete(kpi) {
      texts.delete(kpi);
      head = null;
    },
    render(tail) {
      const from = currentHead();
      const end = Buffer.from(tail, 'utf8');
      let gzipped: Promise<Buffer> | null = null;
      return {
        contentType: CONTENT_TYPE,
        body: Buffer.concat([from.body, end]),
        gzip: () => (gzipped ??= gzipJoined(from, end)),
      };
    },
  };
}

/** Two deflate streams make one: the first ends in a full flush (byte-aligned, not final), the second is the final one. */
async function gzipJoined(head: Head, tail: Buffer): Promise<Buffer> {
  head.deflated ??= compress(head.body, { finishFlush: constants.Z_FULL_FLUSH });
  const first = await head.deflated;
  // Some 20 kB: less work at the lowest level than handing it to another thread and waiting for it.
  const second = deflateRawSync(tail, { level: constants.Z_BEST_SPEED });
  const trailer = Buffer.alloc(8);
  // Of no bytes at all Node.js gives 0, whatever the checksum so far.
  trailer.writeUInt32LE(tail.length === 0 ? head.crc : crc32(tail, head.crc), 0);
  trailer.writeUInt32LE((head.body.length + tail.length) % 2 ** 32, 4);
  return Buffer.concat([GZIP_HEADER, first, second, trailer]);
}
