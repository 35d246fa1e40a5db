/** Milliseconds between two lines: on a terminal the line is redrawn, in a file or a pipe each is one more. */
const EVERY = { terminal: 100, file: 5_000 };

export interface ProgressLine {
  start(total: number): void;
  /** One more of them is done. */
  step(what: string): void;
  /** So much of the whole is done, in whatever unit. */
  at(done: number, total: number, what: string): void;
  /** Ends the line; does nothing where there is none. */
  stop(): void;
}

/** Says how far a long command is: `42% | 420/1000 | 2026-03-01 synergy_value`. */
export function progressLine(stream: {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
}): ProgressLine {
  const isTerminal = stream.isTTY === true;
  let [total, done, shownAt, isOpen] = [0, 0, -Infinity, false];
  const show = (text: (percent: number) => string): void => {
    const now = performance.now();
    if (done < total && now - shownAt < (isTerminal ? EVERY.terminal : EVERY.file)) return;
    shownAt = now;
    isOpen = isTerminal;
    // The end of the former line, where that was longer, is erased.
    stream.write(isTerminal ? `\r${text(percentOf(done, total))}\u001B[K` : `${text(percentOf(done, total))}\n`);
  };
  return {
    start(count) {
      total = count;
    },
    step(what) {
      done += 1;
      show((percent) => `${percent}% | ${done}/${total} | ${what}`);
    },
    at(part, whole, what) {
      [done, total] = [part, whole];
      show((percent) => `${percent}% | ${what}`);
    },
    stop() {
      if (isOpen) stream.write('\n');
      isOpen = false;
    },
  };
}

function percentOf(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((100 * done) / total);
}
