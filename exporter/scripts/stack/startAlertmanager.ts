import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { supervise } from './supervise.js';
import type { SupervisedProgram } from './supervise.js';
import { withValues } from './withValues.js';
import type { ChangedLine } from './withValues.js';

const SHIPPED = fileURLToPath(new URL('../../../alertmanager/', import.meta.url));

export interface AlertmanagerOptions {
  readonly file: string;
  /** Its own directory. */
  readonly directory: string;
  readonly port: number;
  readonly mailPort: number;
  /** A secret where it is Slack's. */
  readonly slackUrl: string;
  /** The process that acts on alerts. */
  readonly actions: { readonly url: string; readonly tokenFile: string };
}

/** Alertmanager with the shipped routes, receivers and templates; mail and Slack go to this machine. */
export async function startAlertmanager(
  options: AlertmanagerOptions,
): Promise<{ program: SupervisedProgram; changes: ChangedLine[] }> {
  const slackFile = join(options.directory, 'slack_api_url');
  await writeFile(slackFile, options.slackUrl, { mode: 0o600 });
  const shipped = await readFile(join(SHIPPED, 'alertmanager.yml'), 'utf8');
  const webhook = ['receivers', receiverOf(shipped, 'actions'), 'webhook_configs', 0];
  const { text, changes } = withValues(shipped, [
    [['global', 'smtp_smarthost'], `127.0.0.1:${options.mailPort}`],
    [['global', 'smtp_require_tls'], false],
    [['global', 'slack_api_url_file'], slackFile],
    [[...webhook, 'url'], options.actions.url],
    [[...webhook, 'http_config', 'authorization', 'credentials_file'], options.actions.tokenFile],
    [['templates', 0], join(SHIPPED, 'templates', '*.tmpl')],
  ]);
  const config = join(options.directory, 'alertmanager.yml');
  await writeFile(config, text);
  const program = supervise({
    name: 'Alertmanager',
    file: options.file,
    args: [
      `--config.file=${config}`,
      `--storage.path=${join(options.directory, 'data')}`,
      '--data.retention=9600h',
      `--web.listen-address=127.0.0.1:${options.port}`,
      `--web.external-url=http://127.0.0.1:${options.port}/`,
      // Alone: no gossip.
      '--cluster.listen-address=',
    ],
    directory: options.directory,
  });
  return { program, changes };
}

const receiversSchema = z.object({ receivers: z.array(z.object({ name: z.string() })) });

/** The place of a receiver in alertmanager.yml. */
function receiverOf(text: string, name: string): number {
  const index = receiversSchema.parse(parse(text)).receivers.findIndex((receiver) => receiver.name === name);
  if (index < 0) throw new Error(`alertmanager.yml has no receiver ${name}`);
  return index;
}
