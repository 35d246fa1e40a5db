import type { ClientBase } from 'pg';
import { isUsableAddress } from '../../config/emailAddress.js';
import { inTransaction } from '../../database/transaction.js';
import type { Database } from '../../database/pool.js';
import { addDelivery, queueMail } from './queueMail.js';
import { refusalMail } from './refusalMail.js';
import type { MailTransport } from './transport.js';

export interface DeliveryDependencies {
  readonly database: Database;
  readonly transport: MailTransport;
  readonly now: () => Date;
  /** Where the pages of this process are; its host is part of each Message-ID. */
  readonly externalUrl: string;
  /** Who is told of a refused mail. */
  readonly onCall: readonly string[];
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, message: string): void };
}

interface MailRow {
  readonly id: string;
  readonly key: string;
  readonly recipient: string;
  readonly role: string | null;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly calendar: string | null;
  readonly calendar_method: string | null;
  readonly message_id: string;
  readonly created_at: Date;
  readonly attempts: number;
  readonly pdf: Buffer | null;
  readonly report_period: string | null;
}

type Outcome = { readonly result: 'sent' } | { readonly result: 'refused' | 'later'; readonly reason: string };

// RFC 5321, 4.5.4.1: give up after at least 4 to 5 days.
const GIVE_UP_MS = 5 * 24 * 3_600_000;
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 5 * 60_000;
const WRITE = { access: 'READ WRITE' } as const;
/** Mails that tell of a refused one are told of to nobody. */
const REFUSAL_KEY = 'refused:';

/**
 * The job of one mail: from its row to the mail server, and back what became of it. The attempt is in the row before it is made.
 * Killed after the server has accepted it and before the row says so, the same mail goes out again under the same Message-ID.
 */
export async function deliverMail(id: string, deps: DeliveryDependencies): Promise<Outcome['result'] | 'none'> {
  const mail = await deps.database.withClient((client) => beginAttempt(client, id, new URL(deps.externalUrl).hostname));
  if (mail === undefined) return 'none';
  const outcome = giveUp(mail, await send(mail, deps.transport), deps.now());
  await deps.database.withClient((client) => inTransaction(client, WRITE, () => record(client, mail, outcome, deps)));
  if (outcome.result !== 'sent') deps.log.warn({ mail: id, reason: outcome.reason }, `mail ${outcome.result}`);
  return outcome.result;
}

async function beginAttempt(client: ClientBase, id: string, host: string): Promise<MailRow | undefined> {
  const { rows } = await client.query<MailRow>(
    `UPDATE portfolio_actions.mails m
        SET attempts = attempts + 1,
            message_id = CASE WHEN message_id LIKE '<%' THEN message_id ELSE '<' || id || '@' || $2 || '>' END
      WHERE id = $1 AND sent_at IS NULL AND refused_at IS NULL
     RETURNING id, key, recipient, role, subject, html, text, calendar, calendar_method, message_id, created_at, attempts,
               (SELECT r.pdf FROM portfolio_actions.reports r WHERE r.id = m.report_id) AS pdf,
               (SELECT r.period FROM portfolio_actions.reports r WHERE r.id = m.report_id) AS report_period`,
    [id, host],
  );
  return rows[0];
}

async function send(mail: MailRow, transport: MailTransport): Promise<Outcome> {
  if (!isUsableAddress(mail.recipient))
    return { result: 'refused', reason: 'it is no address such as name@example.test' };
  try {
    await transport.send({
      to: mail.recipient,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      messageId: mail.message_id,
      date: mail.created_at,
      calendar:
        mail.calendar === null || mail.calendar_method === null
          ? null
          : { method: mail.calendar_method, text: mail.calendar },
      attachments: mail.pdf === null ? [] : [{ filename: pdfName(mail.report_period), content: mail.pdf }],
    });
    return { result: 'sent' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { result: isPermanent(error) ? 'refused' : 'later', reason: error.message };
  }
}

function pdfName(period: string | null): string {
  return `portfolio-${(period ?? '').replaceAll(/[^\w-]/g, '')}.pdf`;
}

/**
 * A 5yz of this recipient or this message. Of the sender, the login or the connection it is nothing that a recipient can mend, and a
 * recipient refused for the server's policy, network or protocol ("relaying denied") is refused because of this sender.
 * Source: RFC 3463, subjects 3, 4, 5 and 7 of the enhanced status code.
 */
function isPermanent(error: Error): boolean {
  if (!('permanent' in error) || error.permanent !== true || !('command' in error)) return false;
  if (error.command === 'DATA') return true;
  return error.command === 'RCPT TO' && !OF_THE_SENDER.test(error.message);
}

const OF_THE_SENDER = /\b5\d\d[ -]5\.[3457]\.\d/;

function giveUp(mail: MailRow, outcome: Outcome, now: Date): Outcome {
  const isOver = outcome.result === 'later' && now.getTime() - mail.created_at.getTime() > GIVE_UP_MS;
  return isOver ? { result: 'refused', reason: `given up after 5 days: ${outcome.reason}` } : outcome;
}

async function record(client: ClientBase, mail: MailRow, outcome: Outcome, deps: DeliveryDependencies): Promise<void> {
  const open = 'WHERE id = $1 AND sent_at IS NULL AND refused_at IS NULL';
  const update = (columns: string, ...values: unknown[]): Promise<unknown> =>
    client.query(`UPDATE portfolio_actions.mails SET ${columns} ${open}`, [mail.id, ...values]);
  switch (outcome.result) {
    case 'sent':
      await update('sent_at = $2', deps.now());
      return;
    case 'later':
      await update('last_error = $2', outcome.reason);
      // Not the engine's own backoff, which grows to hours: a mail leaves within five minutes after the server is back.
      await addDelivery(client, mail, Math.min(FIRST_WAIT_MS * 2 ** (mail.attempts - 1), LONGEST_WAIT_MS));
      return;
    case 'refused':
      await update('refused_at = $2, last_error = $3', deps.now(), outcome.reason);
      await tellOnCall(client, mail, outcome.reason, deps);
  }
}

/** Once for each address and day. */
async function tellOnCall(
  client: ClientBase,
  mail: MailRow,
  reason: string,
  deps: DeliveryDependencies,
): Promise<void> {
  if (mail.key.startsWith(REFUSAL_KEY)) return;
  const now = deps.now();
  const refused = mail.recipient.toLowerCase();
  for (const recipient of deps.onCall.filter((address) => address.toLowerCase() !== refused)) {
    const key = `${REFUSAL_KEY}${refused}:${now.toISOString().slice(0, 10)}:${recipient.toLowerCase()}`;
    const content = refusalMail({ ...mail, reason, externalUrl: deps.externalUrl });
    await queueMail(client, { key, recipient, role: 'OnCall', content }, now);
  }
}
