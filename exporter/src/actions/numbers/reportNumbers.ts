import type { ClientBase } from 'pg';
import { ASKED_NUMBERS, type Numbers } from './askedNumbers.js';
import type { NumberRequest } from './numberRows.js';

export interface NumberReport {
  readonly numbers: Numbers;
  /** What the rows have now, by which an audit sees what was replaced. */
  readonly replaced: Numbers;
  readonly confirmed: readonly string[];
  /** Why it is corrected; null: it is the first. */
  readonly reason: string | null;
  readonly by: string;
  readonly tokenId: string;
}

/**
 * Stores what was reported, in the caller's transaction that has locked the request: a version with who and when, and the rows of
 * venture_metrics, venture_resource_usage and venture_assessments on the period's last day. The number of the version.
 */
export async function reportNumbers(
  client: ClientBase,
  request: NumberRequest,
  report: NumberReport,
  now: Date,
): Promise<number> {
  const version = request.version + 1;
  const { numbers } = report;
  await client.query(
    `INSERT INTO portfolio_actions.number_reports
       (request_id, version, reported_by, reported_at, token_id, numbers, replaced, confirmed, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[request.id, version, report.by, now, report.tokenId, numbers, report.replaced, report.confirmed],
      report.reason,
    ],
  );
  await client.query(
    'UPDATE portfolio_actions.number_requests SET version = $2, draft = NULL, draft_saved_at = NULL WHERE id = $1',
    [request.id, version],
  );
  const of = (key: string): string | null => numbers[key] ?? null;
  const day = [request.ventureId, request.lastDay];
  const metrics = ['monthly_revenue', 'monthly_burn', 'user_count', 'stage'];
  if (metrics.some((key) => of(key) !== null || report.replaced[key] != null)) {
    await client.query(
      `INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, user_count, stage)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (venture_id, recorded_at) DO UPDATE
         SET monthly_revenue = excluded.monthly_revenue, monthly_burn = excluded.monthly_burn,
             user_count = excluded.user_count, stage = excluded.stage`,
      [...day, ...metrics.map(of)],
    );
  }
  for (const { key } of ASKED_NUMBERS.filter(({ table }) => table === 'usage')) {
    if (of(key) === null) continue;
    await client.query(
      `INSERT INTO venture_resource_usage (venture_id, recorded_at, resource_type, hours_spent) VALUES ($1, $2, $3, $4)
       ON CONFLICT (venture_id, resource_type, recorded_at) DO UPDATE SET hours_spent = excluded.hours_spent`,
      [...day, key, of(key)],
    );
  }
  if (of('strategic_fit') !== null) {
    await client.query(
      `INSERT INTO venture_assessments
         (venture_id, assessed_on, strategic_fit, financial_health, growth_potential, resource_efficiency)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (venture_id, assessed_on) DO UPDATE
         SET strategic_fit = excluded.strategic_fit, financial_health = excluded.financial_health,
             growth_potential = excluded.growth_potential, resource_efficiency = excluded.resource_efficiency`,
      [...day, ...['strategic_fit', 'financial_health', 'growth_potential', 'resource_efficiency'].map(of)],
    );
  }
  return version;
}
