import { uptime } from 'node:os';

const LOOK_MS = 1_000;
/** Less is a clock that is adjusted little by little, or a look that was held up. */
const STEP_MS = 5_000;

export interface ClockWatchOptions {
  readonly clock: () => Date;
  /** Milliseconds that have passed, by a clock that nobody sets and that goes on while the machine sleeps. */
  readonly elapsedMs?: () => number;
  /** Told by how many ms the clock was set forward, or back where negative. */
  readonly onStep: (byMs: number) => void;
}

/** Notices within a second that the machine's clock was set; returns its end. A machine that slept has a clock that is right. */
export function watchClock({ clock, elapsedMs = () => uptime() * 1_000, onStep }: ClockWatchOptions): () => void {
  let ahead = clock().getTime() - elapsedMs();
  const timer = setInterval(() => {
    const now = clock().getTime() - elapsedMs();
    const step = now - ahead;
    ahead = now;
    if (Math.abs(step) >= STEP_MS) onStep(step);
  }, LOOK_MS);
  return () => clearInterval(timer);
}
