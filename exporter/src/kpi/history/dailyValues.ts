import type { ClientBase } from 'pg';
import { inTransaction } from '../../database/transaction.js';

/** What kpi_history has of one metric on one day: of a metric with labels, the least and the greatest of its series. */
export interface DailyValue {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly least: number;
  readonly greatest: number;
  readonly series: number;
}

/** A page's history is not worth more of the server than this, in ms. */
const TIMEOUT_MS = 2_000;

/**
 * What kpi_history has of a KPI from `from` to `to` (`YYYY-MM-DD`, inclusive), by metric, the oldest day first; a day without
 * a record is not there. Throws pg errors, after two seconds that of a statement that takes longer.
 */
export async function readDailyValues(
  client: ClientBase,
  kpi: string,
  from: string,
  to: string,
): Promise<Map<string, DailyValue[]>> {
  const { rows } = await inTransaction(client, { access: 'READ ONLY', timeoutMs: TIMEOUT_MS }, () =>
    client.query<DailyValue & { metric: string }>(
      `SELECT metric, to_char(day, 'YYYY-MM-DD') AS day, min(value) AS least, max(value) AS greatest, count(*)::int AS series
         FROM kpi_history WHERE kpi = $1 AND day BETWEEN $2 AND $3
        GROUP BY metric, kpi_history.day ORDER BY metric, kpi_history.day`,
      [kpi, from, to],
    ),
  );
  const byMetric = new Map<string, DailyValue[]>();
  for (const { metric, ...value } of rows) {
    const days = byMetric.get(metric);
    if (days === undefined) byMetric.set(metric, [value]);
    else days.push(value);
  }
  return byMetric;
}
