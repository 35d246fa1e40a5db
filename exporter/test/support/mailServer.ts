import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly mail: Email;
  readonly raw: string;
}

/** How the server answers; a test changes it while it runs. */
export interface MailServerBehaviour {
  /** Told for RCPT of this address: a code and its text. */
  rejects: Map<string, { readonly code: number; readonly text: string }>;
  /** Told after the whole message. */
  rejectsData: { readonly code: number; readonly text: string } | null;
  /** How long it takes to accept a whole message, in ms. */
  acceptsAfterMs: number;
}

export interface MailServer {
  readonly port: number;
  readonly behaviour: MailServerBehaviour;
  readonly received: ReceivedMail[];
  stop(): Promise<void>;
  /** Answers on the same port again. */
  restart(): Promise<void>;
}

/** A real SMTP server on 127.0.0.1, without TLS and login, that refuses, delays and goes away as told. */
export async function startMailServer(): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const behaviour: MailServerBehaviour = { rejects: new Map(), rejectsData: null, acceptsAfterMs: 0 };
  const start = async (port: number): Promise<SMTPServer> => {
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => done(problem(behaviour.rejects.get(address) ?? null)),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks);
          const to = session.envelope.rcptTo.map(({ address }) => address);
          void PostalMime.parse(raw).then((mail) => {
            const refused = problem(behaviour.rejectsData);
            if (refused === null) received.push({ to, mail, raw: raw.toString('utf8') });
            setTimeout(() => done(refused), behaviour.acceptsAfterMs);
          }, done);
        });
      },
    });
    // A client that goes away in the middle is the client's business.
    server.on('error', () => undefined);
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return server;
  };
  let current: SMTPServer | null = await start(0);
  const { port } = current.server.address() as AddressInfo;
  return {
    port,
    behaviour,
    received,
    async stop() {
      const ending = current;
      current = null;
      if (ending !== null) await new Promise<void>((resolve) => ending.close(() => resolve()));
    },
    async restart() {
      current ??= await start(port);
    },
  };
}

function problem(answer: { readonly code: number; readonly text: string } | null): Error | null {
  return answer === null ? null : Object.assign(new Error(answer.text), { responseCode: answer.code });
}
