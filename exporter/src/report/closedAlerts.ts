import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import type { ClosedAlert } from './report.js';

/** A page of them; the first ones are those that lasted longest. */
const MAX_ALERTS = 200;

const ALERT = z.strictObject({
  alertname: z.string(),
  entity: z.string(),
  startedOn: z.string(),
  seconds: z.number(),
});

/** Alerts that ended in the month up to the moment, the longest first; null where no actions process records them. Throws pg errors. */
export async function closedAlerts(
  client: ClientBase,
  { asOf, now, timeZone }: KpiInput,
  portfolio: string,
): Promise<ClosedAlert[] | null> {
  // Also where the schema is there and this role may not look into it.
  const { rows: found } = await client.query<{ is_readable: boolean | null }>(
    `SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS is_readable
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'portfolio_actions' AND c.relname = 'alerts'`,
  );
  if (found[0]?.is_readable !== true) return null;
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT alertname, entity, to_char(starts_at AT TIME ZONE $3, 'YYYY-MM-DD') AS "startedOn",
            extract(epoch FROM ends_at - starts_at)::float8 AS seconds
       FROM portfolio_actions.alerts
      WHERE portfolio = $4 AND ends_at <= $2::timestamptz
        AND ends_at >= date_trunc('month', $1::date::timestamp) AT TIME ZONE $3
      ORDER BY ends_at - starts_at DESC, alertname, entity LIMIT ${MAX_ALERTS}`,
    [asOf, now.toISOString(), timeZone, portfolio],
  );
  return rows.map((row) => ALERT.parse(row));
}
