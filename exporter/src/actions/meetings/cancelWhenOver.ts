import { formatMoment } from '../../format/formatMoment.js';
import type { AlertMoment } from '../alerts/alertActions.js';
import { NothingToDo, once } from '../alerts/once.js';
import { queueMail } from '../mail/queueMail.js';
import { cancelledMail } from './cancelledMail.js';
import { cancelMeeting, meetingAhead } from './meetings.js';
import type { MeetingSubject } from './meetings.js';

/**
 * Cancels the meeting of an alert that has ended, where it has not begun and the alert fires for nothing else. Each attendee gets the
 * cancellation of the same UID.
 */
export async function cancelWhenOver(moment: AlertMoment, subject: MeetingSubject, reason: string): Promise<void> {
  const { client, alert, now, context } = moment;
  await once(moment, 'meeting_cancelled', async (id) => {
    const meeting = await meetingAhead(client, subject, now);
    if (meeting === null) return new NothingToDo('no meeting was ahead');
    const { rowCount } = await client.query(
      'SELECT FROM portfolio_actions.alerts WHERE alertname = $1 AND ends_at IS NULL LIMIT 1',
      [alert.alertname],
    );
    if (rowCount !== 0) return new NothingToDo('the alert fires for something else');
    const calendar = await cancelMeeting(client, meeting, reason, now, context);
    const when = formatMoment(meeting.startsAt, context.configuration().exporter.timeZone);
    for (const { address, role } of meeting.attendees) {
      const content = cancelledMail({ title: meeting.title, when, reason, alertname: alert.alertname, role });
      await queueMail(
        client,
        { key: `meeting_cancelled:${id}:${address}`, recipient: address, role, content, calendar, actionId: id },
        now,
      );
    }
    return undefined;
  });
}
