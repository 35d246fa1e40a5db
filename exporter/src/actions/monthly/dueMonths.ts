import { lastCompleteMonth, monthsBefore } from '../../report/reportMonth.js';

export interface Delivery {
  /** Today, `YYYY-MM-DD`. */
  readonly today: string;
  /** The month in which this process was first started, `YYYY-MM`: of none before it. */
  readonly since: string;
  /** Day of the month on which the month before is delivered. */
  readonly deliveryDay: number;
}

/** The months that are to have been delivered by today, the oldest first, whether or not they were. */
export function dueMonths({ today, since, deliveryDay }: Delivery): string[] {
  const last = lastCompleteMonth(today);
  const newest = Number(today.slice(8)) >= deliveryDay ? last : monthsBefore(last, 1);
  const months: string[] = [];
  for (let month = newest; month >= since; month = monthsBefore(month, 1)) months.unshift(month);
  return months;
}
