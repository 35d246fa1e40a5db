import { ExplainedError } from '../yaml/explainedError.js';

/** Where a command reads and writes; tests give their own. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether stderr is a terminal, where a line can be redrawn. */
  readonly isTerminal?: boolean;
  /** Takes the lines of the log; left out, they go to the stderr of the process. */
  readonly log?: (line: string) => void;
  /** Environment variables; left out, they are the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Aborted once when the program is asked to end (SIGINT, SIGTERM). */
  readonly shutdown: AbortSignal;
  /** Calls back on every SIGHUP until the returned function is called. */
  readonly onHangup: (callback: () => void) => () => void;
}

/** Exit codes of every command. */
export const EXIT_OK = 0;
/** The work could not be done, or a check found something. */
export const EXIT_FAILURE = 1;
/** The command line itself is wrong. */
export const EXIT_USAGE = 2;

/** A failure that one sentence explains: printed on stderr without a stack, exit code 1. */
export class CommandError extends ExplainedError {
  override readonly name = 'CommandError';
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
