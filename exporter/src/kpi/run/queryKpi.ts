import type { ClientBase, FieldDef } from 'pg';
import { clientTimeout, SERVER_TIMEOUT_MARGIN_MS } from '../../database/clientTimeout.js';
import { inTransaction } from '../../database/transaction.js';
import type { TransactionOptions } from '../../database/transaction.js';
import { checkColumns } from '../check/checkColumns.js';
import { checkOnServer } from '../check/checkOnServer.js';
import { readFreshness } from './freshness.js';
import { parameterValue } from '../unit/kpiInput.js';
import type { KpiInput } from '../unit/kpiInput.js';
import { KpiResultError } from '../unit/unit.js';
import { maxResultBytes, tooManyBytes, tooManySeries } from '../unit/resultLimits.js';
import type { RowsRead } from './readBounded.js';
import { readBounded } from './readBounded.js';
import { toSamples } from './toSamples.js';
import type { KpiResult, KpiUnit } from '../unit/unit.js';

/** A message of every column of a wide table would fill the log and the status page; `check` tells all. */
const MAX_COLUMN_PROBLEMS = 10;

/** text and varchar: cut without looking at the rest of the value. */
const TEXT_TYPES: ReadonlySet<number> = new Set([25, 1043]);

/**
 * Runs one KPI in one READ ONLY transaction whose `statement_timeout` the server itself enforces.
 * Throws the pg error of the server or {@link KpiResultError} for rows that break the unit's contract.
 */
export async function queryKpi(client: ClientBase, unit: KpiUnit, input: KpiInput): Promise<KpiResult> {
  const warnings = await checkOnServer(client, unit);
  // One snapshot: the rows and their freshness belong to the same moment.
  return inTransaction(client, { ...limits(unit), isolation: 'REPEATABLE READ', resetsSession: true }, async () => {
    const samples = toSamples(unit, await readRows(client, unit, input));
    const freshness = await readFreshness(client, unit, input);
    return {
      samples,
      dataTimestampSeconds: freshness.timestampSeconds,
      warnings: [...warnings, ...freshness.warnings.map(({ message }) => `freshness: ${message}`)],
    };
  });
}

/** The declared columns of a unit, labels cut by the server where they are longer than they may be. */
async function readRows(client: ClientBase, unit: KpiUnit, input: KpiInput): Promise<RowsRead> {
  const values = unit.parameters.map((name) => parameterValue(name, input));
  const metrics = new Set(unit.metrics.map((metric) => metric.name));
  let series = 0;
  const bounds = {
    // The server's own timeout comes first; the client's is for a server that is gone.
    timeoutMs: unit.timeoutMs + SERVER_TIMEOUT_MARGIN_MS,
    maxBytes: maxResultBytes(unit),
    tooManyBytes: () => tooManyBytes(unit),
    check: (row: readonly (string | null)[]) => {
      for (let column = 0; column < metrics.size; column += 1) if (row[column] !== null) series += 1;
      return series > unit.maxSeries ? tooManySeries(unit) : null;
    },
  };
  const { fields } = await readBounded(client, { text: withoutRows(unit), values }, bounds);
  const problems = checkColumns(unit, fields);
  if (problems.length > 0) {
    const told = problems.slice(0, MAX_COLUMN_PROBLEMS).map(({ message }) => message);
    if (problems.length > told.length) told.push(`and ${problems.length - told.length} more columns`);
    throw new KpiResultError(told.join('; '));
  }
  const labels = fields.filter(({ name }) => !metrics.has(name));
  const columns = [
    ...[...metrics].map((name) => `kpi."${name}"`),
    ...labels.map(({ name, dataTypeID }) => {
      // format() writes any type as the server sends it; a cast to text would not (booleans, addresses, char(n)).
      const text = TEXT_TYPES.has(dataTypeID) ? `kpi."${name}"` : `pg_catalog.format('%s', kpi."${name}")`;
      return `pg_catalog.left(${text}, ${unit.maxLabelBytes + 1}) AS "${name}"`;
    }),
  ];
  return readBounded(client, { text: `SELECT ${columns.join(', ')} FROM (${unit.sql}\n) AS kpi`, values }, bounds);
}

/** What stands before the unit's SQL when it is described: the server counts positions from here. */
export const DESCRIBE_PREFIX = 'SELECT * FROM (';

function withoutRows(unit: KpiUnit): string {
  return `${DESCRIBE_PREFIX}${unit.sql}\n) AS kpi LIMIT 0`;
}

/** The columns and types of a unit as the server sees them, without running it. Throws as {@link queryKpi}. */
export async function describeKpi(client: ClientBase, unit: KpiUnit, input: KpiInput): Promise<FieldDef[]> {
  return inTransaction(client, limits(unit), async () => {
    const query = {
      text: withoutRows(unit),
      values: unit.parameters.map((name) => parameterValue(name, input)),
    };
    const result = await client.query(clientTimeout(query, unit.timeoutMs + SERVER_TIMEOUT_MARGIN_MS));
    return result.fields;
  });
}

function limits(unit: KpiUnit): TransactionOptions {
  return { access: 'READ ONLY', timeoutMs: unit.timeoutMs };
}
