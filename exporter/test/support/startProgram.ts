import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

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

export interface Output {
  stdout(): string;
  stderr(): string;
  /** The first match in what it has written to stdout or stderr; throws with its output where it ends or says nothing of the kind. */
  says(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
}

export interface RunningProgram extends Output {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended and its output is complete. */
  readonly finished: Promise<Finished>;
}

/** Long: on a machine with other work a program may take this to start. */
const SAYS_MS = 60_000;

/** Collects what is written, for those who wait for a word of it. */
export function createOutput(): {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly end: () => { readonly stdout: string; readonly stderr: string };
  readonly read: Output;
} {
  let stdout = '';
  let stderr = '';
  let ended = false;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const says: Output['says'] = (pattern, timeoutMs = SAYS_MS) =>
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
    });
  return {
    stdout: (text) => {
      stdout += text;
      tell();
    },
    stderr: (text) => {
      stderr += text;
      tell();
    },
    end: () => {
      ended = true;
      tell();
      return { stdout, stderr };
    },
    read: { stdout: () => stdout, stderr: () => stderr, says },
  };
}

/** A warning of the process (too many listeners, a deprecated call) ends it with its stack: no user is to see one. */
const NO_WARNINGS = `--import=data:text/javascript,process.on('warning',(warning)=>{throw(warning)})`;

const running = new Set<() => void>();

/** Calls this after the test file, unless the function that it gives was called before: for a test that fails half-way. */
export function endedAtTheLatest(end: () => void): () => void {
  running.add(end);
  return () => void running.delete(end);
}

export function killStartedPrograms(): void {
  for (const end of running) end();
  running.clear();
}

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
  const ended = endedAtTheLatest(() => process.kill(victim, 'SIGKILL'));
  const output = createOutput();
  child.stdout.setEncoding('utf8').on('data', output.stdout);
  child.stderr.setEncoding('utf8').on('data', output.stderr);
  child.once('exit', ended);
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...output.end() }));
  });
  return { pid, ...output.read, kill: (signal) => void child.kill(signal), finished };
}

/** Runs the built program to its end. */
export function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<Finished> {
  return startProgram(args, options).finished;
}
