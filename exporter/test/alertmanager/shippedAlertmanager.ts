import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { generateConfig } from '../../src/alertmanager/generateConfig.js';
import { parseRecipients } from '../../src/config/recipientsFile.js';
import { startProgram } from '../support/childProgram.js';
import { freePort } from '../support/freePort.js';
import { recipientsWith } from './sampleRecipients.js';

const SHIPPED = fileURLToPath(new URL('../../../alertmanager/', import.meta.url));

/** The program, by the name it has here; null where it is not installed, which on a build server is an error. */
export const ALERTMANAGER = findAlertmanager();

function findAlertmanager(): string | null {
  const names = ['alertmanager', 'prometheus-alertmanager'];
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (found !== undefined) return found;
  const missing = 'alertmanager is missing: apt-get install prometheus-alertmanager';
  if (process.env['CI'] !== undefined) throw new Error(missing);
  process.stderr.write(`${missing}; the tests that need it are skipped\n`);
  return null;
}

export interface ShippedAlertmanager {
  readonly url: string;
  /** Titles of the messages to Slack so far. */
  slackTitles(): readonly string[];
  output(): string;
  stop(): Promise<void>;
}

/** Alertmanager with the shipped configuration, its waits cut short, and a catcher in the place of Slack; no mail server. */
export async function startShippedAlertmanager(): Promise<ShippedAlertmanager> {
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-alertmanager-'));
  await cp(join(SHIPPED, 'templates'), join(directory, 'templates'), { recursive: true });
  const titles: string[] = [];
  const slack = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { attachments } = JSON.parse(body) as { attachments: readonly { title: string }[] };
      titles.push(...attachments.map(({ title }) => title));
      response.end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(slack, 'listening');
  const slackFile = join(directory, 'slack_api_url');
  await writeFile(slackFile, `http://127.0.0.1:${(slack.address() as AddressInfo).port}/`);

  const recipients = recipientsWith(
    ['/run/secrets/slack', slackFile],
    ['mail.corp.test:587', `localhost:${await freePort()}`],
    [
      'heartbeat:\n  url: https://heartbeat.corp.test/ping\n  credentials_file: /run/secrets/heartbeat',
      'heartbeat: null',
    ],
  );
  const file = join(directory, 'alertmanager.yml');
  const config = generateConfig(
    await readFile(join(SHIPPED, 'alertmanager.yml'), 'utf8'),
    file,
    parseRecipients(recipients, 'recipients.yaml'),
  );
  await writeFile(file, config.replaceAll(/group_(wait|interval): \S+/g, 'group_$1: 100ms'));

  const address = `127.0.0.1:${await freePort()}`;
  const program = startProgram(
    ALERTMANAGER ?? '',
    [
      `--config.file=${file}`,
      `--storage.path=${join(directory, 'data')}`,
      '--data.retention=9600h',
      `--web.listen-address=${address}`,
      // Alone: no gossip.
      '--cluster.listen-address=',
    ],
    {},
  );
  await untilReady(`http://${address}/-/ready`, () => program.output());
  return {
    url: `http://${address}`,
    slackTitles: () => titles,
    output: () => program.output(),
    async stop() {
      await program.stop();
      slack.close();
      slack.closeAllConnections();
      await rm(directory, { recursive: true });
    },
  };
}

async function untilReady(url: string, output: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await delay(50);
  }
  throw new Error(`alertmanager did not start:\n${output()}`);
}
