import type { ClientBase } from 'pg';

/**
 * A review (PORTFOLIO-003) without a report of its own refers to the portfolio report that is delivered in its month, that of the month
 * before. In the caller's transaction: asked where a review opens and where a report is delivered, whichever comes second finds the
 * other, because both take turns by the trigger's row. Throws pg errors.
 */
export async function referToReport(client: ClientBase): Promise<void> {
  await client.query(`SELECT FROM portfolio_actions.recursion_triggers WHERE id = 'PORTFOLIO-003' FOR UPDATE`);
  const { rows } = await client.query<{ execution: string; report: string }>(
    `SELECT e.id AS execution, r.id AS report
       FROM portfolio_actions.recursion_executions e
       JOIN portfolio_actions.reports r
         ON r.kind = 'portfolio' AND r.period = to_char((left(e.period, 7) || '-01')::date - interval '1 month', 'YYYY-MM')
      WHERE e.trigger_id = 'PORTFOLIO-003' AND e.report_id IS NULL`,
  );
  // A statement that changes no row tells of a change all the same: nothing is written where nothing is to be.
  for (const { execution, report } of rows) {
    await client.query('UPDATE portfolio_actions.recursion_executions SET report_id = $2 WHERE id = $1', [
      execution,
      report,
    ]);
  }
}
