import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Its first line of version, null where it is not installed. A build server must have it; elsewhere its tests are skipped. */
export const PROMTOOL = findPromtool();

export interface PromtoolResult {
  readonly code: number;
  /** stdout and stderr. */
  readonly output: string;
}

function findPromtool(): string | null {
  const { status, stdout, stderr } = spawnSync('promtool', ['--version'], { encoding: 'utf8' });
  if (status === 0) return `${stdout}${stderr}`.split('\n', 1)[0] ?? '';
  if (process.env['CI'] !== undefined) throw new Error('promtool is missing: apt-get install prometheus');
  process.stderr.write('promtool is not installed, its checks are skipped: apt-get install prometheus\n');
  return null;
}

export async function runPromtool(args: readonly string[], input: string | Buffer = ''): Promise<PromtoolResult> {
  const child = spawn('promtool', args);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

/** What `promtool check metrics` says of a page: code 0 and not a word when it is faultless. */
export function checkMetrics(page: string | Buffer): Promise<PromtoolResult> {
  return runPromtool(['check', 'metrics'], page);
}
