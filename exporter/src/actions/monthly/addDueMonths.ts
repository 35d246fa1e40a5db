import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../../database/transaction.js';
import type { ActionsContext } from '../actionsContext.js';
import { takeAction } from '../alerts/takeAction.js';
import { addJob } from '../jobs/addJob.js';
import { dueMonths } from './dueMonths.js';
import { MONTHLY } from './monthlyAction.js';

const DELIVERIES = { portfolio_report: 'deliver_report', digests: 'deliver_digests' } as const;
/** One after the other: the oldest month comes first. */
const QUEUE = 'monthly';
export type MonthlyAction = keyof typeof DELIVERIES;

/**
 * Adds a job for each month that is to be delivered by performance_report_delivery_day and was not, however long ago: what was missed
 * while nothing ran is made up for. Months before the first start are never delivered, and a clock that was set back finds nothing
 * to do. A delivery that failed for good waits for somebody to look at it.
 */
export async function addDueMonths(context: ActionsContext): Promise<void> {
  const now = context.now();
  const { exporter, thresholds } = context.configuration();
  await context.database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      await takeAction(client, { alertname: MONTHLY, entity: '', period: '', action: 'first_start' }, now);
      const { today, since } = await days(client, now, exporter.timeZone);
      const due = dueMonths({ today, since, deliveryDay: thresholds.performance_report_delivery_day });
      for (const action of Object.keys(DELIVERIES) as MonthlyAction[]) {
        for (const month of await undelivered(client, due, action)) {
          await addJob(client, DELIVERIES[action], { month }, { key: `${action}:${month}`, queue: QUEUE });
        }
      }
    }),
  );
}

async function days(client: ClientBase, now: Date, timeZone: string): Promise<{ today: string; since: string }> {
  const { rows } = await client.query(
    `SELECT to_char($1::timestamptz AT TIME ZONE $2, 'YYYY-MM-DD') AS today, to_char(created_at AT TIME ZONE $2, 'YYYY-MM') AS since
       FROM portfolio_actions.actions WHERE alertname = $3 AND action = 'first_start'`,
    [now, timeZone, MONTHLY],
  );
  return z.object({ today: z.string(), since: z.string() }).parse(rows[0]);
}

/** Of the months those of which there is neither a delivery nor a job. */
async function undelivered(client: ClientBase, months: readonly string[], action: MonthlyAction): Promise<string[]> {
  const { rows } = await client.query<{ month: string }>(
    `SELECT month FROM unnest($1::text[]) AS due (month)
      WHERE NOT EXISTS (SELECT FROM portfolio_actions.actions WHERE alertname = $2 AND period = month AND action = $3)
        AND NOT EXISTS (SELECT FROM graphile_worker.jobs WHERE key = $3 || ':' || month)
      ORDER BY month`,
    [months, MONTHLY, action],
  );
  return rows.map(({ month }) => month);
}
