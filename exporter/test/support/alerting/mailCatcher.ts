import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SentMessage } from './sentMessage.js';

const run = promisify(execFile);

export interface MailCatcher {
  readonly port: number;
  /** The certificate by which it offers STARTTLS, for a client that trusts it by SSL_CERT_FILE. */
  readonly certificateFile: string;
  readonly messages: SentMessage[];
  /** No longer answers on its port. */
  stop(): Promise<void>;
  /** Answers on the same port again. */
  restart(): Promise<void>;
}

export interface MailLogin {
  readonly username: string;
  readonly password: string;
}

/** A real SMTP server on 127.0.0.1 that takes mail for anybody, by STARTTLS and from whoever knows the login. */
export async function startMailCatcher(login: MailLogin, port: number, directory: string): Promise<MailCatcher> {
  const messages: SentMessage[] = [];
  const { key, certificateFile } = await createCertificate(directory);
  const cert = await readFile(certificateFile);
  const start = async (): Promise<SMTPServer> => {
    const server = new SMTPServer({
      key,
      cert,
      disableReverseLookup: true,
      onAuth: ({ username, password }, _session, done) => {
        if (username === login.username && password === login.password) done(null, { user: username });
        else done(new Error('wrong user or password'));
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks);
          const at = Date.now();
          void PostalMime.parse(raw).then((mail) => {
            messages.push({
              channel: 'mail',
              to: session.envelope.rcptTo.map(({ address }) => address).toSorted(),
              title: mail.subject ?? '',
              text: mail.text ?? '',
              raw: raw.toString('utf8'),
              html: mail.html ?? '',
              at,
            });
            done();
          }, done);
        });
      },
    });
    // A client that goes away in the middle is the client's business.
    server.on('error', () => undefined);
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return server;
  };
  const stopServer = (server: SMTPServer): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  let current: SMTPServer | null = await start();
  return {
    port,
    certificateFile,
    messages,
    async stop() {
      if (current !== null) await stopServer(current);
      current = null;
    },
    async restart() {
      current ??= await start();
    },
  };
}

async function createCertificate(directory: string): Promise<{ key: Buffer; certificateFile: string }> {
  const keyFile = join(directory, 'smtp.key');
  const certificateFile = join(directory, 'smtp.crt');
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const files = ['-keyout', keyFile, '-out', certificateFile];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run('openssl', ['req', '-x509', ...curve, ...subject, ...files]);
  return { key: await readFile(keyFile), certificateFile };
}
