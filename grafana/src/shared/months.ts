/**
 * One convention for every panel by months: a month's number stands on the day that it is of, the month's last and in the running
 * month today, at the beginning of that day; so do markers. A curve then meets its marker. The views call that day `day`.
 */

const firstMonth = (before: string): string =>
  `((date_trunc('month', $__timeFrom()::timestamptz AT TIME ZONE 'UTC')${before}) AT TIME ZONE 'UTC')`;

/** The months of the page's period, each as a whole: "Last 7 days" is one month or two, not none. */
export const WHOLE_MONTHS = `month BETWEEN ${firstMonth('')} AND $__timeTo()`;

/** With the one before them, from which a line comes in. */
export const MONTHS_OF_A_LINE = `month BETWEEN ${firstMonth(" - interval '1 month'")} AND $__timeTo()`;

/** The sentence of an empty panel by months. */
export const noMonths = (what: string): string =>
  `No ${what} in these months: choose a longer period above; without any yet, load rows (docs/data-flow.md). Or no answer from the database`;
