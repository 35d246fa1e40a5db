import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { SCHEMA } from '../../src/database/schemaPlan.js';
import { describeDatabaseError } from '../../src/database/databaseError.js';
import { startDemoActions } from '../../demo/demoActions.js';
import type { DemoActions } from '../../demo/demoActions.js';
import { startDemoDatabase } from '../../demo/startDemoDatabase.js';
import { startHeart } from '../../demo/startHeart.js';
import { loadConfiguration } from '../../src/app/loadConfiguration.js';
import { createSlackStandIn } from './slackStandIn.js';
import { findStackPorts } from './stackPorts.js';
import { findStackPrograms } from './stackPrograms.js';
import type { StackOptions } from './stackOptions.js';
import { startAlertmanager } from './startAlertmanager.js';
import { CONFIG_DIRECTORY, startDemoExporter } from './startDemoExporter.js';
import { startGrafana } from './startGrafana.js';
import { startMailCatcher } from './startMailCatcher.js';
import { startPrometheus } from './startPrometheus.js';
import type { SupervisedProgram } from './supervise.js';
import { ProgramError, untilAnswering } from './untilAnswering.js';
import type { ChangedLine } from './withValues.js';

export interface StackContext {
  /** Aborted when the stack is to end, also while it starts. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** A mail or a message that was told to nobody but this machine. */
  readonly onMessage: (line: string) => void;
}

/** Everything that is up, by its address. */
export interface Stack {
  readonly exporterUrl: string;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** null where Grafana is not installed or not wanted. */
  readonly grafana: { readonly url: string; readonly adminPassword: string } | null;
  readonly actions: Pick<DemoActions, 'url' | 'mailUrl' | 'user' | 'password'>;
  readonly psql: string;
  readonly mailDirectory: string;
  /** Lines of the shipped files that are others here, by file. */
  readonly changes: Readonly<Record<string, readonly ChangedLine[]>>;
  /** Rejects with ProgramError when a part ends by itself. */
  readonly failed: Promise<never>;
}

type Undo = (() => Promise<unknown>)[];

/**
 * PostgreSQL with the demo portfolio, the exporter, what follows alerts, Prometheus, Alertmanager, catchers of mail and of Slack's messages, and
 * Grafana where it is installed, all on 127.0.0.1, from the shipped configuration files. Says in `undo` how each part ends,
 * from the last to the first, so that what was started before a failure ends as well. Throws StackError, ProgramError, and
 * what the parts throw; null where the signal came before anything but the database was up.
 */
export async function startStack(options: StackOptions, context: StackContext, undo: Undo): Promise<Stack | null> {
  const found = findStackPrograms();
  const grafanaFile = options.grafana ? found.grafana : null;
  const ports = await findStackPorts({ ...options, grafana: grafanaFile !== null });
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  const { signal, log } = context;

  const programs: SupervisedProgram[] = [];
  const directoryOf = async (name: string): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), `portfolio-${name}-`));
    undo.push(() => rm(directory, { recursive: true, force: true }));
    return directory;
  };
  const running = async (program: SupervisedProgram, ready: string): Promise<void> => {
    programs.push(program);
    undo.push(() => program.stop());
    await untilAnswering(ready, program, signal);
  };

  const shipped = {
    configFile: join(CONFIG_DIRECTORY, 'exporter.yaml'),
    thresholdsFile: join(CONFIG_DIRECTORY, 'thresholds.yaml'),
  };
  const configuration = await loadConfiguration(shipped);
  const database = await startDemoDatabase({
    configuration,
    schema: SCHEMA,
    signal,
    log: { debug: (message) => log.debug(message), warn: (message) => log.warn(message) },
  });
  undo.push(() => database.stop());
  if (signal.aborted) return null;

  const grafana =
    grafanaFile === null
      ? null
      : {
          file: grafanaFile,
          url: url(ports.grafana),
          directory: await directoryOf('grafana'),
          adminPassword: randomBytes(12).toString('base64url'),
        };
  const { exporter, changes: exporterChanges } = await startDemoExporter({
    databaseUrl: database.exporterUrl,
    port: ports.exporter,
    grafana,
    log,
  });
  undo.push(() => exporter.stop());
  const heart = startHeart(database.adminUrl, (error) =>
    log.warn({ reason: describeDatabaseError(error) }, 'demo heartbeat failed'),
  );
  undo.push(() => heart.stop());

  const actions = await startDemoActions({
    paths: shipped,
    directory: database.directory,
    databaseUrl: await database.login('portfolio_actions'),
    port: ports.actions,
    mailPort: ports.mail,
    onMail: ({ to, mail: { subject } }) => context.onMessage(`mail  ${to.join(', ')}: ${subject ?? ''}`),
    log,
  });
  undo.push(() => actions.stop());

  const alertmanagerDirectory = await directoryOf('alertmanager');
  const mailDirectory = join(alertmanagerDirectory, 'mail');
  await mkdir(mailDirectory);
  const mail = await startMailCatcher({
    directory: mailDirectory,
    onMail: (to, subject) => context.onMessage(`mail  ${to.join(', ')}: ${subject}`),
  });
  undo.push(() => mail.stop());
  const slackUrl = await startSlack(context.onMessage, undo);
  const alertmanager = await startAlertmanager({
    file: found.alertmanager,
    directory: alertmanagerDirectory,
    port: ports.alertmanager,
    mailPort: mail.port,
    slackUrl,
    actions: { url: `${url(ports.actions)}/alerts`, tokenFile: actions.tokenFile },
  });
  await running(alertmanager.program, `${url(ports.alertmanager)}/-/ready`);
  const prometheus = await startPrometheus({
    file: found.prometheus,
    directory: await directoryOf('prometheus'),
    ports,
    grafanaUrl: grafana?.url ?? null,
  });
  await running(prometheus.program, `${url(ports.prometheus)}/-/ready`);

  if (grafana !== null) {
    const program = await startGrafana({
      ...grafana,
      port: ports.grafana,
      secretKey: randomBytes(24).toString('base64url'),
      databaseUrl: await database.login('portfolio_grafana'),
      prometheusUrl: url(ports.prometheus),
      alertmanagerUrl: url(ports.alertmanager),
    });
    await running(program, `${grafana.url}/api/health`);
  }

  return {
    exporterUrl: exporter.url,
    prometheusUrl: url(ports.prometheus),
    alertmanagerUrl: url(ports.alertmanager),
    grafana,
    actions,
    psql: database.psql,
    mailDirectory,
    changes: {
      'exporter/config/exporter.yaml': exporterChanges,
      'alertmanager/alertmanager.yml': alertmanager.changes,
      'prometheus/prometheus.yml': prometheus.changes,
    },
    failed: Promise.race([
      ...programs.map((program) => program.ended.then((how) => Promise.reject(new ProgramError(program, how)))),
      database.ended.then((last) =>
        Promise.reject(new ProgramError({ name: 'PostgreSQL', output: () => last }, 'ended')),
      ),
    ]),
  };
}

async function startSlack(onMessage: StackContext['onMessage'], undo: Undo): Promise<string> {
  const server = createSlackStandIn((line) => onMessage(`slack ${line}`)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('an HTTP server has a port');
  return `http://127.0.0.1:${address.port}/services/${randomBytes(12).toString('base64url')}`;
}
