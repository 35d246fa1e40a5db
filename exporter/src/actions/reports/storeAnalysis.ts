import type { ClientBase } from 'pg';

export interface NewAnalysis {
  readonly kind: 'root_cause' | 'resolution_proposal' | 'synergy_analysis' | 'overhead_analysis';
  /** What it is about: the portfolio, a measure, a conflict. */
  readonly subject: string;
  /** The month, or the beginning of the episode. */
  readonly period: string;
  readonly title: string;
  /** The moment up to which rows count. */
  readonly asOf: Date;
  readonly data: unknown;
  readonly html: string;
  readonly text: string;
}

/** Keeps what was found out about an alert as a report, in the caller's transaction, and returns its id; one of that kind, subject and period stays as it is. */
export async function storeAnalysis(client: ClientBase, report: NewAnalysis, now: Date): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO portfolio_actions.reports (kind, subject, period, title, created_at, as_of, data, html, text)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (kind, subject, period) DO UPDATE SET kind = excluded.kind
     RETURNING id`,
    [
      ...[report.kind, report.subject, report.period, report.title, now, report.asOf],
      JSON.stringify(report.data),
      ...[report.html, report.text],
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an INSERT with RETURNING returned no row');
  return row.id;
}
