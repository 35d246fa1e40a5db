import { line } from './line.js';
import type { MailContent } from './mailContent.js';
import { Button, Facts, Note, Paragraph } from './mailParts.js';

export interface RefusedMail {
  readonly recipient: string;
  readonly role: string | null;
  readonly subject: string;
  /** What the mail server answered. */
  readonly reason: string;
  readonly externalUrl: string;
}

/** For on-call: somebody does not get his mails. */
export function refusalMail({ recipient, role, subject, reason, externalUrl }: RefusedMail): MailContent {
  const place = role === null ? 'its row (owner_email, lead_email)' : `recipients.yaml (${role})`;
  return {
    subject: `Mail to ${recipient} is refused`,
    kind: 'Delivery · high',
    tone: 'high',
    preheader: `Next step: correct the address in ${place}.`,
    footer: 'Sent once a day for each address · for On Call · Portfolio actions',
    body: (
      <>
        <Paragraph>
          The mail server refuses mail to <strong>{line(recipient)}</strong> for good. It is not sent again.
        </Paragraph>
        <Note>
          <strong>Next step:</strong> correct the address in {line(place)}, and tell its owner what he missed.
        </Note>
        <Facts
          facts={[
            ['Subject', subject],
            ['Answer', reason],
            ['Role', role],
          ]}
        />
        <Button href={externalUrl} label="Undelivered mails" />
      </>
    ),
  };
}
