import ical, { ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { line } from './line.js';

/** A meeting as its row has it. */
export interface Meeting {
  /** The same for its updates and its cancellation. */
  readonly uid: string;
  /** One more with each of them. */
  readonly sequence: number;
  readonly title: string;
  readonly description: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly isCancelled: boolean;
  readonly organizer: Participant;
  readonly attendees: readonly Participant[];
  /** Of the page about it; null: none. */
  readonly url: string | null;
  /** When this version was made. */
  readonly stamp: Date;
}

export interface Participant {
  /** null where only the address is known. */
  readonly name: string | null;
  readonly address: string;
}

const MAX_DESCRIPTION = 4_000;

/**
 * A meeting as iCalendar (RFC 5545, RFC 5546): an invitation, its update, or its cancellation. Times are UTC: each calendar shows
 * them in its reader's own zone, and none has to know ours.
 */
export function invitation(meeting: Meeting): { readonly method: 'REQUEST' | 'CANCEL'; readonly text: string } {
  const { isCancelled, organizer } = meeting;
  const calendar = ical({
    prodId: { company: 'portfolio-metrics-exporter', product: 'actions', language: 'EN' },
    method: isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
  });
  calendar.createEvent({
    id: meeting.uid,
    sequence: meeting.sequence,
    stamp: meeting.stamp,
    start: meeting.startsAt,
    end: meeting.endsAt,
    summary: line(meeting.title),
    description: paragraphs(meeting.description),
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    organizer: { name: nameOf(organizer), email: organizer.address },
    attendees: meeting.attendees.map((attendee) => ({
      name: nameOf(attendee),
      email: attendee.address,
      role: ICalAttendeeRole.REQ,
      ...(isCancelled ? {} : { status: ICalAttendeeStatus.NEEDSACTION, rsvp: true }),
    })),
    ...(meeting.url === null ? {} : { url: meeting.url }),
  });
  // The library leaves out the end of the last line, which the grammar asks for (RFC 5545, 3.1).
  return { method: isCancelled ? 'CANCEL' : 'REQUEST', text: `${calendar.toString()}\r\n` };
}

/** A quoted parameter has no way to hold a quotation mark (RFC 5545, 3.2). */
function nameOf({ name, address }: Participant): string {
  return line(name ?? address, 80).replaceAll('"', '’');
}

function paragraphs(text: string): string {
  return text
    .split(/\r?\n/)
    .map((part) => line(part, MAX_DESCRIPTION))
    .join('\n')
    .slice(0, MAX_DESCRIPTION);
}
