import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from './findProgram.js';

const run = promisify(execFile);

/** null where it is not installed. */
export const AMTOOL = findProgram(['amtool'], 'prometheus-alertmanager');

/** Runs `amtool` with these arguments; does not throw for an exit code. */
export async function amtool(...args: readonly string[]): Promise<{ code: number; stdout: string; output: string }> {
  try {
    const { stdout, stderr } = await run('amtool', args, { maxBuffer: 16 * 1024 * 1024 });
    return { code: 0, stdout, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, output: stdout + stderr };
  }
}
