import { createServer, type Socket } from 'node:net';
import { Logger, runOnce } from 'graphile-worker';
import { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deliverMail } from '../../../src/actions/mail/deliverMail.js';
import type { DeliveryDependencies } from '../../../src/actions/mail/deliverMail.js';
import { queueMail } from '../../../src/actions/mail/queueMail.js';
import { createMailTransport, TRANSPORT_LIMITS } from '../../../src/actions/mail/transport.js';
import type { MailTransport } from '../../../src/actions/mail/transport.js';
import { createDatabase as createPool } from '../../../src/database/pool.js';
import type { Database } from '../../../src/database/pool.js';
import { inTransaction } from '../../../src/database/transaction.js';
import { createDatabase } from '../../support/database.js';
import type { TestDatabase } from '../../support/database.js';
import { createExporterLogin } from '../../support/exporterLogin.js';
import type { ExporterLogin } from '../../support/exporterLogin.js';
import { startMailServer } from '../../support/mailServer.js';
import type { MailServer } from '../../support/mailServer.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const SMTP = {
  host: '127.0.0.1',
  from: 'portfolio-alerts@example.test',
  hello: null,
  authUsername: null,
  authPasswordFile: null,
  requireTls: false,
};

describe('the delivery of mails', () => {
  let owner: TestDatabase;
  let login: ExporterLogin;
  let database: Database;
  let workers: Pool;
  let server: MailServer;
  let now = NOW;

  beforeAll(async () => {
    server = await startMailServer();
    owner = await createDatabase();
    login = await createExporterLogin(owner, 'portfolio_actions');
    database = createPool({
      settings: { connectionString: login.url },
      maxConnections: 4,
      onIdleError: () => undefined,
    });
    workers = new Pool({ connectionString: login.url });
  });
  afterAll(async () => {
    await workers.end();
    await database.close();
    await login.drop();
    await owner.drop();
    await server.stop();
  });
  beforeEach(async () => {
    await owner.client.query('DELETE FROM portfolio_actions.mails; DELETE FROM graphile_worker._private_jobs');
    Object.assign(server.behaviour, { rejects: new Map(), rejectsData: null, acceptsAfterMs: 0 });
    server.received.length = 0;
    now = NOW;
    await server.restart();
  });

  const transport = (): MailTransport => createMailTransport({ ...SMTP, port: server.port });
  const dependencies = (over: Partial<DeliveryDependencies> = {}): DeliveryDependencies => ({
    database,
    transport: transport(),
    now: () => now,
    externalUrl: 'https://actions.example.test/portfolio',
    onCall: ['on-call@example.test'],
    log: { warn: () => undefined },
    ...over,
  });
  const queue = (recipient: string, key = recipient): Promise<boolean> =>
    database.withClient((client) =>
      inTransaction(client, { access: 'READ WRITE' }, () =>
        queueMail(client, { key, recipient, role: null, content: { subject: `For ${recipient}`, body: 'Hello' } }, now),
      ),
    );
  /** Runs every job that is due, those that it adds included, as workers do; `waited`: those that wait for their time too. */
  async function work(deps = dependencies(), waited = false): Promise<void> {
    if (waited) await owner.client.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
    await runOnce({
      pgPool: workers,
      noHandleSignals: true,
      logger: new Logger(() => () => undefined),
      taskList: {
        deliver_mail: async (payload) => {
          await deliverMail(z.object({ id: z.string() }).parse(payload).id, deps);
        },
      },
    });
  }
  const rows = async (): Promise<unknown[]> => {
    const { rows: all } = await owner.client.query<Record<string, unknown>>(
      `SELECT recipient, sent_at IS NOT NULL AS sent, refused_at IS NOT NULL AS refused, attempts, last_error
         FROM portfolio_actions.mails ORDER BY recipient`,
    );
    return all;
  };
  const waits = async (): Promise<number[]> => {
    const { rows: jobs } = await owner.client.query<{ seconds: number }>(
      'SELECT round(extract(epoch FROM run_at - updated_at))::int AS seconds FROM graphile_worker._private_jobs ORDER BY 1',
    );
    return jobs.map(({ seconds }) => seconds);
  };
  const receivedBy = (): string[] => server.received.flatMap(({ to }) => to).toSorted();

  it('sends each mail once, with the Message-ID of its row, whoever asks how often', async () => {
    expect(await Promise.all([queue('ada@example.test'), queue('ada@example.test')])).toContain(false);
    await work();
    expect(await queue('ada@example.test')).toBe(false);
    await work();
    expect(receivedBy()).toEqual(['ada@example.test']);
    const { rows: ids } = await owner.client.query<{ id: string; message_id: string }>(
      'SELECT id, message_id FROM portfolio_actions.mails',
    );
    expect(ids[0]?.message_id).toBe(`<${ids[0]?.id ?? ''}@actions.example.test>`);
    expect(server.received[0]?.mail).toMatchObject({ messageId: ids[0]?.message_id, date: NOW.toISOString() });
    expect(server.received[0]?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  });

  it('leaves nothing where the transaction that queued it is taken back', async () => {
    const failed = database.withClient((client) =>
      inTransaction(client, { access: 'READ WRITE' }, async () => {
        await queueMail(
          client,
          { key: 'x', recipient: 'ada@example.test', role: null, content: { subject: 'x', body: 'x' } },
          now,
        );
        throw new Error('taken back');
      }),
    );
    await expect(failed).rejects.toThrow('taken back');
    await work();
    expect([await rows(), await waits(), server.received]).toEqual([[], [], []]);
  });

  it('sends to everybody else, and tells on-call once, where one address is refused', async () => {
    server.behaviour.rejects.set('bad@example.test', { code: 550, text: '5.1.1 no such user' });
    for (const name of ['ada', 'bad', 'eve']) await queue(`${name}@example.test`);
    await queue('bad@example.test', 'another mail');
    await queue('not an address\r\nBcc: all@example.test', 'in a row');
    await work();
    await work();
    expect(receivedBy()).toEqual([
      'ada@example.test',
      'eve@example.test',
      'on-call@example.test',
      'on-call@example.test',
    ]);
    const told = server.received.filter(({ to }) => to.includes('on-call@example.test')).map(({ mail }) => mail);
    expect(told.map(({ subject }) => subject).toSorted()).toEqual([
      'Mail to bad@example.test is refused',
      'Mail to not an address Bcc: all@example.test is refused',
    ]);
    expect(told.map(({ text }) => text).join()).toContain('no such user');
    expect(await rows()).toMatchObject([
      { sent: true },
      { refused: true, attempts: 1, last_error: expect.stringContaining('5.1.1 no such user') as string },
      { refused: true, attempts: 1 },
      { sent: true },
      { refused: true, last_error: 'it is no address such as name@example.test' },
      { sent: true },
      { sent: true },
    ]);
    expect(await waits()).toEqual([]);
  });

  it('tells nobody that on-call’s own addresses are refused', async () => {
    const onCall = ['on-call@example.test', 'second@example.test'];
    for (const address of ['bad@example.test', ...onCall]) {
      server.behaviour.rejects.set(address, { code: 550, text: 'no' });
    }
    await queue('bad@example.test');
    await work(dependencies({ onCall }));
    expect(await rows()).toMatchObject([{ refused: true }, { refused: true }, { refused: true }]);
    expect(await waits()).toEqual([]);
  });

  it('refuses a message that the server does not take, and nothing because of a busy one', async () => {
    server.behaviour.rejectsData = { code: 554, text: 'looks like spam' };
    await queue('ada@example.test');
    await work(dependencies({ onCall: [] }));
    expect(await rows()).toMatchObject([{ refused: true, last_error: expect.stringContaining('spam') as string }]);
    server.behaviour.rejectsData = { code: 451, text: 'busy' };
    await queue('eve@example.test');
    await work();
    expect((await rows())[1]).toMatchObject({ sent: false, refused: false, attempts: 1 });
  });

  it('goes on trying, longer and longer apart and at most 5 minutes, until the server is back', async () => {
    await server.stop();
    await queue('ada@example.test');
    await work();
    const seen = [await waits()];
    for (let again = 0; again < 6; again += 1) {
      await work(dependencies(), true);
      seen.push(await waits());
    }
    expect(seen.flat()).toEqual([10, 20, 40, 80, 160, 300, 300]);
    expect(await rows()).toMatchObject([{ sent: false, refused: false, attempts: 7 }]);
    await server.restart();
    await work(dependencies(), true);
    expect(receivedBy()).toEqual(['ada@example.test']);
    expect(await waits()).toEqual([]);
  });

  it('gives up after 5 days, and says so', async () => {
    server.behaviour.rejects.set('ada@example.test', { code: 451, text: 'greylisted' });
    await queue('ada@example.test');
    now = new Date(NOW.getTime() + 5 * 24 * 3_600_000);
    await work();
    expect(await rows()).toMatchObject([{ refused: false }]);
    now = new Date(now.getTime() + 1);
    await work(dependencies(), true);
    expect(await rows()).toMatchObject([
      { refused: true, last_error: expect.stringMatching(/^given up after 5 days: .*greylisted/) as string },
      { recipient: 'on-call@example.test', sent: true },
    ]);
  });

  it('sends the same message again where it ends between the server’s answer and its row', async () => {
    await queue('ada@example.test');
    const killed: DeliveryDependencies = dependencies({
      transport: {
        send: async (mail) => {
          await transport().send(mail);
          throw Object.assign(new Error('killed'), { name: 'AbortError' });
        },
      },
    });
    await work(killed);
    await work(dependencies({ externalUrl: 'https://moved.example.test' }), true);
    const messages = server.received.map(({ mail }) => [mail.messageId, mail.date, mail.subject, mail.html]);
    expect(messages).toHaveLength(2);
    expect(messages[1]).toEqual(messages[0]);
  });

  it('does not wait for a server that never accepts, and holds up only what shares its lane', async () => {
    server.behaviour.acceptsAfterMs = 5_000;
    await queue('ada@example.test');
    const limits = { ...TRANSPORT_LIMITS, totalMs: 300 };
    await work(dependencies({ transport: createMailTransport({ ...SMTP, port: server.port }, limits) }));
    expect(await rows()).toMatchObject([
      { sent: false, refused: false, attempts: 1, last_error: expect.any(String) as string },
    ]);
    const { rows: lanes } = await owner.client.query<{ queue: string }>(
      'SELECT queue_name AS queue FROM graphile_worker.jobs',
    );
    expect(lanes).toEqual([{ queue: expect.stringMatching(/^mail-[0-3]$/) as string }]);
  });

  /** What a server does at each step of a conversation, by the step's name; what is not named it accepts. */
  const accepted: Readonly<Record<string, string>> = {
    greeting: '220 mail.example.test',
    EHLO: '250 mail.example.test',
    MAIL: '250 ok',
    RCPT: '250 ok',
    DATA: '354 go on',
    '.': '250 kept',
    QUIT: '221 bye',
  };
  const CLOSE = 'close';
  const SILENCE = 'silence';
  it.each<[string, Readonly<Record<string, string>>]>([
    ['has no room for one more', { greeting: '421 4.3.2 too many connections' }],
    ['ends at once', { greeting: CLOSE }],
    ['never greets', { greeting: SILENCE }],
    ['speaks of something else', { greeting: 'HTTP/1.1 400 Bad Request' }],
    ['never answers EHLO', { EHLO: SILENCE }],
    ['ends after EHLO', { EHLO: CLOSE }],
    ['greylists', { RCPT: '450 4.7.1 come back later' }],
    ['is full', { MAIL: '452 4.3.1 insufficient system storage' }],
    ['ends at DATA', { DATA: CLOSE }],
    ['ends after the message, before its answer', { '.': CLOSE }],
    ['never answers the message', { '.': SILENCE }],
    ['answers half a line', { '.': '250 ke\u0000' }],
    ['does not relay for this sender', { RCPT: '550 5.7.1 relaying denied' }],
    ['wants another login', { MAIL: '530 5.7.0 authentication required' }],
  ])('keeps a mail for later where the server %s, and sends it once when that is over', async (_what, answers) => {
    const sockets = new Set<Socket>();
    const broken = createServer((socket) => {
      sockets.add(socket);
      let isMessage = false;
      const answer = (step: string): void => {
        const text = answers[step] ?? accepted[step] ?? '502 unknown';
        if (text === CLOSE) socket.destroy();
        else if (text.endsWith('\u0000')) socket.write(text.slice(0, -1));
        else if (text !== SILENCE) socket.write(`${text}\r\n`);
      };
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        for (const line of chunk
          .toString('latin1')
          .split('\r\n')
          .filter((one) => one !== '')) {
          const step = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
          if (isMessage && line !== '.') continue;
          isMessage = step === 'DATA';
          answer(step);
        }
      });
      answer('greeting');
    });
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const address = broken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const limits = { ...TRANSPORT_LIMITS, greetingMs: 500, silenceMs: 500 };
    await queue('ada@example.test');
    await work(dependencies({ transport: createMailTransport({ ...SMTP, port }, limits) }));
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => broken.close(resolve));
    expect(await rows()).toEqual([
      {
        ...{ recipient: 'ada@example.test', sent: false, refused: false, attempts: 1 },
        last_error: expect.stringMatching(/\S/) as string,
      },
    ]);
    await work(dependencies(), true);
    expect(receivedBy()).toEqual(['ada@example.test']);
    expect(await waits()).toEqual([]);
  });

  it('asks for STARTTLS where it is demanded, and sends nothing without', async () => {
    await queue('ada@example.test');
    await work(dependencies({ transport: createMailTransport({ ...SMTP, port: server.port, requireTls: true }) }));
    expect(server.received).toEqual([]);
    expect(await rows()).toMatchObject([
      { sent: false, refused: false, last_error: expect.stringContaining('STARTTLS') as string },
    ]);
  });
});
