import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ExplainedError } from '../src/yaml/explainedError.js';
import { isReachableByAll, reachableBinaries, serverAccount } from './serverAccount.js';
import { embeddedBinaries, type ServerBinaries } from './serverBinaries.js';
import { SERVER_SUPERVISOR } from './serverSupervisor.js';

const START_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 3;
const KEPT_LINES = 20;

export interface EmbeddedServerOptions {
  /** Where the server's own directory is made; the system's temporary directory when left out. */
  readonly directory?: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Another server's programs than the embedded ones. */
  readonly binaries?: ServerBinaries;
  /** Server settings over the defaults, such as `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Receives each line that the server writes to its log. */
  readonly log: (message: string) => void;
}

export interface EmbeddedServer {
  /** Connects the superuser to the database postgres, on 127.0.0.1 only; contains a random password. */
  readonly url: string;
  readonly port: number;
  /** The process id of the PostgreSQL server. */
  readonly pid: number;
  /** The server's own directory, gone after the stop. */
  readonly directory: string;
  /** Resolves with the server's last log lines when it is gone, whether it was stopped or not. */
  readonly ended: Promise<string>;
  /** Ends connections, stops the server and removes its directory. May be called twice. */
  stop(): Promise<void>;
}

class PortInUseError extends ExplainedError {
  override readonly name = 'PortInUseError';
}

/**
 * Starts a throw-away PostgreSQL server: nothing is synced to disk, and neither stop(), an exit nor SIGKILL of this
 * process leaves a process or a file of it behind.
 *
 * @throws Error with the server's last log lines when it does not start; when the port is in use; when PostgreSQL is
 *   not installed
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const wanted = options.port ?? 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(await freePort(wanted), options);
    } catch (error) {
      // Between the probe and the start another process may have taken the port.
      if (!(error instanceof PortInUseError) || wanted !== 0 || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function startOn(port: number, options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const found = options.binaries ?? (await embeddedBinaries());
  const account = await serverAccount(options.log);
  const directory = await mkdtemp(join(options.directory ?? tmpdir(), 'portfolio-postgres-'));
  const password = randomBytes(24).toString('base64url');
  try {
    if ('uid' in account) {
      if (!(await isReachableByAll(directory))) {
        throw new Error(`the PostgreSQL account cannot enter ${directory}: set TMPDIR to a directory open to all`);
      }
      await chown(directory, account.uid, account.gid);
    }
    await writeFile(join(directory, 'password'), password, { mode: 0o600 });
    if ('uid' in account) await chown(join(directory, 'password'), account.uid, account.gid);
    const binaries = await reachableBinaries(found, account, directory);
    const arguments_ = ['-c', SERVER_SUPERVISOR, 'portfolio-postgres', directory, binaries.initdb, binaries.postgres];
    const supervisor = spawn('/bin/sh', [...arguments_, ...serverArguments(port, options.settings ?? {})], {
      ...account,
      cwd: directory,
      // Nothing of this process' environment: PG* variables would change the server.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    return await whenReady(supervisor, { port, directory, password, log: options.log });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

function serverArguments(port: number, settings: Readonly<Record<string, string>>): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '100',
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

interface Starting {
  readonly port: number;
  readonly directory: string;
  readonly password: string;
  readonly log: (message: string) => void;
}

async function whenReady(
  supervisor: ChildProcess,
  { port, directory, password, log }: Starting,
): Promise<EmbeddedServer> {
  const lastLines: string[] = [];
  if (supervisor.stderr === null || supervisor.stdin === null) throw new Error('the supervisor has no pipes');
  createInterface({ input: supervisor.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > KEPT_LINES) lastLines.shift();
    log(line);
  });
  // A supervisor that is gone already answers the end of its input with EPIPE; its exit is what counts.
  supervisor.stdin.on('error', () => undefined);
  const state = { isGone: false };
  const gone = once(supervisor, 'close').finally(() => {
    state.isGone = true;
  });
  gone.catch(() => undefined);
  const said = (): string => lastLines.join('\n');
  const ended = gone.then(said, said);

  const stop = async (): Promise<void> => {
    supervisor.ref();
    supervisor.stdin?.end();
    await gone;
    await rm(directory, { recursive: true, force: true });
  };

  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  while (!(await accepts(url))) {
    if (state.isGone) {
      const said = lastLines.join('\n');
      if (said.includes('Address already in use')) throw new PortInUseError(`port ${port} on 127.0.0.1 is in use`);
      throw new Error(`PostgreSQL did not start:\n${said}`);
    }
    if (deadline.aborted) {
      await stop();
      throw new Error(
        `PostgreSQL did not accept connections within ${START_TIMEOUT_MS / 1000} s:\n${lastLines.join('\n')}`,
      );
    }
    await delay(25);
  }

  // From here the server alone keeps no process alive: a program that ends without stop() ends, and the server with it.
  supervisor.unref();
  for (const pipe of [supervisor.stdin, supervisor.stderr]) if (pipe instanceof Socket) pipe.unref();
  const pid = Number((await readFile(join(directory, 'pid'), 'utf8')).trim());
  return { url, port, pid, directory, ended, stop };
}

async function accepts(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The wanted port, or any for 0, which at this moment nobody listens on. */
async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  probe.listen(wanted, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (error) {
    throw new PortInUseError(`port ${wanted} on 127.0.0.1 is in use`, { cause: error });
  }
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
