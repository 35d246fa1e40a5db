import { Agent, get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';

export interface Scrape {
  /** From sending the request to the last byte. */
  readonly milliseconds: number;
  /** As they came over the wire. */
  readonly bytes: number;
  text(): string;
}

export interface Scraper {
  scrape(options?: { readonly gzip?: boolean }): Promise<Scrape>;
  close(): void;
}

/** Scrapes one URL over one kept connection, as Prometheus does. A status other than 200 is an error. */
export function createScraper(url: string): Scraper {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    scrape: ({ gzip = false } = {}) =>
      new Promise((resolve, reject) => {
        const started = performance.now();
        const headers = { 'accept-encoding': gzip ? 'gzip' : 'identity' };
        const request = get(url, { agent, headers, timeout: 30_000 }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const milliseconds = performance.now() - started;
            if (response.statusCode !== 200) {
              reject(new Error(`${url} answered ${String(response.statusCode)}`));
              return;
            }
            const body = Buffer.concat(chunks);
            const isGzip = response.headers['content-encoding'] === 'gzip';
            resolve({ milliseconds, bytes: body.length, text: () => (isGzip ? gunzipSync(body) : body).toString() });
          });
        });
        request.on('timeout', () => request.destroy(new Error(`${url} did not answer within 30 s`)));
        request.on('error', reject);
      }),
    close: () => agent.destroy(),
  };
}
