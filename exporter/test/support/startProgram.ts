import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** What `npx portfolio-exporter` runs. */
export const PROGRAM = fileURLToPath(new URL('../../bin/portfolio-exporter.js', import.meta.url));

export interface ProgramOptions {
  /** The variables that matter to the test; nothing of the tester's own database or zone gets in. */
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of node and the program. */
  readonly command?: readonly [string, ...string[]];
  readonly cwd?: string;
  /** Leads a process group of its own, as the foreground job of a terminal does. */
  readonly detached?: boolean;
}

export interface Finished {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** The first match in what it has written to stdout or stderr; throws with its output where it ends or says nothing of the kind. */
  says(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended and its output is complete. */
  readonly finished: Promise<Finished>;
}

/** A warning of the process (too many listeners, a deprecated call) ends it with its stack: no user is to see one. */
const NO_WARNINGS = `--import=data:text/javascript,process.on('warning',(warning)=>{throw(warning)})`;

const running = new Set<number>();
// A test that fails half-way leaves no program behind. Registered for the file that imports this one; it runs last.
afterAll(() => {
  for (const pid of running) process.kill(pid, 'SIGKILL');
});

/** Starts the built program as a process of its own. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const [file, ...before] = options.command ?? [process.execPath, PROGRAM];
  const child = spawn(file, [...before, ...args], {
    // A zone far from UTC: the machine's own zone must not matter.
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      TZ: 'Asia/Tokyo',
      ...(options.command === undefined ? { NODE_OPTIONS: NO_WARNINGS } : {}),
      ...options.env,
    },
    cwd: options.cwd,
    detached: options.detached ?? false,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${file}`);
  // As the leader of a group it is killed with all its members.
  const victim = options.detached === true ? -pid : pid;
  running.add(victim);
  let stdout = '';
  let stderr = '';
  let ended = false;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  child.once('exit', () => running.delete(victim));
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code, signal) => {
      ended = true;
      tell();
      resolve({ code, signal, stdout, stderr });
    });
  });

  return {
    pid,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (pattern, timeoutMs = 20_000) =>
      new Promise((resolve, reject) => {
        const settle = (result: RegExpExecArray | Error): void => {
          clearTimeout(timer);
          listeners.delete(look);
          if (result instanceof Error) reject(result);
          else resolve(result);
        };
        const look = (): void => {
          const match = pattern.exec(stdout) ?? pattern.exec(stderr);
          if (match !== null) settle(match);
          else if (ended) settle(new Error(`it ended without saying ${String(pattern)}:\n${stdout}\n${stderr}`));
        };
        const timer = setTimeout(
          () => settle(new Error(`it did not say ${String(pattern)} within ${timeoutMs} ms:\n${stdout}\n${stderr}`)),
          timeoutMs,
        );
        listeners.add(look);
        look();
      }),
    kill: (signal) => void child.kill(signal),
    finished,
  };
}

/** Runs the built program to its end. */
export function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<Finished> {
  return startProgram(args, options).finished;
}
