import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Builds exporter/dist where it is older than the sources, so that tests of the program as people run it never run an older one.
 * Throws an Error with the compiler's output where that fails.
 */
export async function buildProgram(): Promise<void> {
  const built = await stat(join(ROOT, 'exporter/dist/main.js')).catch(() => null);
  if (built !== null && built.mtimeMs > (await newestSource())) return;
  try {
    // `npm run typecheck` checks the types; here they would only take time.
    await promisify(execFile)(process.execPath, [
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      '-p',
      ROOT,
      '--noCheck',
    ]);
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`exporter/src cannot be built:\n${output}`, { cause: error });
  }
}

/** When a source, or what decides how it is compiled, was last changed; a deleted file touches its directory. */
async function newestSource(): Promise<number> {
  const source = join(ROOT, 'exporter/src');
  const paths = ['.', ...(await readdir(source, { recursive: true }))].map((path) => join(source, path));
  const times = await Promise.all(
    [join(ROOT, 'tsconfig.json'), ...paths].map(async (path) => (await stat(path)).mtimeMs),
  );
  return Math.max(...times);
}
