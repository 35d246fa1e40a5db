import { createHash } from 'node:crypto';
import { z } from 'zod';

const texts = z.record(z.string(), z.string());
/** In Go a time that is not known is the first of January of year 1. */
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  // Others are no timestamps of ISO 8601 in four digits, and PostgreSQL knows no year 0.
  .refine((moment) => moment.getUTCFullYear() >= 1 && moment.getUTCFullYear() <= 9999, 'Year out of range');

const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts.default({}),
  startsAt: time,
  endsAt: time,
});

/** Of Alertmanager's webhook format, version 4, what is read here (source: its documentation, `<webhook_config>`). */
const notificationSchema = z.object({
  version: z.literal('4'),
  alerts: z.array(alertSchema),
  /** Alerts that Alertmanager left out because of max_alerts. */
  truncatedAlerts: z.int().min(0).default(0),
});

/** One alert as Alertmanager tells it. */
export type NotifiedAlert = z.infer<typeof alertSchema>;
export type Notification = z.infer<typeof notificationSchema>;

/** A body as it is kept. */
export interface ReadNotification {
  readonly payload: unknown;
  /** SHA-256 of the payload with its keys in order. */
  readonly digest: Buffer;
  readonly notification: Notification;
}

/** What is wrong with a body, for whoever sent it. */
export class NotificationError extends Error {
  override readonly name = 'NotificationError';
}

/** @throws {NotificationError} */
export function readNotification(body: Buffer): ReadNotification {
  let payload: unknown;
  try {
    payload = storable(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
  } catch (cause) {
    throw new NotificationError('the body is not JSON in UTF-8', { cause });
  }
  const digest = createHash('sha256').update(JSON.stringify(payload)).digest();
  return { payload, digest, notification: parseNotification(payload) };
}

/** @throws {NotificationError} */
export function parseNotification(payload: unknown): Notification {
  const parsed = notificationSchema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new NotificationError(
    `the body is not in Alertmanager's webhook format, version 4${place}: ${issue?.message ?? ''}`,
  );
}

/** With its keys in order, and in its texts nothing that PostgreSQL cannot hold: U+0000 and halves of characters. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => [storableText(key), storable(one)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function storableText(text: string): string {
  return Buffer.from(text).toString().replaceAll('\0', '\uFFFD');
}
