import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { shippedFile } from '../../src/config/shippedFile.js';
import { createCertificate } from '../support/certificates.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import { findProgram } from '../support/findProgram.js';
import { postgresVersions } from '../support/postgresVersions.js';
import { runCommand } from '../support/runCommand.js';
import { type RunningProgram, startProgram } from '../support/startProgram.js';
import { sampleNotification } from './sampleNotification.js';
import { TOKEN, writeActionsFiles } from './testActions.js';

const postgres15 = postgresVersions()[1];
const hasPrograms =
  postgres15?.isInstalled === true &&
  [findProgram(['pg_dump'], 'postgresql-client-15'), findProgram(['pg_restore'], 'postgresql-client-15')].every(
    (program) => program !== null,
  );

const RESOURCES = ['7', '8'].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
/** By Message-ID, in the order of their arrival. */
const received: string[] = [];
let directory: string;
let database: TestDatabase;
let restored: TestDatabase;
let login: ExporterLogin;
let mailServer: SMTPServer;
let port = 0;

beforeAll(async () => {
  if (!hasPrograms) return;
  const server = await postgres15.sharedServer();
  database = await createDatabase({ template: 'empty', server });
  restored = await createDatabase({ template: 'empty', server });
  expect((await runCommand(['migrate'], { env: { DATABASE_URL: database.url } })).code).toBe(0);
  login = await createExporterLogin(database, 'portfolio_actions');
  directory = await writeActionsFiles();
  await chmod(directory, 0o755);
  const authority = createCertificate(directory, { name: 'authority', names: '' });
  const own = createCertificate(directory, { name: 'mail', names: 'DNS:localhost', signedBy: authority });
  await startMailServer(own);
  const recipients = (await readFile(shippedFile('alertmanager/recipients.yaml'), 'utf8'))
    .replace('smtp.example.test:587', `localhost:${port}`)
    .replace(/auth_username: .*/, 'auth_username: null')
    .replace(/auth_password_file: .*/, 'auth_password_file: null');
  await writeFile(join(directory, 'recipients.yaml'), recipients);
  const actions = join(directory, 'actions.yaml');
  const text = await readFile(actions, 'utf8');
  await writeFile(actions, text.replace(/recipients_file: .*/, 'recipients_file: recipients.yaml'));
  await database.client.query(`
    INSERT INTO ventures (id, name, status) VALUES
      ('00000000-0000-4000-8000-000000000001', 'Harbour', 'active'), ('00000000-0000-4000-8000-000000000002', 'Beta', 'active')`);
});
afterAll(async () => {
  if (!hasPrograms) return;
  await stopMailServer();
  await restored.drop();
  await database.client.query(`REASSIGN OWNED BY ${login.role} TO CURRENT_USER; DROP OWNED BY ${login.role}`);
  await login.drop();
  await database.drop();
  await rm(directory, { recursive: true });
});

/** STARTTLS is demanded, by a certificate of an authority of the house. */
async function startMailServer({ certificate, key }: { certificate: string; key: string }): Promise<void> {
  mailServer = new SMTPServer({
    key: readFileSync(key),
    cert: readFileSync(certificate),
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    onMailFrom: (_address, session, done) => done(session.secure ? null : new Error('not encrypted')),
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      stream.on('end', () => {
        received.push(/^Message-ID: (<.+>)/im.exec(text)?.[1] ?? '');
        done();
      });
    },
  });
  mailServer.on('error', () => undefined);
  await once(mailServer.listen(port, 'localhost'), 'listening');
  ({ port } = mailServer.server.address() as AddressInfo);
}
const stopMailServer = (): Promise<void> => new Promise((resolve) => mailServer.close(() => resolve()));

function start(url: string, trusts: boolean): RunningProgram {
  return startProgram(
    ['actions', '--web.listen-address', '127.0.0.1:0', '--config.actions-file', join(directory, 'actions.yaml')],
    { env: { DATABASE_URL: url, ...(trusts ? { NODE_EXTRA_CA_CERTS: join(directory, 'authority.crt') } : {}) } },
  );
}

async function tell(program: RunningProgram, resource: string): Promise<void> {
  await database.client.query(
    `INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
     SELECT $1, 'Ann', 'people', id, 65 FROM ventures`,
    [resource],
  );
  const [, url = ''] = await program.says(/url=(http:\/\/127\.0\.0\.1:\d+)\b/);
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), 30_000);
  const response = await fetch(`${url}/alerts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(sampleNotification([{ labels: { resource_id: resource } }])),
  });
  expect(response.status).toBe(200);
}

const mails = async (of: TestDatabase, which: string): Promise<string[]> =>
  (
    await of.client.query<{ id: string }>(`SELECT message_id AS id FROM portfolio_actions.mails WHERE ${which}`)
  ).rows.map(({ id }) => id);

it.skipIf(!hasPrograms)(
  'a restored backup: what was sent is not sent again, what waited is sent once, by a mail server whose authority is told',
  { timeout: 600_000 },
  async () => {
    const first = start(login.url, true);
    await tell(first, RESOURCES[0] ?? '');
    await vi.waitFor(
      async () => expect((await mails(database, 'sent_at IS NOT NULL')).length).toBeGreaterThan(1),
      60_000,
    );
    await vi.waitFor(async () => expect(await mails(database, 'sent_at IS NULL')).toEqual([]), 60_000);
    const sent = received.length;
    first.kill('SIGTERM');
    await first.finished;

    // Without the authority nothing is sent, and the reason is on the mail.
    const strange = start(login.url, false);
    await tell(strange, RESOURCES[1] ?? '');
    await vi.waitFor(
      async () => expect((await mails(database, `last_error ~ 'certificate'`)).length).toBeGreaterThan(1),
      60_000,
    );
    const backup = join(directory, 'backup');
    execFileSync('pg_dump', ['--format=custom', `--file=${backup}`, database.url]);
    strange.kill('SIGKILL');
    await strange.finished;
    expect(received).toHaveLength(sent);
    execFileSync('pg_restore', ['--exit-on-error', `--dbname=${restored.url}`, backup]);
    const waited = await mails(restored, 'sent_at IS NULL');
    expect(waited.length).toBeGreaterThan(1);

    const url = new URL(login.url);
    url.pathname = new URL(restored.url).pathname;
    const both = [start(url.href, true), start(url.href, true)];
    await vi.waitFor(async () => expect(await mails(restored, 'sent_at IS NULL')).toEqual([]), {
      timeout: 400_000,
      interval: 1_000,
    });
    for (const one of both) one.kill('SIGTERM');
    await Promise.all(both.map(({ finished }) => finished));
    expect(received.slice(sent)).toEqual(expect.arrayContaining(waited));
    expect(received.toSorted()).toEqual((await mails(restored, 'true')).toSorted());
  },
);
