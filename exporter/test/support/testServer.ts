import { readFileSync, statfsSync } from 'node:fs';
import { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from '../../demo/embeddedServer.js';

const MEMORY = '/dev/shm';
/** Some hundred databases of twelve megabytes at a time, and what else uses it. */
const NEEDED_BYTES = 2 * 1024 ** 3;

/** Nothing that a test could see: rows are never many, and no server is alive for long. */
const SETTINGS = { autovacuum: 'off', jit: 'off' };

/**
 * A throw-away server for tests, its files in memory where the system has room for them: the system copies a database there in a
 * fifth of the time. Its log goes nowhere: tests provoke errors on purpose.
 */
export function startTestServer(options: Partial<EmbeddedServerOptions> = {}): Promise<EmbeddedServer> {
  const directory = memoryDirectory();
  return startEmbeddedServer({
    log: () => undefined,
    ...(directory === null ? {} : { directory }),
    ...options,
    settings: { ...SETTINGS, ...options.settings },
  });
}

/** null: not of this system, too small (that of a container has 64 MB), or without programs (the server may be copied there). */
export function memoryDirectory(mounts = mountsOfSystem(), freeBytes = freeBytesOf): string | null {
  // What is mounted last there is what is seen.
  const [, kind, flags = ''] = [...mounts.matchAll(/^\S+ \/dev\/shm (\S+) (\S+)/gm)].at(-1) ?? [];
  const isFit = kind === 'tmpfs' && !/\b(ro|noexec)\b/.test(flags);
  return isFit && freeBytes(MEMORY) >= NEEDED_BYTES ? MEMORY : null;
}

function mountsOfSystem(): string {
  try {
    return readFileSync('/proc/mounts', 'utf8');
  } catch {
    return '';
  }
}

function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
