import { line } from '../mail/line.js';
import type { MailContent } from '../mail/mailContent.js';
import { Button, DataTable, Facts, Note, Paragraph } from '../mail/mailParts.js';
import { ASKED_NUMBERS, type Numbers, withUnit } from './askedNumbers.js';

export interface NumbersMail {
  readonly kind: 'request' | 'reminder' | 'overdue';
  readonly venture: string;
  /** For people: `October 2026`. */
  readonly period: string;
  readonly person: string;
  /** For people, with its zone. */
  readonly dueAt: string;
  readonly url: string;
}

/** To the lead of a venture: which numbers are wanted by when, and the link to their form; or the same again. */
export function numbersMail({ kind, venture, period, person, dueAt, url }: NumbersMail): MailContent {
  const name = line(venture, 80);
  const subject = {
    request: `${name}: the numbers of ${period}, by ${dueAt}`,
    reminder: `Reminder: the numbers of ${name} for ${period} are due ${dueAt}`,
    overdue: `Overdue: the numbers of ${name} for ${period} were due ${dueAt}`,
  }[kind];
  return {
    subject,
    headline: `The numbers of ${period}`,
    kind: kind === 'request' ? 'Numbers' : `Numbers · ${kind}`,
    tone: kind === 'overdue' ? 'medium' : 'plain',
    preheader: `${ASKED_NUMBERS.length} numbers, three minutes, no account.`,
    footer: `Sent because ${name} reports its numbers by hand · for ${line(person, 80)} · Portfolio actions`,
    body: (
      <>
        <Paragraph>
          How did <strong>{name}</strong> do in {period}? {ASKED_NUMBERS.length} numbers, about three minutes. The form
          says of each what it is and what it was before.
        </Paragraph>
        <Note>
          {kind === 'overdue' ? (
            <>
              <strong>They were due {dueAt}.</strong> Until they are there, sums of the portfolio are without this
              venture once its last numbers are too old.
            </>
          ) : (
            <>
              <strong>By {dueAt}.</strong> A draft can be saved; leave empty what nobody knows.
            </>
          )}
        </Note>
        <Facts
          facts={[
            ['Venture', venture],
            ['Period', period],
            ['Asked', person],
          ]}
        />
        <Button href={url} label="Enter the numbers" />
      </>
    ),
  };
}

export interface ReceiptMail {
  readonly venture: string;
  readonly period: string;
  readonly person: string;
  readonly version: number;
  /** Why it was corrected; null: it is the first version. */
  readonly reason: string | null;
  readonly numbers: Numbers;
  /** A link to correct it. */
  readonly url: string;
}

/** What was reported, and the link to correct it. */
export function receiptMail({ venture, period, person, version, reason, numbers, url }: ReceiptMail): MailContent {
  const name = line(venture, 80);
  return {
    subject: `${version === 1 ? 'Reported' : 'Corrected'}: the numbers of ${name} for ${period}`,
    headline: `The numbers of ${period} are ${version === 1 ? 'reported' : 'corrected'}`,
    kind: version === 1 ? 'Numbers' : `Numbers · version ${version}`,
    tone: 'good',
    preheader: 'Is one wrong? The link below corrects it.',
    footer: `For ${line(person, 80)} · Portfolio actions`,
    body: (
      <>
        <Paragraph>
          <strong>{line(person, 80)}</strong> reported these numbers of <strong>{name}</strong> for {period}. Every
          version is kept.
        </Paragraph>
        {reason !== null && <Facts facts={[['Corrected', reason]]} />}
        <DataTable
          columns={[{ title: 'Number' }, { title: 'Value', align: 'right', width: '40%' }]}
          rows={ASKED_NUMBERS.map((asked) => {
            const value = numbers[asked.key];
            return [asked.title, value == null ? 'not known' : withUnit(asked, value)];
          })}
        />
        <Button href={url} label="Correct it" plain />
      </>
    ),
  };
}
