import type { WriteStream } from 'node:tty';

/** Milliseconds between two lines: on a terminal the line is redrawn, in a file or a pipe each is one more. */
const EVERY = { terminal: 100, file: 5_000 };

export interface ProgressLine {
  start(total: number): void;
  /** One more of them is done. */
  step(what: string): void;
  /** Ends the line; does nothing where there is none. */
  stop(): void;
}

/** Says how far a long command is: `42% | 420/1000 | 2026-03-01 synergy_value`. */
export function progressLine(stream: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean }): ProgressLine {
  const isTerminal = stream.isTTY === true;
  let [total, done, shownAt, isOpen] = [0, 0, -Infinity, false];
  return {
    start(count) {
      total = count;
    },
    step(what) {
      done += 1;
      const now = performance.now();
      if (done < total && now - shownAt < (isTerminal ? EVERY.terminal : EVERY.file)) return;
      shownAt = now;
      isOpen = isTerminal;
      const text = `${Math.floor((100 * done) / total)}% | ${done}/${total} | ${what}`;
      // The end of the former line, where that was longer, is erased.
      stream.write(isTerminal ? `\r${text}\u001B[K` : `${text}\n`);
    },
    stop() {
      if (isOpen) stream.write('\n');
      isOpen = false;
    },
  };
}
