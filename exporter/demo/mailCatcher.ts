import { once } from 'node:events';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A message as it came, and as a mail program reads it. */
export interface CaughtMail {
  readonly number: number;
  readonly receivedAt: Date;
  readonly to: readonly string[];
  readonly raw: Buffer;
  readonly mail: Email;
}

export interface MailCatcher {
  readonly port: number;
  /** The newest {@link KEPT} messages, the newest first. */
  caught(): readonly CaughtMail[];
  stop(): Promise<void>;
}

const KEPT = 200;

/** An SMTP server on 127.0.0.1 that takes mail for anybody from anybody on this machine and keeps it in memory. */
export async function startMailCatcher(onMail: (mail: CaughtMail) => Promise<void> | void): Promise<MailCatcher> {
  const caught: CaughtMail[] = [];
  let count = 0;
  const take = async (raw: Buffer, to: readonly string[]): Promise<void> => {
    const mail = await PostalMime.parse(raw);
    count += 1;
    const message = { number: count, receivedAt: new Date(), to, raw, mail };
    caught.unshift(message);
    caught.splice(KEPT);
    await onMail(message);
  };
  const server = new SMTPServer({
    // Nothing leaves this machine: no certificate and no password are needed.
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 500,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        take(Buffer.concat(chunks), to).then(() => done(), done);
      });
    },
  });
  // A client that goes away in the middle is the client's business.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('an SMTP server has a port');
  return {
    port: address.port,
    caught: () => caught,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
