import { createHash, randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { MailContent } from './mailContent.js';
import { renderMail } from './mailContent.js';

export interface NewMail {
  /** Names this mail to this recipient for ever, such as `digest:2026-11:ada@example.test`. */
  readonly key: string;
  /** One address: of several in one mail, a refused one would keep it from the others. */
  readonly recipient: string;
  /** As whom he is told, such as Chairman; null where the address came from a row. */
  readonly role: string | null;
  readonly content: MailContent;
  readonly calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly text: string };
  /** Its PDF is attached. */
  readonly reportId?: string;
  readonly actionId?: string;
}

/** So many mails are on their way at once; the others wait their turn, and no other job waits for a slow mail server. */
const LANES = 4;

/**
 * Puts a mail on its way in the caller's transaction: its row, and the job that delivers it. With the key of an earlier mail
 * nothing happens: false.
 */
export async function queueMail(client: ClientBase, mail: NewMail, now: Date): Promise<boolean> {
  const { subject, html, text } = renderMail(mail.content);
  const id = randomUUID();
  const { rowCount } = await client.query(
    `INSERT INTO portfolio_actions.mails
       (id, key, action_id, recipient, role, subject, html, text, calendar, calendar_method, report_id, message_id, created_at)
     VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $1::uuid::text, $12)
     ON CONFLICT (key) DO NOTHING`,
    [
      id,
      mail.key,
      mail.actionId ?? null,
      mail.recipient,
      mail.role,
      subject,
      html,
      text,
      mail.calendar?.text ?? null,
      mail.calendar?.method ?? null,
      mail.reportId ?? null,
      now,
    ],
  );
  if (rowCount === 0) return false;
  await addDelivery(client, { id, recipient: mail.recipient });
  return true;
}

/** Adds the job that delivers a mail, at once or after a while. */
export async function addDelivery(
  client: ClientBase,
  { id, recipient }: { readonly id: string; readonly recipient: string },
  afterMs = 0,
): Promise<void> {
  const lane = (createHash('sha256').update(recipient.toLowerCase()).digest()[0] ?? 0) % LANES;
  await client.query(
    `SELECT FROM graphile_worker.add_job('deliver_mail', json_build_object('id', $1::text), queue_name := $2,
                                         run_at := now() + $3::float8 * interval '1 ms', job_key := 'mail:' || $1)`,
    [id, `mail-${lane}`, afterMs],
  );
}
