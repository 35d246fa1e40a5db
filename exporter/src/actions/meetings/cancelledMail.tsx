import type { RecipientRole } from '../../config/recipientRoles.js';
import type { MailContent } from '../mail/mailContent.js';
import { Facts, Paragraph } from '../mail/mailParts.js';
import { roleTitle } from '../mail/roleTitle.js';

export interface CancelledMail {
  readonly title: string;
  /** When it would have been, for people. */
  readonly when: string;
  readonly reason: string;
  readonly alertname: string;
  readonly role: RecipientRole;
}

/** To each attendee: the meeting is not held. */
export function cancelledMail({ title, when, reason, alertname, role }: CancelledMail): MailContent {
  return {
    subject: `Cancelled: meeting of ${when}`,
    kind: 'Meeting · cancelled',
    tone: 'good',
    preheader: reason,
    footer: `${alertname} · for ${roleTitle(role)} · Portfolio actions`,
    body: (
      <>
        <Paragraph>
          The meeting of <strong>{when}</strong> is cancelled: {reason}
        </Paragraph>
        <Facts facts={[['Meeting', title]]} />
      </>
    ),
  };
}
