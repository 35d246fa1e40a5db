import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invitation } from '../../../src/actions/mail/invitation.js';
import type { Meeting } from '../../../src/actions/mail/invitation.js';
import { createMailTransport } from '../../../src/actions/mail/transport.js';
import { startMailServer } from '../../support/mailServer.js';
import type { MailServer } from '../../support/mailServer.js';
import { parseCalendar, textOf } from './parseCalendar.js';
import type { CalendarComponent } from './parseCalendar.js';
import { HOSTILE_NAME } from './sampleMails.js';

const MEETING: Meeting = {
  uid: 'review-2026-11@actions.example.test',
  sequence: 0,
  title: 'Urgent portfolio review: profit fell by 14.2%, again; why',
  description: 'Report:\nhttps://actions.example.test/reports/1',
  // Berlin is one hour ahead in winter: 09:30 there.
  startsAt: new Date('2026-11-24T08:30:00Z'),
  endsAt: new Date('2026-11-24T09:30:00Z'),
  isCancelled: false,
  organizer: { name: 'Portfolio alerts', address: 'portfolio-alerts@example.test' },
  attendees: [
    { name: 'Chairman', address: 'chairman@example.test' },
    { name: null, address: 'advisor@example.test' },
  ],
  url: 'https://actions.example.test/reports/1',
  stamp: new Date('2026-11-21T12:00:00Z'),
};

/** What a calendar program reads of it. */
function parsed(text: string) {
  const calendar = parseCalendar(text);
  const events = calendar.components.filter(({ name }) => name === 'VEVENT');
  const [event, ...others] = events;
  if (event === undefined || others.length > 0) throw new Error('not one event');
  const one = ({ properties }: CalendarComponent, name: string): string => {
    const [property, ...more] = properties.filter((each) => each.name === name);
    if (property === undefined || more.length > 0) throw new Error(`not one ${name}`);
    return property.value;
  };
  const people = (name: string): string[] =>
    event.properties
      .filter((each) => each.name === name)
      .map(({ parameters, value }) => `${parameters['CN']} <${value.replace(/^mailto:/i, '')}>`);
  const moment = (name: string): string =>
    one(event, name).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return {
    method: one(calendar, 'METHOD'),
    uid: textOf(one(event, 'UID')),
    sequence: Number(one(event, 'SEQUENCE')),
    status: one(event, 'STATUS'),
    title: textOf(one(event, 'SUMMARY')),
    description: textOf(one(event, 'DESCRIPTION')),
    starts: moment('DTSTART'),
    ends: moment('DTEND'),
    organizer: people('ORGANIZER'),
    attendees: people('ATTENDEE'),
  };
}

describe('a meeting', () => {
  it('is an invitation with its time, its organizer and whom it invites', () => {
    const { method, text } = invitation(MEETING);
    expect(method).toBe('REQUEST');
    expect(parsed(text)).toEqual({
      method: 'REQUEST',
      uid: MEETING.uid,
      sequence: 0,
      status: 'CONFIRMED',
      title: MEETING.title,
      description: MEETING.description,
      starts: '2026-11-24T08:30:00Z',
      ends: '2026-11-24T09:30:00Z',
      organizer: ['Portfolio alerts <portfolio-alerts@example.test>'],
      attendees: ['Chairman <chairman@example.test>', 'advisor@example.test <advisor@example.test>'],
    });
    // No clock time that a calendar would read as its own.
    expect(text.match(/^DT(START|END|STAMP).*$/gm)).toEqual([
      'DTSTAMP:20261121T120000Z',
      'DTSTART:20261124T083000Z',
      'DTEND:20261124T093000Z',
    ]);
  });

  it('moves and ends under the same identity, each version after the one before', () => {
    const moved = { ...MEETING, sequence: 1, startsAt: new Date('2026-11-24T09:00:00Z') };
    const versions = [MEETING, moved, { ...moved, sequence: 2, isCancelled: true }].map((one) =>
      parsed(invitation(one).text),
    );
    expect(versions.map(({ uid, sequence, method, status }) => [uid, sequence, method, status])).toEqual([
      [MEETING.uid, 0, 'REQUEST', 'CONFIRMED'],
      [MEETING.uid, 1, 'REQUEST', 'CONFIRMED'],
      [MEETING.uid, 2, 'CANCEL', 'CANCELLED'],
    ]);
  });

  it('stays one event with one line for each name, whatever the names are', () => {
    const name = `${HOSTILE_NAME.slice(0, 60)}\r\nEND:VEVENT\r\nATTENDEE:mailto:all@example.test`;
    const { text } = invitation({
      ...MEETING,
      title: name,
      description: name,
      attendees: [{ name, address: 'lead@example.test' }],
      organizer: { name, address: 'portfolio-alerts@example.test' },
    });
    const event = parsed(text);
    expect(event).toMatchObject({ sequence: 0 });
    expect(event.attendees).toHaveLength(1);
    expect(event.attendees[0]).toMatch(/^<img src=x onerror=alert\(1\)>’'&gnp\.exe .* <lead@example\.test>$/);
    expect(event.title).toMatch(/END:VEVENT ATTENDEE:mailto:all@example\.test$/);
    expect(text).not.toMatch(/^ATTENDEE:mailto:all/m);
  });
});

describe('an invitation in a mail', () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer();
  });
  afterAll(() => server.stop());

  it('arrives as an alternative of the text that calendars act on, and as a file', async () => {
    const transport = createMailTransport({
      host: '127.0.0.1',
      port: server.port,
      from: 'portfolio-alerts@example.test',
      hello: null,
      authUsername: null,
      authPasswordFile: null,
      requireTls: false,
    });
    await transport.send({
      to: 'chairman@example.test',
      subject: `Review: größer ${'é'.repeat(90)}`,
      html: '<p>Review</p>',
      text: 'Review',
      messageId: '<1@actions.example.test>',
      date: MEETING.stamp,
      calendar: invitation(MEETING),
      attachments: [],
    });
    const [{ mail, raw } = { mail: null, raw: '' }] = server.received;
    expect(mail?.subject).toBe(`Review: größer ${'é'.repeat(90)}`);
    expect(mail).toMatchObject({
      messageId: '<1@actions.example.test>',
      date: MEETING.stamp.toISOString(),
      text: 'Review\n',
    });
    expect(raw).toMatch(/^Content-Type: text\/calendar; charset=utf-8; method=REQUEST/m);
    const calendars = (mail?.attachments ?? []).map(({ mimeType, filename, content }) => ({
      type: mimeType,
      filename,
      // The reader of the mail has its own ends of lines.
      uid: parsed((typeof content === 'string' ? content : new TextDecoder().decode(content)).replace(/\r?\n/g, '\r\n'))
        .uid,
    }));
    expect(calendars).toEqual([
      { type: 'text/calendar', filename: null, uid: MEETING.uid },
      { type: 'application/ics', filename: 'invite.ics', uid: MEETING.uid },
    ]);
  });
});
