import type { ClientBase } from 'pg';
import { z } from 'zod';
import { reportHtml } from './html/reportHtml.js';
import { reportPdf } from './pdf/reportPdf.js';
import type { PortfolioReport } from './report.js';
import { reportText } from './reportText.js';

export interface StoredReport {
  readonly id: string;
  /** false: the report of that kind, subject and period was there, and stays as it was sent. */
  readonly isNew: boolean;
}

const ID = z.object({ id: z.string() });

/**
 * Keeps a report as data and in its three forms, in the caller's transaction and once for its kind, subject and period. Throws pg
 * errors; the role has to be portfolio_actions, or an owner.
 */
export async function storeReport(client: ClientBase, report: PortfolioReport, now: Date): Promise<StoredReport> {
  const { kind, subject, period } = report;
  const find = async (): Promise<string | null> => {
    const { rows } = await client.query(
      'SELECT id FROM portfolio_actions.reports WHERE kind = $1 AND subject = $2 AND period = $3',
      [kind, subject, period],
    );
    return rows.length === 0 ? null : ID.parse(rows[0]).id;
  };
  const known = await find();
  if (known !== null) return { id: known, isNew: false };
  const { rows } = await client.query(
    `INSERT INTO portfolio_actions.reports (kind, subject, period, title, created_at, as_of, data, html, text, pdf)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (kind, subject, period) DO NOTHING RETURNING id`,
    [
      kind,
      subject,
      period,
      report.title,
      now.toISOString(),
      report.now,
      JSON.stringify(report),
      reportHtml(report),
      reportText(report),
      await reportPdf(report),
    ],
  );
  if (rows.length > 0) return { id: ID.parse(rows[0]).id, isNew: true };
  // Another process was quicker between the question and the insert, which waited for it.
  const other = await find();
  if (other === null) throw new Error(`the ${kind} report of ${period} was stored and is not there`);
  return { id: other, isNew: false };
}
