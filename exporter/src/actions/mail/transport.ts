import { createTransport } from 'nodemailer';
import { readSecretFile } from '../../config/passwordSource.js';
import type { SmtpConfig } from '../../config/recipientsFile.js';

/** The mail server; each message has a connection of its own. */
export interface MailTransport {
  /** Resolves when the server has accepted it; rejects with nodemailer's error. */
  send(message: OutgoingMail): Promise<void>;
}

export interface OutgoingMail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly date: Date;
  readonly calendar: { readonly method: string; readonly text: string } | null;
  readonly attachments: readonly { readonly filename: string; readonly content: Buffer }[];
}

export interface TransportLimits {
  readonly connectMs: number;
  readonly greetingMs: number;
  /** The longest silence of the server. RFC 5321 (4.5.3.2) gives a command 5 minutes. */
  readonly silenceMs: number;
  /** The longest that a message may take in all: a server may take 10 minutes after its end (4.5.3.2.6). */
  readonly totalMs: number;
}

export const TRANSPORT_LIMITS: TransportLimits = {
  connectMs: 10_000,
  greetingMs: 60_000,
  silenceMs: 300_000,
  totalMs: 600_000,
};

const SMTPS_PORT = 465;

/**
 * The mail server of recipients.yaml, as Alertmanager uses it: TLS from the start on port 465, else STARTTLS where it is demanded
 * and none where it is not. The password is read for each message, so that a new one needs no restart.
 * @param authority PEM certificates to trust instead of those that Node.js knows
 */
export function createMailTransport(smtp: SmtpConfig, limits = TRANSPORT_LIMITS, authority?: string): MailTransport {
  const secure = smtp.port === SMTPS_PORT;
  return {
    async send({ to, calendar, attachments, ...message }) {
      const transport = createTransport({
        host: smtp.host.replace(/^\[|\]$/g, ''),
        port: smtp.port,
        secure,
        requireTLS: smtp.requireTls && !secure,
        ignoreTLS: !smtp.requireTls,
        name: smtp.hello ?? 'localhost',
        ...(smtp.authUsername === null || smtp.authPasswordFile === null
          ? {}
          : {
              auth: {
                user: smtp.authUsername,
                pass: readSecretFile(smtp.authPasswordFile, 'smtp.auth_password_file'),
              },
              forceAuth: true,
            }),
        dnsTimeout: limits.connectMs,
        connectionTimeout: limits.connectMs,
        greetingTimeout: limits.greetingMs,
        socketTimeout: limits.silenceMs,
        disableFileAccess: true,
        disableUrlAccess: true,
        ...(authority === undefined ? {} : { tls: { ca: authority } }),
      });
      await transport.sendMail({
        ...message,
        from: { name: 'Portfolio alerts', address: smtp.from },
        // Not parsed: the address is one, whatever its characters.
        to: { name: '', address: to },
        envelope: { from: smtp.from, to: [to] },
        // Out-of-office replies are for people, not for this sender.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        ...(calendar === null
          ? {}
          : { icalEvent: { method: calendar.method, content: calendar.text, filename: 'invite.ics' } }),
        attachments: [...attachments],
        signal: AbortSignal.timeout(limits.totalMs),
      });
    },
  };
}
