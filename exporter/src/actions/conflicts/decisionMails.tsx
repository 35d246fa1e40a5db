import type { RecipientRole } from '../../config/recipientRoles.js';
import { formatBrief } from '../../format/formatBrief.js';
import { formatMoment } from '../../format/formatMoment.js';
import { wordList } from '../../format/plural.js';
import { line } from '../mail/line.js';
import type { MailContent } from '../mail/mailContent.js';
import { Button, Facts, Note, Paragraph } from '../mail/mailParts.js';
import { roleTitle } from '../mail/roleTitle.js';

export interface DecisionMail {
  readonly resource: string;
  readonly isApproved: boolean;
  readonly decidedBy: string;
  /** The shares that the proposal changes, 1 is all of the resource; none: it is not kept any more. */
  readonly changes: readonly { readonly venture: string; readonly share: number; readonly proposed: number }[];
  /** The way that it was about, in words, where it is none of shares. */
  readonly brief: string | null;
  readonly decidedAt: Date;
  readonly note: string | null;
  readonly timeZone: string;
  /** null: the reader has no account of the pages. */
  readonly reportUrl: string | null;
  /** null: the lead of a venture that counts on the resource. */
  readonly role: RecipientRole | null;
}

/** To who carries it out, and to the leads of the ventures that it is about. */
export function decisionMail(mail: DecisionMail): MailContent {
  const { isApproved, role } = mail;
  const changes = mail.brief ?? wordList(mail.changes.map(changeText), mail.changes.length);
  const says = changes === '' ? '' : isApproved ? `: ${changes}` : `; it was ${changes}`;
  const name = line(mail.resource, 80);
  const word = isApproved ? 'approved' : 'rejected';
  return {
    subject: `The proposal for ${name} is ${word}`,
    kind: `Conflict · ${word}`,
    tone: isApproved ? 'good' : 'plain',
    preheader: changes === '' ? 'What comes next.' : changes,
    footer: `ResourceConflictDetected · for ${role === null ? 'Venture Leads' : roleTitle(role)} · Portfolio actions`,
    body: (
      <>
        <Paragraph>
          <strong>
            {mail.decidedBy === 'Chairman' ? 'The Chairman' : line(mail.decidedBy, 80)} {word} the proposal for {name}
          </strong>{' '}
          on {`${formatMoment(mail.decidedAt, mail.timeZone)}${says}`}.
        </Paragraph>
        <Note>
          <strong>Next step:</strong>{' '}
          {isApproved
            ? `the Coordination Planner ${mail.brief === null ? 'changes the allocations as proposed; each venture plans with its new share' : 'carries it out as proposed'}.`
            : 'the Coordination Planner agrees on another way with the leads. The resource stays over-allocated until then.'}
        </Note>
        <Facts facts={[['Note', mail.note === null ? null : line(mail.note, 500)]]} />
        {mail.reportUrl !== null && <Button href={mail.reportUrl} label="Open the proposal" plain />}
      </>
    ),
  };
}

/** `Quarry Robotics 30% → 25%` */
function changeText({ venture, share, proposed }: DecisionMail['changes'][number]): string {
  return `${line(venture, 60)} ${formatBrief(share, 'ratio', proposed)} → ${formatBrief(proposed, 'ratio', share)}`;
}

/** To who was asked: there is nothing to decide any more. */
export function withdrawnMail(mail: {
  readonly resource: string;
  /** What the conflict says of its end. */
  readonly resolution: string | null;
  readonly role: RecipientRole;
}): MailContent {
  const name = line(mail.resource, 80);
  return {
    subject: `No decision about ${name} is needed any more`,
    kind: 'Conflict · over',
    tone: 'good',
    footer: `ResourceConflictDetected · for ${roleTitle(mail.role)} · Portfolio actions`,
    body: (
      <>
        <Paragraph>
          <strong>The conflict over {name} is resolved.</strong> {line(mail.resolution?.split('\n').at(-1) ?? '')} The
          proposal is withdrawn, and its link changes nothing.
        </Paragraph>
      </>
    ),
  };
}
