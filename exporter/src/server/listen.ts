import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIPv6 } from 'node:net';
import { ExplainedError } from '../yaml/explainedError.js';
import { answerInTurn, CONNECTION_LIMITS } from './connections.js';
import { formatListenAddress, type ListenAddress } from './listenAddress.js';

/** A server that accepts connections. */
export interface Listening {
  /** What a person on this machine opens, with the real port; `localhost` where every interface listens. */
  readonly url: string;
  readonly port: number;
  /**
   * Stops accepting, lets requests in flight end, closes idle connections at once and everything else after
   * `graceMs`. Resolves when no connection is left; calling it again waits for the same end.
   */
  stop(graceMs?: number): Promise<void>;
}

/** The address cannot be listened on; the message names it and says how to choose another. `code` is the system's. */
export class ListenError extends ExplainedError {
  override readonly name = 'ListenError';
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

// Longer than the usual scrape interval of 60 s, so that a scraper keeps its connection and never meets it half closed.
const KEEP_ALIVE_MS = 75_000;
// A client that is slow to send its request holds a connection no longer than this.
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const MAX_HEADER_BYTES = 16 * 1024;
// After so many a client connects again; Prometheus does within the same scrape.
const MAX_REQUESTS_PER_CONNECTION = 10_000;
const GRACE_MS = 5000;

/** How a person gives the program another address. */
export type ListenOption = (address: ListenAddress) => string;

const webListenAddress: ListenOption = (address) => `--web.listen-address=${formatListenAddress(address)}`;

/**
 * Serves `handler` on the address; `option` is what an error tells to give instead.
 * @throws ListenError
 */
export async function listen(
  handler: RequestListener,
  address: ListenAddress,
  limits = CONNECTION_LIMITS,
  option: ListenOption = webListenAddress,
): Promise<Listening> {
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    // Node.js looks for requests that take too long this often; 30 s is its default.
    connectionsCheckingInterval: 1000,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION;
  const closeWhenIdle = answerInTurn(server, handler, limits);
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error): void => reject(listenError(address, cause, option));
    server.once('error', refuse);
    server.listen({ port: address.port, ...(address.host === null ? {} : { host: address.host }) }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  let stopped: Promise<void> | null = null;
  return {
    url: localUrl(address.host, port),
    port,
    stop: (graceMs = GRACE_MS) => (stopped ??= stop(server, closeWhenIdle, graceMs)),
  };
}

async function stop(server: Server, closeWhenIdle: () => void, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  closeWhenIdle();
  const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(deadline);
}

function localUrl(host: string | null, port: number): string {
  const everywhere = host === null || host === '0.0.0.0' || host === '::';
  // A zone (fe80::1%eth0) is written %25 in a URL.
  const name = everywhere ? 'localhost' : isIPv6(host) ? `[${host.replace('%', '%25')}]` : host;
  return `http://${name}:${port}`;
}

function listenError(address: ListenAddress, cause: Error, option: ListenOption): ListenError {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : 'UNKNOWN';
  const place = formatListenAddress(address);
  const other = option({ host: address.host, port: address.port === 65_535 ? 10_039 : address.port + 1 });
  const everywhere = option({ host: null, port: 10_039 });
  const reason: Readonly<Record<string, string>> = {
    EADDRINUSE: `is in use by another program; stop that one or choose another address, for example ${other}`,
    EACCES: `is not allowed to this user; choose a port above 1023, for example ${option({ host: address.host, port: 10_039 })}`,
    EADDRNOTAVAIL: `is not an address of this machine; choose one that is, or ${everywhere} for all`,
    ENOTFOUND: `is a host name that cannot be resolved; choose an address of this machine, or ${everywhere} for all`,
  };
  return new ListenError(`cannot listen: ${place} ${reason[code] ?? `failed with ${cause.message}`}`, code, { cause });
}
