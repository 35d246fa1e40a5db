import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { ActionsContext } from '../actionsContext.js';
import { invitation } from '../mail/invitation.js';
import type { Recipient } from '../recipients.js';
import { RECIPIENT_ROLES } from '../../config/recipientRoles.js';
import { meetingTime, type MeetingTime } from './meetingTime.js';

/** What meetings are called for; of each there is one at a time. */
export type MeetingSubject = 'performance_review' | 'strategy_review';

export interface NewMeeting {
  readonly subject: MeetingSubject;
  readonly title: string;
  readonly description: string;
  /** Of the page about it; null: none. */
  readonly url: string | null;
  readonly attendees: readonly Recipient[];
}

type Calendar = ReturnType<typeof invitation>;

const meetingRow = z.object({
  uid: z.string(),
  sequence: z.int(),
  title: z.string(),
  startsAt: z.date(),
  endsAt: z.date(),
  attendees: z.array(z.object({ address: z.string(), role: z.enum(RECIPIENT_ROLES) })),
});

export type MeetingRow = z.infer<typeof meetingRow>;

const COLUMNS = 'uid, sequence, title, starts_at AS "startsAt", ends_at AS "endsAt", attendees';

/** The meeting of the subject that is ahead; null: none. Locked, so that of two who call or cancel one the other waits. */
export async function meetingAhead(client: ClientBase, subject: MeetingSubject, now: Date): Promise<MeetingRow | null> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('portfolio_actions.meetings ' || $1, 0))`, [
    subject,
  ]);
  const { rows } = await client.query(
    `SELECT ${COLUMNS} FROM portfolio_actions.meetings
      WHERE subject = $1 AND cancelled_at IS NULL AND starts_at > $2 ORDER BY starts_at LIMIT 1 FOR UPDATE`,
    [subject, now],
  );
  return rows.length === 0 ? null : meetingRow.parse(rows[0]);
}

/**
 * Puts a meeting down, in the caller's transaction, on the first working day after the notice. Its invitation is to be mailed to each
 * attendee. `id` makes its UID: that of the action that calls it.
 */
export async function callMeeting(
  client: ClientBase,
  id: string,
  meeting: NewMeeting,
  now: Date,
  context: ActionsContext,
): Promise<MeetingTime & { readonly calendar: Calendar }> {
  const { actions, exporter } = context.configuration();
  const time = await meetingTime(client, now, actions.meetings, exporter.timeZone);
  const uid = `${id}@${new URL(actions.externalUrl).hostname}`;
  await client.query(
    `INSERT INTO portfolio_actions.meetings (uid, title, starts_at, ends_at, subject, attendees) VALUES ($1, $2, $3, $4, $5, $6)`,
    [uid, meeting.title, time.startsAt, time.endsAt, meeting.subject, JSON.stringify(meeting.attendees)],
  );
  const { title, description, url, attendees } = meeting;
  const row: MeetingRow = { uid, sequence: 0, title, ...time, attendees: [...attendees] };
  return { ...time, calendar: calendarOf(row, { description, url, isCancelled: false }, now, context) };
}

/** Cancels a meeting, in the caller's transaction; the cancellation is to be mailed to each attendee. */
export async function cancelMeeting(
  client: ClientBase,
  meeting: MeetingRow,
  reason: string,
  now: Date,
  context: ActionsContext,
): Promise<Calendar> {
  const sequence = meeting.sequence + 1;
  await client.query('UPDATE portfolio_actions.meetings SET sequence = $2, cancelled_at = $3 WHERE uid = $1', [
    meeting.uid,
    sequence,
    now,
  ]);
  return calendarOf({ ...meeting, sequence }, { description: reason, url: null, isCancelled: true }, now, context);
}

function calendarOf(
  { uid, sequence, title, startsAt, endsAt, attendees }: MeetingRow,
  words: { readonly description: string; readonly url: string | null; readonly isCancelled: boolean },
  now: Date,
  context: ActionsContext,
): Calendar {
  return invitation({
    ...{ uid, sequence, title, startsAt, endsAt, stamp: now },
    ...words,
    organizer: { name: 'Portfolio alerts', address: context.configuration().recipients.smtp.from },
    attendees: attendees.map(({ address }) => ({ name: null, address })),
  });
}
