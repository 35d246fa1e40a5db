/** The machine's clock was set by `byMs`, back where negative, and says `now`. */
export interface ClockStep {
  readonly byMs: number;
  readonly now: Date;
}

/** A step is noticed within about a second. */
const NOTICE_MS = 2_000;

/** A moment by the clock as it was, by the clock as it is: as old as before, never later than now. */
export function moved(at: Date, { byMs, now }: ClockStep): Date {
  const ageMs = now.getTime() - at.getTime();
  // What came after the step and before its notice is by the new clock already.
  if (ageMs >= 0 && ageMs <= NOTICE_MS) return at;
  return new Date(Math.min(at.getTime() + byMs, now.getTime()));
}
