import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const STOP_MS = 10_000;
const KEPT_LINES = 20;

export interface ChildProgram {
  readonly pid: number;
  /** Resolves with the first match in its output; rejects when the program ends before, or after 60 s. */
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resident memory in bytes, as the system counts it. */
  residentBytes(): Promise<number>;
  /** The last lines of its output. */
  output(): string;
  /** SIGTERM, and SIGKILL after 10 s. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();

/** For a test that ends without its own cleaning up; a worker of vitest may end without the event that this process ends. */
export function killPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts a program of a test or a benchmark; it ends with this process at the latest. */
export function startProgram(command: string, args: readonly string[], env: Record<string, string>): ChildProgram {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  running.add(child);
  // One listener for all of them.
  process.off('exit', killPrograms).once('exit', killPrograms);
  const gone = once(child, 'close').finally(() => running.delete(child));
  let ended = false;
  void gone.then(() => (ended = true));

  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    });
  }
  return {
    pid,
    async waitForOutput(pattern) {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const match = lines.map((line) => pattern.exec(line)).find((found) => found !== null);
        if (match !== undefined) return match;
        if (ended || Date.now() > deadline) throw new Error(`${command} did not start:\n${lines.join('\n')}`);
        await delay(20);
      }
    },
    output: () => lines.join('\n'),
    async residentBytes() {
      const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
      return Number(stdout.trim()) * 1024;
    },
    async stop() {
      if (ended) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
