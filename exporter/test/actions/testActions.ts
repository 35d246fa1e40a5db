import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { expect, vi } from 'vitest';
import { readEnvironment } from '../../src/config/environment.js';
import { shippedFile } from '../../src/config/shippedFile.js';
import { type RunningActions, startActions, type StartActionsOptions } from '../../src/actions/startActions.js';
import { createExporterLogin, type ExporterLogin } from '../support/exporterLogin.js';
import type { TestDatabase } from '../support/database.js';
import { type LogLine, recordedLogger } from '../support/recordedLogger.js';
import { SAMPLE_BEGIN, SAMPLE_RESOURCE } from './sampleNotification.js';

export const TOKEN = 'a-token-of-the-tests';

export interface TestActions extends RunningActions {
  readonly lines: readonly LogLine[];
  readonly login: ExporterLogin;
  readonly directory: string;
  /** Posts a body with the token. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  get(path: string): Promise<Response>;
}

/** actions.yaml and its secrets in a folder of their own. */
export async function writeActionsFiles(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-actions-'));
  await writeFile(join(directory, 'token'), `${TOKEN}\n`);
  await writeFile(join(directory, 'keys'), `${randomBytes(32).toString('base64')}\n`);
  await writeFile(join(directory, 'users.yml'), 'basic_auth_users: {}\n');
  await writeFile(
    join(directory, 'actions.yaml'),
    `external_url: http://actions.example.test
webhook: {token_file: token}
links: {key_file: keys}
users_file: users.yml
recipients_file: ${shippedFile('alertmanager/recipients.yaml')}
database: {probe_interval: 1s}
`,
  );
  return directory;
}

/** The actions process inside this one, with a login of its own; `url` is the database's, where it is not the login's. */
export async function startTestActions(
  database: TestDatabase,
  { url, ...options }: Partial<StartActionsOptions> & { readonly url?: string } = {},
): Promise<TestActions> {
  const directory = await writeActionsFiles();
  const login = await createExporterLogin(database, 'portfolio_actions');
  const { log, lines } = recordedLogger();
  const config = shippedFile('exporter/config');
  const running = await startActions({
    paths: {
      actionsFile: join(directory, 'actions.yaml'),
      configFile: join(config, 'exporter.yaml'),
      thresholdsFile: join(config, 'thresholds.yaml'),
    },
    environment: readEnvironment({ DATABASE_URL: url ?? login.url }),
    listenAddress: { host: '127.0.0.1', port: 0 },
    version: '0.0.0',
    now: () => new Date(),
    log,
    ...options,
  });
  return {
    ...running,
    lines,
    login,
    directory,
    post: (body, headers = {}) =>
      fetch(`${running.url}/alerts`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path) => fetch(`${running.url}${path}`),
    async stop() {
      await running.stop();
      await login.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What alerts set off; the process writes down its first start too, at a full minute. */
export const SET_OFF_BY_ALERTS =
  'SELECT action FROM portfolio_actions.actions WHERE alert_id IS NOT NULL ORDER BY action';

/** Keeps the job of the sample notification in the middle of its work until the client ends; other jobs go on. */
export async function holdSampleJob(holder: Client): Promise<void> {
  await holder.query(`
    BEGIN;
    INSERT INTO portfolio_actions.actions (alertname, entity, period, action, created_at)
    VALUES ('ResourceConflictDetected', '${SAMPLE_RESOURCE}', '${new Date(SAMPLE_BEGIN).toISOString()}', 'opened', now())`);
}

/** Until every job is done. */
export async function untilIdle(database: TestDatabase): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await database.client.query(
        `SELECT task_identifier, last_error FROM graphile_worker.jobs WHERE run_at <= now() AND attempts < max_attempts`,
      );
      expect(rows).toEqual([]);
    },
    { timeout: 60_000, interval: 20 },
  );
}
