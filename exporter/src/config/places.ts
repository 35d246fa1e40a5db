import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionTexts } from './connectionOptions.js';
import { DatabaseSettingsError } from './connectionOptions.js';

/** One server of those that `host`, `hostaddr` and `port` name. */
export interface Place {
  /** Where to connect: a name, an address or the directory of a Unix socket. */
  readonly address: string;
  readonly port: number;
  readonly isSocket: boolean;
  /** What the server's certificate must bear; null where only an address or a directory is given. */
  readonly name: string | null;
  /** What the lines of a password file say for it. */
  readonly passFileHost: string;
}

const DEFAULT_PORT = 5432;
/** Of Debian's and Red Hat's packages, and of PostgreSQL as it is published. */
const SOCKET_DIRECTORIES = ['/var/run/postgresql', '/tmp'] as const;

/**
 * The servers in the order in which libpq tries them: lists of the same length, or one port for all.
 * @throws {DatabaseSettingsError} where the lists do not fit, or a port is none
 */
export function places(texts: ConnectionTexts): Place[] {
  const addresses = listOf(texts.hostaddr);
  const hosts = listOf(texts.host) ?? addresses?.map(() => '') ?? [''];
  if (addresses !== null && addresses.length !== hosts.length) {
    throw new DatabaseSettingsError(`host names ${hosts.length} servers and hostaddr ${addresses.length}`);
  }
  const ports = listOf(texts.port) ?? [''];
  if (ports.length !== 1 && ports.length !== hosts.length) {
    throw new DatabaseSettingsError(`port names ${ports.length} ports for ${hosts.length} servers`);
  }
  return hosts.map((host, index) =>
    placeOf(host, addresses?.[index] ?? '', portOf((ports.length === 1 ? ports[0] : ports[index]) ?? '')),
  );
}

function placeOf(host: string, address: string, port: number): Place {
  if (address !== '') {
    if (isIP(address) === 0) throw new DatabaseSettingsError('the hostaddr must be an IP address');
    const name = host === '' ? null : host;
    return { address, port, isSocket: false, name, passFileHost: name ?? address };
  }
  if (host.startsWith('@'))
    throw new DatabaseSettingsError('a host that is an abstract socket (@...) is not supported');
  if (host !== '' && !host.startsWith('/')) {
    return { address: host, port, isSocket: false, name: host, passFileHost: host };
  }
  const [packaged, published] = SOCKET_DIRECTORIES;
  const standard = existsSync(packaged) ? packaged : published;
  const directory = host === '' ? standard : host;
  // libpq knows its own socket directory by the name localhost there.
  const passFileHost = directory === standard ? 'localhost' : directory;
  return { address: directory, port, isSocket: true, name: null, passFileHost };
}

function listOf(text: string | undefined): string[] | null {
  return text === undefined || text === '' ? null : text.split(',');
}

function portOf(text: string): number {
  if (text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (!/^\s*\+?\d+\s*$/.test(text) || port < 1 || port > 65_535) {
    throw new DatabaseSettingsError('the port must be a whole number from 1 to 65535');
  }
  return port;
}
