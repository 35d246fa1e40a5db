import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { ActionsConfig } from '../../config/actionsConfig.js';

export interface MeetingTime {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Longer than the longest notice and a weekend. */
const LOOKED_AT_DAYS = 40;

/**
 * The first working day (Monday to Friday) on which the meeting's hour comes after the notice, by the server's time zone data: an hour
 * that a clock change leaves out is moved as the server moves it. Throws pg errors.
 */
export async function meetingTime(
  client: ClientBase,
  now: Date,
  { noticeMs, startsAt, durationMs }: ActionsConfig['meetings'],
  timeZone: string,
): Promise<MeetingTime> {
  const { rows } = await client.query(
    `SELECT min(starts_at) AS "startsAt"
       FROM generate_series(0, $5::integer) AS n
      CROSS JOIN LATERAL (SELECT ($1::timestamptz AT TIME ZONE $2)::date + n) AS of_day (day)
      CROSS JOIN LATERAL (SELECT (day + $3::time) AT TIME ZONE $2) AS meeting (starts_at)
      WHERE extract(isodow FROM day) <= 5
        AND starts_at >= $1::timestamptz + $4::float8 * interval '1 ms'`,
    [now, timeZone, startsAt, noticeMs, LOOKED_AT_DAYS],
  );
  const { startsAt: begins } = z.object({ startsAt: z.date() }).parse(rows[0]);
  return { startsAt: begins, endsAt: new Date(begins.getTime() + durationMs) };
}
