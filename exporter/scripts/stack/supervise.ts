import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const KEPT_LINES = 20;

/**
 * The POSIX shell program that owns one program of the stack: it runs it and, when its standard input ends, stops it and
 * removes its directory. The input is a pipe whose other end only this process holds, so the end comes with stop(), with an
 * exit and with SIGKILL alike. It runs in its own session and ignores the signals of a terminal: Ctrl-C is for the stack,
 * which ends its programs in order.
 *
 * Arguments: the directory, then the program and its arguments. Exits with the program's status.
 */
const SUPERVISOR = `
base=$1
shift
trap '' INT TERM HUP QUIT
exec 3<&0
(
  trap - INT TERM HUP QUIT
  exec "$@" 3<&- </dev/null
) &
program=$!
(
  while read -r _; do :; done <&3
  kill -TERM "$program"
  tries=0
  while [ "$tries" -lt 100 ]; do
    sleep 0.1
    kill -0 "$program" || exit
    tries=$((tries + 1))
  done
  kill -KILL "$program"
) >/dev/null 2>&1 &
watch=$!
wait "$program"
status=$?
kill -KILL "$watch" 2>/dev/null
cd /
rm -rf "$base"
exit "$status"
`;

export interface ProgramOptions {
  /** As it is called in messages. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Everything that the program finds in its environment, beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program's own directory: its working directory, removed when it has ended. */
  readonly directory: string;
}

export interface SupervisedProgram {
  readonly name: string;
  /** Its last lines of output. */
  output(): string;
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>;
  /** SIGTERM, and SIGKILL after 10 s. May be called twice. */
  stop(): Promise<void>;
}

/** Starts a program that never outlives this process. */
export function supervise(options: ProgramOptions): SupervisedProgram {
  const child = spawn(
    '/bin/sh',
    ['-c', SUPERVISOR, 'portfolio-stack', options.directory, options.file, ...options.args],
    {
      cwd: options.directory,
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    });
  }
  // One that is gone already answers the end of its input with EPIPE; its exit is what counts.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`did not start: ${error.message}`));
    child.once('close', (code, signal) =>
      resolve(code === null ? `was ended by ${String(signal)}` : `ended with exit code ${code}`),
    );
  });
  return {
    name: options.name,
    output: () => lines.join('\n'),
    ended,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
