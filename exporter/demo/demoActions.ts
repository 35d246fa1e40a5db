import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import bcrypt from 'bcryptjs';
import type { Logger } from 'pino';
import { parseDocument } from 'yaml';
import type { CaughtMail } from './mailCatcher.js';
import { mailPages } from './mailPages.js';
import { startActions } from '../src/actions/startActions.js';
import type { ConfigPaths } from '../src/app/loadConfiguration.js';
import { readVersion } from '../src/app/version.js';
import { readEnvironment } from '../src/config/environment.js';
import { shippedFile } from '../src/config/shippedFile.js';
import { listen } from '../src/server/listen.js';

export interface DemoActionsOptions {
  readonly paths: ConfigPaths;
  /** For the files of this run; whoever gives it removes it. */
  readonly directory: string;
  /** Connects the role portfolio_actions. */
  readonly databaseUrl: string;
  /** 0 takes a free one, here and below. */
  readonly port: number;
  readonly mailPort: number;
  readonly onMail?: (mail: CaughtMail) => Promise<void> | void;
  readonly log: Logger;
}

export interface DemoActions {
  readonly url: string;
  readonly mailUrl: string;
  readonly user: string;
  readonly password: string;
  /** With the bearer token and nothing else, for an Alertmanager. */
  readonly tokenFile: string;
  /** Calls the webhook as Alertmanager does. Throws Error where it is refused. */
  notify(body: object): Promise<void>;
  stop(): Promise<void>;
}

const USER = 'portfolio';
const HOST = '127.0.0.1';

/**
 * What happens after an alert, on the demo portfolio: the process, a mail server that keeps what it is given, and its pages.
 * Its secrets are made for this run. Throws what any of it throws.
 */
export async function startDemoActions(options: DemoActionsOptions): Promise<DemoActions> {
  const ended: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ended.reverse()) await end();
  };
  try {
    // An image without what only the demo needs says first what else it has not: PostgreSQL.
    const { startMailCatcher } = await import('./mailCatcher.js');
    const catcher = await startMailCatcher((mail) => options.onMail?.(mail));
    ended.push(() => catcher.stop());
    const mails = await listen(mailPages(catcher), { host: HOST, port: options.mailPort });
    ended.push(() => mails.stop());

    const secret = (): string => randomBytes(18).toString('base64url');
    const [token, password] = [secret(), secret()];
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(options.directory, name), text, { mode: 0o600 });
      return join(options.directory, name);
    };
    const tokenFile = await file('token', token);
    const running = await startActions({
      paths: {
        ...options.paths,
        actionsFile: await file(
          'actions.yaml',
          await changed('exporter/config/actions.yaml', [
            [['external_url'], `http://localhost:${options.port}`],
            [['webhook', 'token_file'], tokenFile],
            [['links', 'key_file'], await file('keys', randomBytes(32).toString('base64'))],
            [
              ['users_file'],
              await file('users.yml', `basic_auth_users:\n  ${USER}: '${await bcrypt.hash(password, 10)}'\n`),
            ],
            [['recipients_file'], await file('recipients.yaml', await recipients(catcher.port))],
          ]),
        ),
      },
      environment: readEnvironment({ DATABASE_URL: options.databaseUrl }),
      listenAddress: { host: HOST, port: options.port },
      version: readVersion(),
      now: () => new Date(),
      log: options.log,
    });
    ended.push(() => running.stop());
    return {
      url: running.url,
      mailUrl: mails.url,
      user: USER,
      password,
      tokenFile,
      async notify(body) {
        const response = await fetch(`${running.url}/alerts`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        });
        if (!response.ok) throw new Error(`the webhook answers ${response.status}: ${await response.text()}`);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The shipped recipients, by a mail server on this machine that asks for no TLS and no password. */
function recipients(port: number): Promise<string> {
  return changed('alertmanager/recipients.yaml', [
    [['smtp', 'smarthost'], `${HOST}:${port}`],
    [['smtp', 'auth_username'], null],
    [['smtp', 'auth_password_file'], null],
    [['smtp', 'require_tls'], false],
  ]);
}

async function changed(path: string, values: readonly (readonly [readonly string[], unknown])[]): Promise<string> {
  const document = parseDocument(await readFile(shippedFile(path), 'utf8'));
  for (const [at, value] of values) document.setIn(at, value);
  return document.toString();
}
