import { formatDay } from '../../format/formatDay.js';
import { formatMove } from '../../format/formatMetric.js';
import type { DailyValue } from '../../kpi/history/dailyValues.js';
import { worstSample } from './headline.js';
import { daysBefore, previousMonthEnd } from '../../kpi/unit/moment.js';
import type { KpiPast, KpiStatus, MetricStatus } from './statusModel.js';

export const PAST_DAYS = 90;
const DAY_MS = 86_400_000;

/** A day's value: of many series the worst. */
export function valueOfDay(metric: MetricStatus, { least, greatest }: DailyValue): number {
  return metric.target?.direction === 'at_least' ? least : greatest;
}

/** Where a day stands among those drawn: 0 the oldest, 89 today. */
export function dayIndex(day: string, today: string): number {
  return PAST_DAYS - 1 - Math.round((Date.parse(today) - Date.parse(day)) / DAY_MS);
}

export function dayAt(index: number, today: string): string {
  return daysBefore(today, PAST_DAYS - 1 - index);
}

/** `30 Nov`, with its year where that is another. */
export function shortDay(day: string, { today }: KpiPast): string {
  return formatDay(day, today);
}

export interface Change {
  readonly text: string;
  /** The day whose record is compared with: the last of the month before that has one. */
  readonly since: string;
  /** null: without a target nobody says which way is better, or nothing changed. */
  readonly isBetter: boolean | null;
}

/** What has changed since the end of last month; null where either side is not known. */
export function changeOf({ past: { value: past } }: KpiStatus, metric: MetricStatus): Change | null {
  const now = worstSample(metric);
  const end = past === null ? '' : previousMonthEnd(past.today);
  const then = past?.days.get(metric.name)?.findLast(({ day }) => day <= end && day.slice(0, 7) === end.slice(0, 7));
  if (now === null || then === undefined) return null;
  const before = valueOfDay(metric, then);
  const text = formatMove(before, now.value, metric);
  const { target } = metric;
  const isBetter =
    target === null || text === 'no change' ? null : now.value > before === (target.direction === 'at_least');
  return { text, since: then.day, isBetter };
}
