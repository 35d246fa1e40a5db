import type { Logger } from 'pino';
import { databaseSettings } from '../config/databaseSettings.js';
import { readEnvironment } from '../config/environment.js';
import { migrate } from '../database/migrate.js';
import { SCHEMA } from '../database/schemaPlan.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { EXIT_FAILURE, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';

export interface MigrateCommandOptions {
  readonly paths: ConfigPaths;
  readonly dryRun: boolean;
}

/**
 * `portfolio-exporter migrate`: prints what was (or would be) applied and what an administrator still has to run. Exit code 1
 * where something is left to run: the roles cannot do their work before.
 */
export async function migrateDatabase(options: MigrateCommandOptions, io: Io, log: Logger): Promise<number> {
  const { exporter } = await loadConfiguration(options.paths);
  const result = await migrate({
    config: databaseSettings(readEnvironment(io.env), exporter.database),
    directory: SCHEMA,
    dryRun: options.dryRun,
    signal: io.shutdown,
    log: { info: (message) => log.debug(message), warn: (message) => log.warn(message) },
  });
  const names = options.dryRun ? result.pending : result.applied;
  const verb = options.dryRun ? 'would apply' : 'applied';
  io.stdout(names.length === 0 ? 'the schema is up to date\n' : names.map((name) => `${verb} ${name}\n`).join(''));
  const { length: left } = result.adminStatements;
  if (left === 0) return EXIT_OK;
  io.stdout('an administrator still has to run:\n');
  io.stdout(result.adminStatements.map((statement) => `  ${statement}\n`).join(''));
  const [statements, it] = left === 1 ? ['1 statement is', 'it'] : [`${left} statements are`, 'them'];
  io.stderr(
    options.dryRun
      ? `not done: this role may not run everything, and ${statements} left to an administrator\n`
      : `not done: ${statements} left to an administrator of the server, and the exporter and Grafana lack rights until somebody runs ${it}\n`,
  );
  return EXIT_FAILURE;
}
