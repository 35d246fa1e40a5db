import { runProgram } from '../../src/cli/program.js';
import { createOutput, endedAtTheLatest } from './startProgram.js';
import type { Finished, ProgramOptions, RunningProgram } from './startProgram.js';

/**
 * Runs one command line to its end in this process: what is tested is the command, not how it is started.
 */
export function runCommand(args: readonly string[], options: Pick<ProgramOptions, 'env'> = {}): Promise<Finished> {
  return startCommand(args, options).finished;
}

/** Starts one command line in this process. SIGHUP is passed on to it, and any other signal asks it to end. */
export function startCommand(args: readonly string[], { env = {} }: Pick<ProgramOptions, 'env'> = {}): RunningProgram {
  const output = createOutput();
  const shutdown = new AbortController();
  const ended = endedAtTheLatest(() => shutdown.abort());
  const hangups = new Set<() => void>();
  const run = runProgram(args, {
    stdout: output.stdout,
    stderr: output.stderr,
    log: output.stderr,
    env: { HOME: '/nonexistent', ...env },
    shutdown: shutdown.signal,
    onHangup: (callback) => {
      hangups.add(callback);
      return () => void hangups.delete(callback);
    },
  });
  return {
    pid: process.pid,
    ...output.read,
    kill: (signal) => {
      if (signal !== 'SIGHUP') shutdown.abort();
      else for (const callback of hangups) callback();
    },
    finished: run.finally(ended).then((code) => ({ code, signal: null, ...output.end() })),
  };
}
