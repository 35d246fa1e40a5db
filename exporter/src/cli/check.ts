import { DatabaseError } from 'pg';
import type { ClientBase } from 'pg';
import { formatProblem } from '../config/problem.js';
import type { Problem } from '../config/problem.js';
import { describeDatabaseError, isDatabaseError } from '../database/databaseError.js';
import { readEnumerations } from '../database/enumerations.js';
import { readPending } from '../database/migrate.js';
import { missingGrants } from '../database/roles.js';
import { inTransaction } from '../database/transaction.js';
import { checkColumns } from '../kpi/checkColumns.js';
import type { KpiInput } from '../kpi/kpiInput.js';
import { loadConfiguration } from '../kpi/loadConfiguration.js';
import type { ConfigPaths } from '../kpi/loadConfiguration.js';
import { presentMoment } from '../kpi/moment.js';
import { describeKpi } from '../kpi/queryKpi.js';
import type { KpiUnit } from '../kpi/unit.js';
import { EXIT_FAILURE, EXIT_OK } from './io.js';
import type { Io } from './io.js';
import { MIGRATIONS } from './migrate.js';
import { withDatabase } from './openDatabase.js';

export interface CheckOptions {
  readonly paths: ConfigPaths;
  readonly offline: boolean;
}

/**
 * `portfolio-exporter check`: the files, then every KPI's SQL prepared on the server and compared with its YAML. Prints
 * every problem; throws ConfigError with those of the files, without which nothing can be compared.
 */
export async function check(options: CheckOptions, io: Io): Promise<number> {
  const { exporter, units, settings } = await loadConfiguration(options.paths);
  const summary = `${units.length} KPIs, ${units.reduce((sum, unit) => sum + unit.metrics.length, 0)} metrics, ${Object.keys(settings.thresholds).length} thresholds`;
  if (options.offline) {
    io.stdout(`ok: ${summary}; the database was left out\n`);
    return EXIT_OK;
  }
  const findings = await withDatabase(exporter, io, (database) =>
    database.withClient(async (client) => {
      const input = { ...(await presentMoment(client, settings.timeZone)), ...settings };
      return [...(await checkSchema(client, io)), ...(await checkUnits(client, units, input))];
    }),
  );
  for (const finding of findings) io.stderr(`${finding}\n`);
  if (findings.length > 0) return EXIT_FAILURE;
  io.stdout(`ok: ${summary}; every query prepared on the database\n`);
  return EXIT_OK;
}

async function checkSchema(client: ClientBase, io: Io): Promise<string[]> {
  const readOnly = { access: 'READ ONLY' } as const;
  const { problems, warnings } = await inTransaction(client, readOnly, () => readEnumerations(client));
  for (const warning of warnings) io.stderr(`warning: database: ${warning}\n`);
  const { pending, problems: obstacles } = await readPending(client, MIGRATIONS);
  const refused = [...new Set([...problems, ...obstacles])];
  // With them migrate refuses everything else too.
  if (refused.length > 0) return refused.map((problem) => `database: ${problem}`);
  const grants = await inTransaction(client, readOnly, () => missingGrants(client));
  return [
    ...pending.map((name) => `database: migration ${name} is not applied: run \`portfolio-exporter migrate\``),
    ...grants.map((statement) => `database: an administrator has to run: ${statement}`),
  ];
}

async function checkUnits(client: ClientBase, units: readonly KpiUnit[], input: KpiInput): Promise<string[]> {
  const findings: string[] = [];
  for (const unit of units) findings.push(...(await checkUnit(client, unit, input)).map(formatProblem));
  return findings;
}

async function checkUnit(client: ClientBase, unit: KpiUnit, input: KpiInput): Promise<Problem[]> {
  try {
    const fields = await describeKpi(client, unit, input);
    return checkColumns(unit, fields).map((message) => ({ file: unit.sqlFile, line: 1, column: 1, path: '', message }));
  } catch (error) {
    if (!(error instanceof DatabaseError) || !isDatabaseError(error)) throw error;
    // The parameters are replaced within their lines, so the line is the file's.
    const before = unit.sql.slice(0, Math.max(0, Number(error.position ?? '1') - DESCRIBE_PREFIX_LENGTH - 1));
    const line = before.split('\n').length;
    return [{ file: unit.sqlFile, line, column: 1, path: '', message: describeDatabaseError(error) }];
  }
}

/** `SELECT * FROM (`, which stands before the unit's SQL when it is described. */
const DESCRIBE_PREFIX_LENGTH = 'SELECT * FROM ('.length;
