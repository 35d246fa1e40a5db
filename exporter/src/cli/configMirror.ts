import type { Logger } from 'pino';
import { syncConfig } from '../database/configStore.js';
import { describeDatabaseError } from '../database/databaseError.js';
import type { Database } from '../database/pool.js';
import type { Configuration } from '../kpi/loadConfiguration.js';
import type { SelfMetrics } from '../metrics/selfMetrics.js';

/** Who changed the numbers and why, where the command line says so; it goes before what the YAML header says. */
export interface ChangeNote {
  readonly changedBy: string | null;
  readonly reason: string | null;
}

export interface ConfigMirrorDeps {
  readonly database: Database;
  readonly self: Pick<SelfMetrics, 'setConfigRecorded'>;
  readonly log: Logger;
  readonly note: ChangeNote;
}

/** Brings what is in force into portfolio_coordination_config, as soon as the database can take it. */
export interface ConfigMirror {
  /** This is in force now; the next `sync` writes it. */
  want(configuration: Configuration): void;
  /** Writes what is wanted and not yet written. Never rejects; called again with every answer of the database. */
  sync(): Promise<void>;
  settled(): Promise<void>;
}

export function createConfigMirror(deps: ConfigMirrorDeps): ConfigMirror {
  let wanted: Configuration | null = null;
  let underWay: Promise<void> | null = null;
  let lastReason: string | null = null;

  const write = async (): Promise<void> => {
    while (wanted !== null) {
      const configuration = wanted;
      try {
        const { changed } = await deps.database.withClient(
          (client) =>
            syncConfig(client, {
              ...configuration.settings,
              changedBy: deps.note.changedBy ?? configuration.thresholdsFile.changedBy ?? 'thresholds.yaml',
              reason: deps.note.reason ?? configuration.thresholdsFile.reason,
            }),
          { purpose: 'record' },
        );
        lastReason = null;
        if (changed.length > 0) deps.log.info({ changed }, 'configuration recorded in the database');
        if (wanted === configuration) {
          wanted = null;
          deps.self.setConfigRecorded(true);
        }
      } catch (error) {
        const reason = describeDatabaseError(error);
        if (reason !== lastReason)
          deps.log.error({ reason }, 'configuration not recorded in the database, trying again');
        lastReason = reason;
        return;
      }
    }
  };

  const sync = (): Promise<void> => {
    underWay ??= write().finally(() => {
      underWay = null;
    });
    return underWay;
  };
  return {
    want(configuration) {
      wanted = configuration;
      deps.self.setConfigRecorded(false);
    },
    sync,
    settled: () => underWay ?? Promise.resolve(),
  };
}
