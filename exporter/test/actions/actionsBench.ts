import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger, runOnce } from 'graphile-worker';
import { Pool } from 'pg';
import type { ActionsConfiguration } from '../../src/actions/actionsConfiguration.js';
import { createActionsMetrics } from '../../src/actions/metrics/actionsMetrics.js';
import type { ActionsContext } from '../../src/actions/actionsContext.js';
import { EACH_MINUTE, runDueChecks } from '../../src/actions/jobs/dueChecks.js';
import { TASKS } from '../../src/actions/jobs/tasks.js';
import { readNotification } from '../../src/actions/webhook/notification.js';
import { storeNotification } from '../../src/actions/webhook/storeNotification.js';
import { createDatabase as createPool } from '../../src/database/pool.js';
import type { Database } from '../../src/database/pool.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase, TestDatabaseOptions } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { startMailServer } from '../support/mailServer.js';
import type { MailServer, ReceivedMail } from '../support/mailServer.js';
import { recordedLogger } from '../support/recordedLogger.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';

/** An alert as a test writes it; Alertmanager's other fields are filled in. */
export interface TestAlert {
  readonly labels: Readonly<Record<string, string>> & { readonly alertname: string };
  readonly startsAt: Date;
  /** null: it fires. */
  readonly endsAt: Date | null;
}

export interface ActionsBench {
  readonly owner: TestDatabase;
  readonly login: ExporterLogin;
  readonly database: Database;
  readonly context: ActionsContext;
  readonly server: MailServer;
  /** What the files say and what the clock shows; a test changes them. */
  now: Date;
  configuration: ActionsConfiguration;
  /** As Alertmanager posts it. */
  tell(...alerts: readonly TestAlert[]): Promise<void>;
  /** As another Alertmanager posts it, in another order. */
  tellAgain(...alerts: readonly TestAlert[]): Promise<void>;
  /** Asks what is due, as each minute does, then runs every job; the hour's triggers have mails of their own. */
  tick(now?: Date): Promise<void>;
  /** Runs every job that is due. A job that fails fails the test, unless it may. */
  work(): Promise<void>;
  mayFail: boolean;
  /** What jobs that failed and wait say. */
  failures(): Promise<string[]>;
  /** Mails that arrived since the last call, by recipient and subject. */
  arrived(): ReceivedMail[];
  stop(): Promise<void>;
}

/** What follows an alert without its HTTP server: a database, the login of the role, the jobs, a mail server and a clock of its own. */
export async function startActionsBench(now: Date, options: TestDatabaseOptions = {}): Promise<ActionsBench> {
  const server = await startMailServer();
  const owner = await createDatabase(options);
  const login = await createExporterLogin(owner, 'portfolio_actions');
  const database = createPool({
    settings: { connectionString: login.url },
    maxConnections: 4,
    onIdleError: () => undefined,
  });
  const workers = new Pool({ connectionString: login.url });
  // A test may take the database away.
  workers.on('error', () => undefined);
  const directory = await mkdtemp(join(tmpdir(), 'actions-'));
  const keyFile = join(directory, 'keys');
  await writeFile(keyFile, `${Buffer.alloc(32, 'k').toString('base64')}\n`);
  const seen = { mails: 0 };
  const post = async (alerts: readonly TestAlert[], externalURL: string): Promise<void> => {
    const text = JSON.stringify({ ...body(alerts), externalURL });
    await storeNotification(database, readNotification(Buffer.from(text)), bench.now);
  };
  const bench: ActionsBench = {
    ...{ owner, login, database, server, now, mayFail: false },
    configuration: await testConfiguration(server.port, keyFile),
    context: {
      database,
      now: () => bench.now,
      log: recordedLogger().log,
      countAlerts: createActionsMetrics({ version: '0.0.0', nodeVersion: process.version, isReady: () => true })
        .countAlerts,
      configuration: () => bench.configuration,
    },
    tell: (...alerts) => post(alerts, 'http://alertmanager-1:9093'),
    tellAgain: (...alerts) => post(alerts.toReversed(), 'http://alertmanager-2:9093'),
    async tick(at = bench.now) {
      bench.now = at;
      await runDueChecks(EACH_MINUTE, bench.context);
      await bench.work();
    },
    async work() {
      await runOnce({
        pgPool: workers,
        noHandleSignals: true,
        concurrency: 2,
        logger: new Logger(() => () => undefined),
        taskList: Object.fromEntries(
          Object.entries(TASKS).map(([name, task]) => [name, (payload: unknown) => task(payload, bench.context)]),
        ),
      });
      const failed = await bench.failures();
      if (!bench.mayFail && failed.length > 0) throw new Error(failed.join('\n'));
    },
    async failures() {
      const { rows } = await owner.client.query<{ failure: string }>(
        `SELECT task_identifier || ': ' || last_error AS failure FROM graphile_worker.jobs WHERE last_error IS NOT NULL ORDER BY id`,
      );
      return rows.map(({ failure }) => failure);
    },
    arrived() {
      const fresh = server.received.slice(seen.mails);
      seen.mails = server.received.length;
      return fresh.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
    },
    async stop() {
      await workers.end();
      await database.close();
      await login.drop();
      await owner.drop();
      await server.stop();
      await rm(directory, { recursive: true });
    },
  };
  return bench;
}

function key({ to, mail }: ReceivedMail): string {
  return `${to.join()} ${mail.subject ?? ''}`;
}

async function testConfiguration(port: number, keyFile: string): Promise<ActionsConfiguration> {
  const { exporter, thresholdsFile, units } = await shippedConfiguration();
  return {
    actions: {
      externalUrl: 'https://actions.example.test',
      portfolio: '',
      database: exporter.database,
      workers: 2,
      webhook: { tokenFile: '/nonexistent' },
      links: { keyFile, validForMs: 14 * 86_400_000 },
      usersFile: '/nonexistent',
      recipientsFile: '/nonexistent',
      meetings: { noticeMs: 86_400_000, startsAt: '10:00', durationMs: 3_600_000 },
      requests: null,
    },
    exporter: { ...exporter, timeZone: 'Europe/Berlin' },
    thresholds: thresholdsFile.values,
    units,
    recipients: {
      recipients: {
        Chairman: ['chairman@example.test'],
        PortfolioOptimizationAdvisor: ['advisor@example.test'],
        CoordinationPlanner: ['planner@example.test'],
        SynergyExecutionManager: ['manager@example.test'],
        PortfolioAnalyst: ['analyst@example.test'],
        OnCall: ['on-call@example.test'],
      },
      portfolios: new Map(),
      slack: null,
      mediumAlertsToSlack: false,
      smtp: {
        ...{ host: '127.0.0.1', port, from: 'portfolio-alerts@example.test', hello: null },
        ...{ authUsername: null, authPasswordFile: null, requireTls: false },
      },
      heartbeat: null,
      actions: null,
      additions: { global: {}, routes: [], receivers: [], inhibitRules: [], other: {} },
    },
  };
}

function body(alerts: readonly TestAlert[]): object {
  return {
    version: '4',
    alerts: alerts.map(({ labels, startsAt, endsAt }) => ({
      status: endsAt === null ? 'firing' : 'resolved',
      labels,
      annotations: {},
      startsAt: startsAt.toISOString(),
      endsAt: endsAt?.toISOString() ?? '0001-01-01T00:00:00Z',
    })),
  };
}
