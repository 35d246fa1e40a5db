import { DateTime } from 'luxon';
import type { Cadence } from '../../config/requestsSchema.js';
import { formatDay, formatMonth } from '../../format/formatDay.js';

/** What a venture reports at once: a month, an ISO week or a day. */
export interface Period {
  /** `2026-11`, `2026-W48` or `2026-11-30`. */
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly firstDay: string;
  readonly lastDay: string;
}

const UNITS = { monthly: 'month', weekly: 'week', daily: 'day' } as const;
const NAMES = { monthly: 'yyyy-MM', weekly: "kkkk-'W'WW", daily: 'yyyy-MM-dd' } as const;

/** The newest period that is over. */
export function lastPeriod(cadence: Cadence, now: Date, timeZone: string): Period {
  const unit = UNITS[cadence];
  const first = DateTime.fromJSDate(now, { zone: timeZone })
    .startOf(unit)
    .minus({ [unit]: 1 });
  return {
    name: first.toFormat(NAMES[cadence]),
    firstDay: first.toFormat('yyyy-MM-dd'),
    lastDay: first.endOf(unit).toFormat('yyyy-MM-dd'),
  };
}

/** So many days after a day, at a time of that day in the time zone; an hour that a clock change leaves out is the one after it. */
export function daysAfter(day: string, days: number, at: string, timeZone: string): Date {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  return DateTime.fromISO(day, { zone: timeZone }).plus({ days }).set({ hour, minute }).toJSDate();
}

/** For people: `October 2026`, `the week to 25 Oct 2026`, `30 Nov 2026`. */
export function periodTitle({ cadence, lastDay }: { readonly cadence: Cadence; readonly lastDay: string }): string {
  if (cadence === 'monthly') return formatMonth(lastDay);
  return cadence === 'weekly' ? `the week to ${formatDay(lastDay)}` : formatDay(lastDay);
}

/** The day of a moment, `YYYY-MM-DD`. */
export function dayOf(moment: Date, timeZone: string): string {
  return DateTime.fromJSDate(moment, { zone: timeZone }).toFormat('yyyy-MM-dd');
}
