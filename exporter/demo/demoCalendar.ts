const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Dates and moments counted back from the present, so that the demo never ages. */
export interface DemoCalendar {
  /** The date `daysBefore` days before today as YYYY-MM-DD; negative: after today. */
  day(daysBefore: number): string;
  /** That date at `hour` UTC, but never later than a minute before now. */
  at(daysBefore: number, hour: number): Date;
  /** `hours` before now. */
  hoursAgo(hours: number): Date;
  /** The first day of the month `months` months before today's. */
  monthStart(months: number): string;
}

/**
 * `today` is the date of `now` in whatever time zone the caller works in: no time zone is over 14 hours from UTC.
 * Throws RangeError when the two cannot belong together.
 */
export function demoCalendar(today: string, now: Date): DemoCalendar {
  const midnight = Date.parse(`${today}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(today) || Number.isNaN(midnight) || isoDay(midnight) !== today) {
    throw new RangeError(`today must be a date as YYYY-MM-DD, not '${today}'`);
  }
  const elapsed = now.getTime() - midnight;
  if (!(elapsed >= -14 * HOUR_MS && elapsed < 38 * HOUR_MS)) {
    throw new RangeError(`${today} is in no time zone the date of the given present moment`);
  }
  return {
    day: (daysBefore) => isoDay(midnight - daysBefore * DAY_MS),
    at: (daysBefore, hour) =>
      new Date(Math.min(midnight - daysBefore * DAY_MS + Math.round(hour * HOUR_MS), now.getTime() - 60_000)),
    hoursAgo: (hours) => new Date(now.getTime() - Math.round(hours * HOUR_MS)),
    monthStart: (months) => isoDay(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1 - months, 1)),
  };
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
