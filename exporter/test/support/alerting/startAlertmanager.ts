import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isPair, isScalar, parseDocument, visit } from 'yaml';
import { startProgram } from '../childProgram.js';
import { freePort } from '../freePort.js';
import type { MailCatcher, MailLogin } from './mailCatcher.js';
import { untilAnswering } from './untilAnswering.js';

const run = promisify(execFile);
const SHIPPED = fileURLToPath(new URL('../../../../alertmanager/', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../../bin/portfolio-exporter.js', import.meta.url));
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

export interface AlertmanagerOptions {
  readonly binary: string;
  readonly directory: string;
  readonly mail: Pick<MailCatcher, 'port' | 'certificateFile'>;
  readonly login: MailLogin;
  readonly slackUrl: string;
  /** The process that acts on alerts; left out: none. */
  readonly actions?: { readonly url: string; readonly tokenFile: string };
  /** group_wait and group_interval are divided by this; 1 leaves them as they are shipped. */
  readonly hurry: number;
}

export interface Alertmanager {
  readonly address: string;
  /** What its configuration was made from. */
  readonly recipientsFile: string;
  output(): string;
  stop(): Promise<void>;
}

/** One address for each role, told apart by its name. */
export function addressOf(role: string): string {
  return `${role.toLowerCase()}@example.test`;
}

/** A real Alertmanager with the shipped routes, templates and inhibitions, and receivers made by the real command. */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<Alertmanager> {
  const directory = join(options.directory, 'alertmanager');
  await mkdir(directory, { recursive: true });
  await cp(SHIPPED, directory, { recursive: true });
  const slackFile = join(directory, 'slack_api_url');
  const passwordFile = join(directory, 'smtp_password');
  await writeFile(slackFile, options.slackUrl);
  await writeFile(passwordFile, options.login.password);

  const recipients = parseDocument(await readFile(join(SHIPPED, 'recipients.yaml'), 'utf8'));
  const { recipients: roles } = recipients.toJS() as { recipients: Record<string, unknown> };
  for (const role of Object.keys(roles)) recipients.setIn(['recipients', role], addressOf(role));
  recipients.setIn(['slack', 'api_url_file'], slackFile);
  recipients.setIn(['smtp', 'smarthost'], `127.0.0.1:${options.mail.port}`);
  recipients.setIn(['smtp', 'auth_username'], options.login.username);
  recipients.setIn(['smtp', 'auth_password_file'], passwordFile);
  const { actions } = options;
  recipients.set('actions', actions === undefined ? null : { url: actions.url, token_file: actions.tokenFile });
  const recipientsFile = join(directory, 'recipients.yaml');
  await writeFile(recipientsFile, recipients.toString());
  const config = join(directory, 'alertmanager.yml');
  await run(process.execPath, [PROGRAM, 'alertmanager', `--recipients=${recipientsFile}`, `--config=${config}`]);
  await writeFile(config, hurried(await readFile(config, 'utf8'), options.hurry));

  const address = `127.0.0.1:${await freePort()}`;
  const program = startProgram(
    options.binary,
    [
      `--config.file=${config}`,
      `--storage.path=${join(directory, 'data')}`,
      '--data.retention=9600h',
      `--web.listen-address=${address}`,
      '--web.external-url=https://alertmanager.example.test',
      // Alone: no gossip.
      '--cluster.listen-address=',
    ],
    { SSL_CERT_FILE: options.mail.certificateFile },
  );
  await untilAnswering(`http://${address}/-/ready`, program);
  return { address, recipientsFile, output: () => program.output(), stop: () => program.stop() };
}

/** The configuration with its waits shortened; how often something repeats, and everything else, stays. */
function hurried(text: string, by: number): string {
  const document = parseDocument(text);
  visit(document, {
    Pair: (_key, pair) => {
      if (!isPair(pair) || !isScalar(pair.key) || !isScalar(pair.value)) return;
      if (pair.key.value !== 'group_wait' && pair.key.value !== 'group_interval') return;
      const match = /^(\d+)(ms|s|m|h|d)$/.exec(String(pair.value.value));
      if (match === null) throw new Error(`not a duration: ${String(pair.value.value)}`);
      const seconds = Number(match[1]) * (SECONDS[match[2] ?? ''] ?? Number.NaN);
      pair.value.value = `${Math.round((seconds / by) * 1000)}ms`;
    },
  });
  return document.toString();
}
