import type { ClientBase, FieldDef } from 'pg';
import type { ThresholdName } from '../config/thresholdCatalogue.js';
import { clientTimeout, SERVER_TIMEOUT_MARGIN_MS } from '../database/clientTimeout.js';
import { inTransaction } from '../database/transaction.js';
import type { TransactionOptions } from '../database/transaction.js';
import { readFreshness } from './freshness.js';
import type { KpiInput } from './kpiInput.js';
import { toSamples } from './toSamples.js';
import type { KpiResult, KpiUnit } from './unit.js';

/** Values stay PostgreSQL's own text: int8 and numeric would come as text anyway, dates as objects in local time. */
const AS_TEXT = { getTypeParser: () => (text: string) => text };

/**
 * Runs one KPI in one READ ONLY transaction whose `statement_timeout` the server itself enforces.
 * Throws the pg error of the server or {@link KpiResultError} for rows that break the unit's contract.
 */
export async function queryKpi(client: ClientBase, unit: KpiUnit, input: KpiInput): Promise<KpiResult> {
  // One snapshot: the rows and their freshness belong to the same moment.
  return inTransaction(client, { ...limits(unit), isolation: 'REPEATABLE READ' }, async () => {
    const query = {
      text: unit.sql,
      values: unit.parameters.map((name) => parameterValue(name, input)),
      rowMode: 'array' as const,
      types: AS_TEXT,
    };
    // The server's own timeout comes first; the client's is for a server that is gone.
    const timed = clientTimeout(query, unit.timeoutMs + SERVER_TIMEOUT_MARGIN_MS);
    const result = await client.query<(string | null)[]>(timed);
    const samples = toSamples(unit, result.fields, result.rows);
    const dataTimestampSeconds = await readFreshness(client, unit, input);
    return { samples, dataTimestampSeconds };
  });
}

/** The columns and types of a unit as the server sees them, without running it. Throws as {@link queryKpi}. */
export async function describeKpi(client: ClientBase, unit: KpiUnit, input: KpiInput): Promise<FieldDef[]> {
  return inTransaction(client, limits(unit), async () => {
    const query = {
      text: `SELECT * FROM (${unit.sql}\n) AS kpi LIMIT 0`,
      values: unit.parameters.map((name) => parameterValue(name, input)),
    };
    const result = await client.query(clientTimeout(query, unit.timeoutMs + SERVER_TIMEOUT_MARGIN_MS));
    return result.fields;
  });
}

function limits(unit: KpiUnit): TransactionOptions {
  return { access: 'READ ONLY', timeoutMs: unit.timeoutMs };
}

function parameterValue(name: string, input: KpiInput): string | number {
  switch (name) {
    case 'as_of':
      return input.asOf;
    case 'now':
      return input.now.toISOString();
    case 'time_zone':
      return input.timeZone;
    case 'carry_forward_days':
      return input.carryForwardDays;
    default:
      return input.thresholds[name as ThresholdName];
  }
}
