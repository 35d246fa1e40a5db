import { DatabaseError } from 'pg';
import type { ClientBase } from 'pg';
import type { ConnectionSettings } from '../config/connectionSettings.js';
import { readSettings } from '../config/databaseSettings.js';
import { readEnvironment } from '../config/environment.js';
import type { ExporterConfig } from '../config/exporterConfig.js';
import { ConnectionError } from '../database/connectionError.js';
import type { Database } from '../database/pool.js';
import { readReplayLag } from '../database/readDatabase.js';
import { formatAge } from '../format/formatAge.js';
import { readConfigText } from '../config/configSource.js';
import { readExporterConfig } from '../config/exporterConfig.js';
import { formatProblem } from '../yaml/problem.js';
import { readPending } from '../database/migrate.js';
import { missingGrants } from '../database/roles.js';
import { inTransaction } from '../database/transaction.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths, Configuration } from '../app/loadConfiguration.js';
import { presentMoment } from '../kpi/unit/moment.js';
import { checkUnit } from '../app/checkUnit.js';
import { EXIT_FAILURE, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { SCHEMA } from '../database/schemaPlan.js';
import { withDatabase } from './openDatabase.js';

export interface CheckOptions {
  readonly paths: ConfigPaths;
  readonly offline: boolean;
}

/**
 * `portfolio-exporter check`: the files, then every KPI compared with the server (`checkUnit`). Prints each override that is
 * in force, each KPI that stands in for another, and every problem; throws ConfigError with those of the files, without which nothing can be compared.
 */
export async function check(options: CheckOptions, io: Io): Promise<number> {
  const configuration = await loadConfiguration(options.paths);
  const { exporter, units, settings } = configuration;
  const summary = `${units.length} KPIs, ${units.reduce((sum, unit) => sum + unit.metrics.length, 0)} metrics, ${Object.keys(settings.thresholds).length} thresholds`;
  for (const { kind, found } of [
    ...configuration.replacements.map((found) => ({ kind: 'replacement', found })),
    ...configuration.overrides.map((found) => ({ kind: 'override', found })),
  ]) {
    io.stdout(`${kind}: ${formatProblem(found)}\n`);
  }
  if (options.offline) {
    io.stdout(`ok: ${summary}; the database was left out\n`);
    return EXIT_OK;
  }
  const readFrom = readSettings(readEnvironment(io.env), exporter.database);
  const checkQueries = (client: ClientBase): Promise<string[]> =>
    checkUnits(client, configuration, options.paths.configFile, io);
  const findings = await withDatabase(exporter, io, (database) =>
    database.withClient(async (client) => [
      ...(await checkSchema(client, io)),
      ...(readFrom === null ? await checkQueries(client) : []),
    ]),
  );
  if (readFrom !== null) findings.push(...(await checkReads(readFrom, exporter, io, checkQueries)));
  for (const finding of findings) io.stderr(`${finding}\n`);
  if (findings.length > 0) return EXIT_FAILURE;
  io.stdout(`ok: ${summary}; every query prepared on the database\n`);
  return EXIT_OK;
}

/** As the exporter reads: the server that DATABASE_READ_URL leads to now, how far it is behind, and every query on it. */
async function checkReads(
  settings: ConnectionSettings,
  exporter: ExporterConfig,
  io: Io,
  checkQueries: (client: ClientBase) => Promise<string[]>,
): Promise<string[]> {
  const read = (database: Database): Promise<string[]> =>
    database.withClient(async (client) => {
      const { standby, seconds } = await readReplayLag(client);
      const behind = standby ? `a standby, ${formatAge(seconds)} behind` : 'a primary';
      io.stdout(`reads: DATABASE_READ_URL leads to ${behind}\n`);
      return checkQueries(client);
    });
  try {
    return await withDatabase(exporter, io, read, { settings });
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return [`DATABASE_READ_URL: ${error.message}`];
  }
}

async function checkSchema(client: ClientBase, io: Io): Promise<string[]> {
  const readOnly = { access: 'READ ONLY' } as const;
  try {
    const { pending, problems, warnings } = await readPending(client, SCHEMA);
    for (const warning of warnings) io.stderr(`warning: database: ${warning}\n`);
    // With them migrate refuses everything else too.
    if (problems.length > 0) return problems.map((problem) => `database: ${problem}`);
    const grants = await inTransaction(client, readOnly, () => missingGrants(client));
    return [
      ...(pending.length === 0
        ? []
        : [`database: not applied yet: ${pending.join(', ')}; run \`portfolio-exporter migrate\``]),
      ...grants.map((statement) => `database: an administrator has to run: ${statement}`),
    ];
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== '42501') throw error;
    const { rows } = await client.query<{ role: string }>('SELECT quote_ident(current_user) AS role');
    const grant = `GRANT portfolio_exporter TO ${rows[0]?.role ?? 'it'}`;
    return [`database: ${error.message}: log in as the exporter does, or let an administrator run: ${grant}`];
  }
}

async function checkUnits(
  client: ClientBase,
  { exporter, units, settings }: Configuration,
  configFile: string,
  io: Io,
): Promise<string[]> {
  const input = { ...(await presentMoment(client, settings.timeZone)), ...settings };
  const { problemAt } = readExporterConfig(readConfigText(configFile), configFile);
  const findings: string[] = [];
  for (const unit of units) {
    const isOverridden = exporter.kpis[unit.name]?.onChange !== undefined;
    const { problems, warnings } = await checkUnit(
      client,
      unit,
      input,
      isOverridden ? (message) => problemAt(['kpis', unit.name, 'on_change'], message) : null,
    );
    for (const warning of warnings) io.stderr(`warning: ${formatProblem(warning)}\n`);
    findings.push(...problems.map(formatProblem));
  }
  return findings;
}
