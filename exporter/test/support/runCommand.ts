import { runProgram } from '../../src/cli/program.js';
import type { Finished, ProgramOptions } from './startProgram.js';

/**
 * Runs one command line to its end in this process: what is tested is the command, not how it is started. The progress of
 * `backfill` goes to the stderr of the tests.
 */
export async function runCommand(
  args: readonly string[],
  { env = {} }: Pick<ProgramOptions, 'env'> = {},
): Promise<Finished> {
  // A zone far from UTC: the machine's own zone must not matter.
  process.env['TZ'] = 'Asia/Tokyo';
  let stdout = '';
  let stderr = '';
  const code = await runProgram(args, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    log: (line) => (stderr += line),
    env: { HOME: '/nonexistent', ...env },
    shutdown: new AbortController().signal,
    onHangup: () => () => undefined,
  });
  return { code, signal: null, stdout, stderr };
}
