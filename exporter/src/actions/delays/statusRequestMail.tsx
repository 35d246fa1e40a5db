import { formatAge } from '../../format/formatAge.js';
import { formatDay } from '../../format/formatDay.js';
import { line } from '../mail/line.js';
import type { MailContent } from '../mail/mailContent.js';
import { Button, Facts, Note, Paragraph } from '../mail/mailParts.js';
import type { DelayedMilestone } from './delayedMilestone.js';

export interface StatusRequestMail {
  readonly milestone: DelayedMilestone;
  /** Who is asked. */
  readonly person: string;
  readonly now: Date;
  /** For people, with its zone. */
  readonly answerBy: string;
  readonly answerUrl: string;
  /** When he was first asked, for people; null: now. */
  readonly reminderOf: string | null;
}

/** To the owner of a delayed milestone: what is late, by when he answers, and the link to do so; or the same again. */
export function statusRequestMail(mail: StatusRequestMail): MailContent {
  const { milestone, now, answerBy, reminderOf } = mail;
  const overdue = formatAge((now.getTime() - milestone.dueAt.getTime()) / 1_000);
  const name = line(milestone.milestone, 80);
  const initiative = line(milestone.initiative, 80);
  const isReminder = reminderOf !== null;
  return {
    subject: isReminder
      ? `Reminder: your status on ${initiative} was due, "${name}" is ${overdue} overdue`
      : `Your status on ${initiative}: "${name}" is ${overdue} overdue`,
    headline: `"${name}" is ${overdue} overdue`,
    kind: isReminder ? 'Status request · reminder' : 'Status request · high',
    tone: 'high',
    preheader: isReminder ? `Asked ${reminderOf}, no answer yet.` : `Answer by ${answerBy}.`,
    footer: `SynergyInitiativeDelayed · for ${line(mail.person, 80)} · Portfolio actions`,
    body: (
      <>
        <Paragraph>
          The milestone <strong>{name}</strong> of {initiative} was due on {formatDay(milestone.deadline)} and is{' '}
          {overdue} overdue.
        </Paragraph>
        <Note>
          {isReminder ? (
            <>
              <strong>No answer yet:</strong> you were asked on {reminderOf}; the time to answer ended on {answerBy},
              and the Chairman is told. An answer closes it also now.
            </>
          ) : (
            <>
              <strong>Answer by {answerBy}:</strong> what holds it up, and when it will be done. Without an answer the
              Chairman is told.
            </>
          )}
        </Note>
        <Facts
          facts={[
            ['Initiative', `${milestone.initiative} (${milestone.code})${milestone.isCritical ? ', critical' : ''}`],
            ['Milestone', milestone.milestone],
            ['Deadline', formatDay(milestone.deadline)],
            ['Overdue', overdue],
            ['Asked', mail.person],
          ]}
        />
        <Button href={mail.answerUrl} label="Send status" />
      </>
    ),
  };
}
