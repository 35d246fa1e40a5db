import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Brings dist up to date, so that tests of the program as people run it never run an older one; the compiler itself
 * knows when there is nothing to do. Throws an Error with its output where the build fails.
 */
export async function buildProgram(): Promise<void> {
  try {
    // As `npm run build` does.
    await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--build', ROOT]);
    await run(process.execPath, [join(ROOT, 'dist/exporter/src/writeCompiledForms.js')]);
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`the program cannot be built:\n${output}`, { cause: error });
  }
}
