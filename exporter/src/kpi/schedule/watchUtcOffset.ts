/** Often enough that a cron tick lost to a change of the clocks is made up for within a minute. */
const LOOK_MS = 60_000;

/**
 * Calls back when the time zone's offset from UTC has changed, that is when its clocks were put forward or back: cron
 * expressions skip a local time that does not exist, and run but once in the hour that comes twice. Returns its end.
 */
export function watchUtcOffset(timeZone: string, clock: () => Date, onChange: () => void): () => void {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const offset = (): string | undefined =>
    format.formatToParts(clock()).find((part) => part.type === 'timeZoneName')?.value;
  let known = offset();
  const timer = setInterval(() => {
    const now = offset();
    if (now === known) return;
    known = now;
    onChange();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
