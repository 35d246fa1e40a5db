import type { ClientBase } from 'pg';
import { ExplainedError } from '../../yaml/explainedError.js';
import { inTransaction } from '../../database/transaction.js';

/** The moment a KPI is computed for. */
export interface Moment {
  /** The day, `YYYY-MM-DD`, in the configured time zone. */
  readonly asOf: string;
  /** The present when `asOf` is today, else the first instant of the next day. */
  readonly now: Date;
}

/** A day that lies ahead, or no day at all. */
export class AsOfError extends ExplainedError {
  override readonly name = 'AsOfError';
}

/** Text and milliseconds, because the form of dates and timestamps is the server's DateStyle. */
interface MomentRow {
  readonly as_of: string;
  readonly now_ms: number;
}

/**
 * The present by the database's clock and time zone data: rows stamped `DEFAULT now()` are then never ahead of `:now`
 * because the clocks of two machines differ, nor because a Date counts milliseconds: it is the next one. Throws pg errors.
 */
export async function presentMoment(client: ClientBase, timeZone: string): Promise<Moment> {
  const result = await inTransaction(client, { access: 'READ ONLY' }, () =>
    client.query<MomentRow>(
      `SELECT to_char(now() AT TIME ZONE $1, 'YYYY-MM-DD') AS as_of,
            ceil(extract(epoch FROM now()) * 1000)::float8 AS now_ms`,
      [timeZone],
    ),
  );
  return toMoment(result.rows[0]);
}

/** The end of a past day, or the present when the day is today. Throws {@link AsOfError} and pg errors. */
export async function momentOf(client: ClientBase, asOf: string, timeZone: string): Promise<Moment> {
  if (!isDay(asOf)) throw new AsOfError(`${asOf} is not a day; write it as YYYY-MM-DD, such as 2026-03-31`);
  const present = await presentMoment(client, timeZone);
  if (asOf === present.asOf) return present;
  if (asOf > present.asOf) throw new AsOfError(`${asOf} lies ahead; today is ${present.asOf} in ${timeZone}`);
  const result = await inTransaction(client, { access: 'READ ONLY' }, () =>
    client.query<MomentRow>(
      `SELECT to_char($1::date, 'YYYY-MM-DD') AS as_of,
            (extract(epoch FROM ($1::date + 1)::timestamp AT TIME ZONE $2) * 1000)::float8 AS now_ms`,
      [asOf, timeZone],
    ),
  );
  return toMoment(result.rows[0]);
}

/** Whether a text is a day of the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The day so many days before another; both `YYYY-MM-DD`. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

/** The last day of the calendar month before a day; both `YYYY-MM-DD`. What monthly measures are compared with. */
export function previousMonthEnd(day: string): string {
  return daysBefore(`${day.slice(0, 7)}-01`, 1);
}

function toMoment(row: MomentRow | undefined): Moment {
  if (row === undefined) throw new Error('the server returned no row for its own clock');
  return { asOf: row.as_of, now: new Date(row.now_ms) };
}
