import type { Client } from 'pg';
import { fillDemoHistory } from '../../../demo/fillDemoHistory.js';
import { startHeart } from '../../../demo/startHeart.js';
import { createDatabase } from '../database.js';
import { loadDemoPortfolio } from '../demoPortfolio.js';
import { createExporterLogin } from '../exporterLogin.js';
import { shippedConfiguration } from '../shippedConfiguration.js';
import { quieten, runDemoLine } from './demoLines.js';

export interface AlertingDatabase {
  readonly client: Client;
  /** How exporters connect, and the process that acts on alerts. */
  readonly environment: Readonly<Record<string, string>>;
  readonly actionsEnvironment: Readonly<Record<string, string>>;
  /** Runs the documented line of the alert: sql/demo/{provoke,undo}/<alert>.sql. */
  provoke(alert: string): Promise<void>;
  undo(alert: string): Promise<void>;
  drop(): Promise<void>;
}

/** The demo portfolio with its history and living writers, on which no alert fires; exporters log in as in production. */
export async function createAlertingDatabase(): Promise<AlertingDatabase> {
  const database = await createDatabase();
  const { client } = database;
  await loadDemoPortfolio(database);
  await fillDemoHistory(database.url, await shippedConfiguration());
  await quieten(client);
  const login = await createExporterLogin(database);
  const actionsLogin = await createExporterLogin(database, 'portfolio_actions');
  const heart = startHeart(database.url, () => undefined);
  return {
    client,
    environment: { DATABASE_URL: login.url },
    actionsEnvironment: { DATABASE_URL: actionsLogin.url },
    provoke: (alert) => runDemoLine(client, 'provoke', alert),
    undo: (alert) => runDemoLine(client, 'undo', alert),
    async drop() {
      await heart.stop();
      await login.drop();
      await actionsLogin.drop();
      await database.drop();
    },
  };
}
