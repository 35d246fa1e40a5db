import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from '../childProgram.js';
import type { ChildProgram } from '../childProgram.js';
import type { ConfigDirectory } from '../configDirectory.js';
import { untilAnswering } from './untilAnswering.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/portfolio-exporter.js', import.meta.url));

export interface ActionsProgramOptions {
  /** host:port */
  readonly address: string;
  readonly config: ConfigDirectory;
  /** How it connects, as portfolio_actions. */
  readonly environment: Readonly<Record<string, string>>;
  readonly recipientsFile: string;
  /** The certificate of the mail server. */
  readonly certificateFile: string;
}

/** The secret that Alertmanager shows, in a file of its own. */
export async function writeWebhookToken(directory: string): Promise<string> {
  const file = join(directory, 'actions_token');
  await writeFile(file, randomBytes(24).toString('base64url'));
  return file;
}

/** `portfolio-exporter actions` as it is shipped, with keys of its own. */
export async function startActionsProgram(options: ActionsProgramOptions, tokenFile: string): Promise<ChildProgram> {
  const { address, config } = options;
  await config.write('link_keys', randomBytes(32).toString('base64'));
  await config.write('users.yml', 'basic_auth_users: {}\n');
  await config.write(
    'actions.yaml',
    `external_url: http://${address}
webhook: { token_file: ${tokenFile} }
links: { key_file: link_keys }
users_file: users.yml
recipients_file: ${options.recipientsFile}
`,
  );
  const files = ['--config.actions-file', config.file('actions.yaml'), ...config.args];
  const args = [PROGRAM, 'actions', `--web.listen-address=${address}`, '--log.level=warn', ...files];
  const environment = { HOME: '/nonexistent', NODE_EXTRA_CA_CERTS: options.certificateFile, ...options.environment };
  const program = startProgram(process.execPath, args, environment);
  await untilAnswering(`http://${address}/readyz`, program);
  return program;
}
