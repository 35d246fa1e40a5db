import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface MailCatcherOptions {
  /** Each message is kept there: as it came (.eml), and what a browser shows of it (.html). */
  readonly directory: string;
  readonly onMail: (to: readonly string[], subject: string) => void;
}

/** An SMTP server on 127.0.0.1 that takes mail for anybody from anybody on this machine. */
export async function startMailCatcher(options: MailCatcherOptions): Promise<{ port: number; stop(): Promise<void> }> {
  let count = 0;
  const take = async (raw: Buffer, to: readonly string[]): Promise<void> => {
    const mail = await PostalMime.parse(raw);
    count += 1;
    const file = join(options.directory, String(count).padStart(4, '0'));
    await writeFile(`${file}.eml`, raw);
    await writeFile(`${file}.html`, mail.html ?? mail.text ?? '');
    options.onMail(to, mail.subject ?? '');
  };
  const server = new SMTPServer({
    // Nothing leaves this machine: no certificate and no password are needed.
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
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
  return { port: address.port, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
