import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from './findProgram.js';

/** null where it is not installed. */
export const PROMTOOL = findProgram(['promtool'], 'prometheus');

export interface PromtoolResult {
  readonly code: number;
  /** stdout and stderr. */
  readonly output: string;
}

export async function runPromtool(args: readonly string[], input: string | Buffer = ''): Promise<PromtoolResult> {
  // Collects garbage less often, and not on another processor beside: the memory is given back at once anyway.
  const child = spawn('promtool', args, { env: { ...process.env, GOGC: '400', GOMAXPROCS: '1' } });
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
