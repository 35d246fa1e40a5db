import { ExplainedError } from '../yaml/explainedError.js';
import type { Moment } from '../kpi/unit/moment.js';

/** A month that is none, or lies ahead. */
export class ReportMonthError extends ExplainedError {
  override readonly name = 'ReportMonthError';
}

/** Whether a text is a month of the calendar, written `YYYY-MM`. */
export function isMonth(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) && !text.startsWith('0000');
}

/** The day a report of the month is about: its last one, or today while the month is running. Throws {@link ReportMonthError}. */
export function reportDay(month: string, present: Moment): string {
  if (!isMonth(month)) throw new ReportMonthError(`${month} is not a month; write it as YYYY-MM, such as 2026-03`);
  const running = present.asOf.slice(0, 7);
  if (month > running) throw new ReportMonthError(`${month} lies ahead; today is ${present.asOf}`);
  return month === running ? present.asOf : lastDayOf(month);
}

/** The last complete month on a day, `YYYY-MM`. */
export function lastCompleteMonth(day: string): string {
  return monthsBefore(day.slice(0, 7), 1);
}

/** `YYYY-MM`, that many months earlier. */
export function monthsBefore(month: string, count: number): string {
  const [year, number] = month.split('-').map(Number);
  const date = new Date(0);
  // Not Date.UTC, which takes years below 100 for 1900 and later.
  date.setUTCFullYear(year ?? 0, (number ?? 1) - 1 - count, 1);
  return date.toISOString().slice(0, 7);
}

/** `YYYY-MM-DD`. */
export function lastDayOf(month: string): string {
  const next = new Date(`${monthsBefore(month, -1)}-01T00:00:00Z`);
  return new Date(next.getTime() - 86_400_000).toISOString().slice(0, 10);
}
