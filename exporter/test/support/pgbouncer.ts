import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { findProgram } from './findProgram.js';
import { freePort } from './freePort.js';

/** null where it is not installed: skip the tests that need it. */
export const PGBOUNCER = findProgram(['pgbouncer', '/usr/sbin/pgbouncer'], 'pgbouncer');

export interface RunningPooler {
  /** The URL with the pooler in the server's place. */
  urlOf(url: string): string;
  stop(): Promise<void>;
}

/** PgBouncer in transaction mode before the server of this URL, for the logins of these URLs. */
export async function startPgbouncer(urls: readonly string[]): Promise<RunningPooler> {
  const [server] = urls.map((url) => new URL(url));
  if (server === undefined) throw new Error('no URL');
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-pgbouncer-'));
  const port = await freePort();
  const users = urls
    .map((url) => new URL(url))
    .map(({ username, password }) => [username, password].map(decodeURIComponent));
  await writeFile(join(directory, 'users.txt'), users.map((pair) => `${pair.map(quoted).join(' ')}\n`).join(''));
  await writeFile(
    join(directory, 'pgbouncer.ini'),
    `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(directory, 'users.txt')}
pool_mode = transaction
default_pool_size = 2
`,
  );
  // It refuses to run as root, and then reads its files as somebody else.
  await chmod(directory, 0o755);
  const user = process.getuid?.() === 0 ? ['--user', 'nobody'] : [];
  const child = spawn(PGBOUNCER ?? '', [...user, join(directory, 'pgbouncer.ini')], { stdio: 'ignore' });
  const urlOf = (url: string): string => {
    const pooled = new URL(url);
    pooled.hostname = '127.0.0.1';
    pooled.port = String(port);
    return pooled.href;
  };
  await untilItAnswers(urlOf(urls[0] ?? ''));
  return {
    urlOf,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
