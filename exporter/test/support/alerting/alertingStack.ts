import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from '../childProgram.js';
import type { ChildProgram } from '../childProgram.js';
import { createConfigDirectory } from '../configDirectory.js';
import type { ConfigDirectory } from '../configDirectory.js';
import { freePort } from '../freePort.js';
import type { AlertingBinaries } from './binaries.js';
import { startActionsProgram, writeWebhookToken } from './startActionsProgram.js';
import { startMailCatcher } from './mailCatcher.js';
import type { MailCatcher } from './mailCatcher.js';
import type { SentMessage } from './sentMessage.js';
import { startSlackCatcher } from './slackCatcher.js';
import { startAlertmanager } from './startAlertmanager.js';
import { startPrometheus } from './startPrometheus.js';
import type { Prometheus } from './startPrometheus.js';
import { untilAnswering } from './untilAnswering.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/portfolio-exporter.js', import.meta.url));
const LOGIN = { username: 'portfolio-alerts', password: 'local mail secret' };

export interface AlertingStackOptions {
  readonly binaries: AlertingBinaries;
  /** How the exporters connect. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files over the shipped exporter.yaml and thresholds.yaml. */
  readonly config?: Readonly<Record<string, string>>;
  readonly exporters?: number;
  /** How the process that acts on alerts connects; left out: there is none. */
  readonly actions?: Readonly<Record<string, string>>;
  /** What Alertmanager's waits are divided by; 1, the default, leaves them as they are shipped. */
  readonly hurry?: number;
}

/** A replica of the exporter that can be stopped and started again at the same address. */
export interface Replica {
  /** host:port */
  readonly address: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Exporters, Prometheus, Alertmanager, an SMTP server and a catcher in Slack's form, all on 127.0.0.1. */
export interface AlertingStack {
  readonly config: ConfigDirectory;
  readonly exporters: readonly Replica[];
  readonly prometheus: Prometheus;
  readonly mail: MailCatcher;
  /** Of the process that acts on alerts; null: there is none. */
  readonly actionsUrl: string | null;
  /** Answers as Grafana would to a scrape. */
  readonly grafana: Replica;
  /** Everything that was sent so far, oldest first. */
  messages(): SentMessage[];
  stop(): Promise<void>;
}

export async function startAlertingStack(options: AlertingStackOptions): Promise<AlertingStack> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of undo.splice(0).toReversed()) await one();
  };
  try {
    return { ...(await startParts(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Each part says in `undo` how it ends, so that what was started before a failure ends as well. */
async function startParts(
  options: AlertingStackOptions,
  undo: (() => Promise<unknown>)[],
): Promise<Omit<AlertingStack, 'stop'>> {
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-alerting-'));
  undo.push(() => rm(directory, { recursive: true, force: true }));
  const config = await createConfigDirectory(options.config);
  undo.push(() => config.remove());
  const slack = await startSlackCatcher();
  undo.push(() => slack.stop());
  const mail = await startMailCatcher(LOGIN, await freePort(), directory);
  undo.push(() => mail.stop());
  const grafana = await startAnswering();
  undo.push(() => grafana.stop());
  const exporters = await Promise.all(
    Array.from({ length: options.exporters ?? 2 }, async () => {
      const replica = await startReplica(options.environment, config);
      undo.push(() => replica.stop());
      return replica;
    }),
  );
  const actions =
    options.actions === undefined
      ? null
      : { address: `127.0.0.1:${await freePort()}`, tokenFile: await writeWebhookToken(directory) };
  const alertmanager = await startAlertmanager({
    binary: options.binaries.alertmanager,
    directory,
    mail,
    login: LOGIN,
    slackUrl: slack.url,
    ...(actions === null ? {} : { actions: { url: `http://${actions.address}/alerts`, tokenFile: actions.tokenFile } }),
    hurry: options.hurry ?? 1,
  });
  undo.push(() => alertmanager.stop());
  if (actions !== null) {
    const { address, tokenFile } = actions;
    const { certificateFile } = mail;
    const { recipientsFile } = alertmanager;
    const environment = options.actions ?? {};
    const program = await startActionsProgram(
      { address, config, environment, recipientsFile, certificateFile },
      tokenFile,
    );
    undo.push(() => program.stop());
  }
  const prometheus = await startPrometheus({
    binary: options.binaries.prometheus,
    directory,
    targets: {
      'portfolio-exporter': exporters.map(({ address }) => address),
      alertmanager: [alertmanager.address],
      grafana: [grafana.address],
      'portfolio-actions': actions === null ? [] : [actions.address],
    },
    alertmanagers: [alertmanager.address],
  });
  undo.push(() => prometheus.stop());
  return {
    config,
    exporters,
    prometheus,
    mail,
    actionsUrl: actions === null ? null : `http://${actions.address}`,
    grafana,
    messages: () => [...slack.messages, ...mail.messages].toSorted((one, other) => one.at - other.at),
  };
}

async function startReplica(
  environment: AlertingStackOptions['environment'],
  config: ConfigDirectory,
): Promise<Replica> {
  const address = `127.0.0.1:${await freePort()}`;
  let program: ChildProgram | null = null;
  const replica = {
    address,
    async start() {
      const args = [PROGRAM, 'serve', `--web.listen-address=${address}`, '--log.level=warn', ...config.args];
      program = startProgram(process.execPath, args, { HOME: '/nonexistent', ...environment });
      await untilAnswering(`http://${address}/healthz`, program);
    },
    async stop() {
      await program?.stop();
      program = null;
    },
  };
  await replica.start();
  return replica;
}

async function startAnswering(): Promise<Replica> {
  const port = await freePort();
  let server: Server | null = null;
  const replica = {
    address: `127.0.0.1:${port}`,
    async start() {
      server = createServer((_request, response) => response.end('up 1\n')).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async stop() {
      const ending = server;
      server = null;
      if (ending === null) return;
      ending.closeAllConnections();
      await new Promise((resolve) => ending.close(resolve));
    },
  };
  await replica.start();
  return replica;
}
