import type { ClientBase } from 'pg';
import { clientTimeout, SERVER_TIMEOUT_MARGIN_MS } from '../database/clientTimeout.js';
import type { KpiInput } from './kpiInput.js';
import type { KpiUnit } from './unit.js';

/**
 * How fresh the rows behind a KPI are, in Unix seconds; null where the unit names no source or the source has no row.
 * A daily table counts to the end of its newest day in the time zone; an event table by the oldest heartbeat of its
 * writers, because no event is not a fault. A writer that never sent a heartbeat is not held to it.
 */
export async function readFreshness(client: ClientBase, unit: KpiUnit, input: KpiInput): Promise<number | null> {
  if (unit.freshness === null) return null;
  const query =
    unit.freshness.kind === 'day'
      ? {
          // The names are checked to be plain identifiers when the unit is loaded.
          text: `SELECT extract(epoch FROM (max(${unit.freshness.column}) + 1)::timestamp AT TIME ZONE $2)::float8
                   FROM ${unit.freshness.table} WHERE ${unit.freshness.column} <= $1::date`,
          values: [input.asOf, input.timeZone],
        }
      : {
          text: `SELECT extract(epoch FROM min(seen_at))::float8 FROM source_heartbeats
                  WHERE source = ANY ($1::text[]) AND seen_at <= $2::timestamptz`,
          values: [unit.freshness.sources, input.now.toISOString()],
        };
  const timed = clientTimeout({ ...query, rowMode: 'array' as const }, unit.timeoutMs + SERVER_TIMEOUT_MARGIN_MS);
  const result = await client.query<(number | null)[]>(timed);
  return result.rows[0]?.[0] ?? null;
}
