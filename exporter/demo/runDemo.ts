import type { Logger } from 'pino';
import { readEnvironment } from '../src/config/environment.js';
import { describeDatabaseError } from '../src/database/databaseError.js';
import type { Client } from 'pg';
import { startDemoActions } from './demoActions.js';
import type { DemoActions } from './demoActions.js';
import { demoNotifications } from './demoNotifications.js';
import { withClient } from './withClient.js';
import { startDemoDatabase } from './startDemoDatabase.js';
import { startHeart } from './startHeart.js';
import { takeAction } from '../src/actions/alerts/takeAction.js';
import { MONTHLY } from '../src/actions/monthly/monthlyAction.js';
import { listen } from '../src/server/listen.js';
import type { Listening } from '../src/server/listen.js';
import { loadConfiguration } from '../src/app/loadConfiguration.js';
import type { ConfigPaths } from '../src/app/loadConfiguration.js';
import { aborted, EXIT_OK } from '../src/app/io.js';
import type { Io } from '../src/app/io.js';
import { SCHEMA } from '../src/database/schemaPlan.js';
import { startExporter } from '../src/app/startExporter.js';

const HOST = '127.0.0.1';

export interface DemoOptions {
  readonly paths: ConfigPaths;
  /** Of the exporter; what follows alerts and the caught mail have the two after it. 0 takes free ones. */
  readonly port: number;
}

/**
 * `portfolio-exporter demo`: a PostgreSQL of its own, migrated and filled, the exporter on it as the role portfolio_exporter and
 * what follows alerts as portfolio_actions, until it is asked to end. Nothing outlives it: no process, no file.
 */
export async function runDemo(options: DemoOptions, io: Io, log: Logger): Promise<number> {
  const [port, actionsPort, mailPort] = await freePorts(options.port);
  const listenAddress = { host: HOST, port };
  const database = await startDemoDatabase({
    configuration: await loadConfiguration(options.paths),
    schema: SCHEMA,
    signal: io.shutdown,
    log: { debug: (message) => log.debug(message), warn: (message) => log.warn(message) },
  });
  try {
    if (io.shutdown.aborted) return EXIT_OK;
    const exporter = await startExporter({
      paths: options.paths,
      environment: readEnvironment({ DATABASE_URL: database.exporterUrl }),
      listenAddress,
      note: { changedBy: 'demo', reason: 'demo portfolio' },
      log,
    });
    await withClient(database.adminUrl, dateBackFirstStart);
    const actions = await startDemoActions({
      paths: options.paths,
      directory: database.directory,
      databaseUrl: await database.login('portfolio_actions'),
      port: actionsPort,
      mailPort,
      log,
    }).catch(async (error: unknown) => {
      await exporter.stop();
      throw error;
    });
    const heart = startHeart(database.adminUrl, (error) =>
      log.warn({ reason: describeDatabaseError(error) }, 'demo heartbeat failed'),
    );
    try {
      await withClient(database.adminUrl, (client) => playAlertmanager(client, actions));
      io.stdout(greeting(exporter.url, actions, database.psql));
      const stopListening = io.onHangup(() => void exporter.reload());
      await aborted(io.shutdown);
      stopListening();
    } finally {
      await heart.stop();
      await actions.stop();
      await exporter.stop();
    }
  } finally {
    await database.stop();
  }
  return EXIT_OK;
}

/** The port and the two after it, or three free ones for 0. Throws ListenError where one is taken. */
async function freePorts(port: number): Promise<[number, number, number]> {
  const hold = async (offset: number): Promise<Listening> =>
    // Said before the database has taken its seconds to start.
    listen(
      (_request, response) => response.end(),
      { host: HOST, port: port === 0 ? 0 : port + offset },
      undefined,
      (other) => `--port ${port === 0 ? 0 : other.port}`,
    );
  const held: Listening[] = [];
  try {
    for (const offset of [0, 1, 2]) held.push(await hold(offset));
    const [first = 0, second = 0, third = 0] = held.map((one) => one.port);
    return [first, second, third];
  } finally {
    await Promise.all(held.map((one) => one.stop()));
  }
}

/** So that the report of the newest month is due, whatever day it is: as if it had run for so long. */
const RUNS_SINCE_DAYS = 62;

async function dateBackFirstStart(client: Client): Promise<void> {
  const since = new Date(Date.now() - RUNS_SINCE_DAYS * 86_400_000);
  await takeAction(client, { alertname: MONTHLY, entity: '', period: '', action: 'first_start' }, since);
}

/** The demo has no Prometheus: what its rows breach is told to the webhook as Alertmanager would. */
async function playAlertmanager(client: Client, actions: DemoActions): Promise<void> {
  for (const notification of await demoNotifications(client, new Date())) await actions.notify(notification);
}

function greeting(url: string, actions: DemoActions, psql: string): string {
  return `
The demo portfolio is up. Open

  status page   ${url}/
  metrics       ${url}/metrics
  readiness     ${url}/readyz
  open items    ${actions.url}/  (${actions.user}, password ${actions.password})
  caught mail   ${actions.mailUrl}/

Change a row and watch the numbers follow (docs/demo-alerts.md has a line for each alert):

  ${psql}

Ctrl-C stops everything and leaves nothing behind.
`;
}
