import { isIP, isIPv6 } from 'node:net';
import { ExplainedError } from '../yaml/explainedError.js';

/** Where to listen. host null: every interface, IPv6 and IPv4. Port 0 takes a free one. */
export interface ListenAddress {
  readonly host: string | null;
  readonly port: number;
}

/** A `--web.listen-address` that cannot be read; the message says what would be right. */
export class ListenAddressError extends ExplainedError {
  override readonly name = 'ListenAddressError';
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/**
 * Reads `:10039`, `127.0.0.1:0`, `[::1]:10039`, `localhost:9000`, as Prometheus does.
 * @throws ListenAddressError
 */
export function parseListenAddress(text: string): ListenAddress {
  const fail = (reason: string): never => {
    throw new ListenAddressError(`listen address ${JSON.stringify(text)}: ${reason}`);
  };
  if (text.includes('://')) return fail('give host:port without a scheme, for example localhost:10039');
  if (/^\d+$/.test(text)) return fail(`a port needs a colon before it: :${text}`);
  if (/^\[[^\]]*\]?$/.test(text) || /^[^[\]]*:[^[\]]*:/.test(text)) {
    return fail('an IPv6 address needs brackets and a port, for example [::1]:10039');
  }
  const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(text);
  if (match === null) return fail('give host:port or :port, for example :10039');
  const [, bracketed, plain = '', portText = ''] = match;
  if (!/^\d{1,5}$/.test(portText) || Number(portText) > 65_535) {
    return fail(`the port must be a number from 0 to 65535, not ${JSON.stringify(portText)}`);
  }
  const port = Number(portText);
  if (bracketed !== undefined) {
    return isIPv6(bracketed) ? { host: bracketed, port } : fail(`${JSON.stringify(bracketed)} is not an IPv6 address`);
  }
  if (plain === '') return { host: null, port };
  const looksNumeric = /^[\d.]+$/.test(plain);
  if (looksNumeric ? isIP(plain) !== 4 : !HOST_NAME.test(plain)) {
    return fail(`${JSON.stringify(plain)} is neither a host name nor an IP address`);
  }
  return { host: plain, port };
}

/** The form that parseListenAddress reads. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return `${host === null ? '' : isIPv6(host) ? `[${host}]` : host}:${port}`;
}
