import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Its first line of version, null where it is not installed. A build server must have it; elsewhere its tests are skipped. */
export const AMTOOL = findAmtool();

function findAmtool(): string | null {
  const { status, stdout, stderr } = spawnSync('amtool', ['--version'], { encoding: 'utf8' });
  if (status === 0) return `${stdout}${stderr}`.split('\n', 1)[0] ?? '';
  if (process.env['CI'] !== undefined) throw new Error('amtool is missing: apt-get install prometheus-alertmanager');
  process.stderr.write('amtool is not installed, its checks are skipped: apt-get install prometheus-alertmanager\n');
  return null;
}

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
