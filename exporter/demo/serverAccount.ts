import { execFile } from 'node:child_process';
import { cp, lchown, readdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ServerBinaries } from './serverBinaries.js';

const run = promisify(execFile);
const ACCOUNT = 'postgres';

/** The system account that PostgreSQL runs as; empty where it is the account of this process. */
export type ServerAccount = { readonly uid: number; readonly gid: number } | Record<string, never>;

/**
 * PostgreSQL refuses to run as root, so root lends it the account `postgres`, which is created where the system has none.
 *
 * @throws Error when the account neither exists nor can be created
 */
export async function serverAccount(log: (message: string) => void): Promise<ServerAccount> {
  if (userInfo().uid !== 0) return {};
  const known = await lookUp();
  if (known !== null) return known;
  log(`creating the system account ${ACCOUNT}, because PostgreSQL does not run as root`);
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/sh', ACCOUNT]);
  } catch (error) {
    throw new Error(
      `PostgreSQL does not run as root, and the system account ${ACCOUNT} could not be created: ` +
        'create it, or start as another user',
      { cause: error },
    );
  }
  const created = await lookUp();
  if (created === null) throw new Error(`useradd made no system account ${ACCOUNT}`);
  return created;
}

async function lookUp(): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', ACCOUNT]), run('id', ['-g', ACCOUNT])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** Whether every directory above `path` lets any account pass. */
export async function isReachableByAll(path: string): Promise<boolean> {
  for (let directory = dirname(resolve(path)); ; directory = dirname(directory)) {
    if (((await stat(directory)).mode & 0o001) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}

/**
 * Programs that the account can reach: the given ones, or a copy of their tree inside `directory` where the checkout
 * lies below a private directory such as /root.
 */
export async function reachableBinaries(
  binaries: ServerBinaries,
  account: ServerAccount,
  directory: string,
): Promise<ServerBinaries> {
  if (!('uid' in account) || (await isReachableByAll(binaries.postgres))) return binaries;
  const source = dirname(dirname(binaries.postgres));
  const copy = join(directory, 'native');
  await cp(source, copy, { recursive: true, verbatimSymlinks: true });
  await giveTo(copy, account.uid, account.gid);
  return { initdb: binaries.initdb.replace(source, copy), postgres: binaries.postgres.replace(source, copy) };
}

async function giveTo(root: string, uid: number, gid: number): Promise<void> {
  const entries = await readdir(root, { recursive: true });
  for (const entry of ['.', ...entries]) await lchown(join(root, entry), uid, gid);
}
