import type { Logger } from 'pino';
import type { ActionsConfiguration } from './actionsConfiguration.js';
import type { AlertOutcome } from './webhook/alertOutcomes.js';
import type { Database } from '../database/pool.js';

/** What every job and every alert's actions are given. */
export interface ActionsContext {
  readonly database: Database;
  readonly now: () => Date;
  readonly log: Logger;
  /** What became of alerts that Alertmanager told. */
  readonly countAlerts: (outcome: AlertOutcome, count: number) => void;
  /** As the files say now. */
  readonly configuration: () => ActionsConfiguration;
}
