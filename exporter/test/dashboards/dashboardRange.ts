import type { Range } from './expandSql.js';

const DAY = 86_400_000;

/** The time range of each dashboard when it is opened; wide enough for all: 17 months back, 90 days ahead. */
export function dashboardRange(now: Date): Range {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 17, 1));
  return { from, to: new Date(now.getTime() + 90 * DAY) };
}
