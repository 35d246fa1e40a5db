import type { ClientBase } from 'pg';
import type { Cadence } from '../../config/requestsSchema.js';
import type { Numbers } from './askedNumbers.js';

/** A request for numbers; what is in it is hostile. */
export interface NumberRequest {
  readonly id: string;
  readonly ventureId: string;
  readonly venture: string;
  readonly cadence: Cadence;
  /** `YYYY-MM-DD`. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly dueAt: Date;
  /** 0: it was never reported. */
  readonly version: number;
  readonly draft: Readonly<Record<string, string>> | null;
  readonly draftSavedAt: Date | null;
  readonly reportedBy: string | null;
  readonly reportedAt: Date | null;
}

/** Every change of a request begins with this, so that of two persons one waits here for the other. */
export async function lockNumberRequest(client: ClientBase, id: string): Promise<void> {
  await client.query('SELECT FROM portfolio_actions.number_requests WHERE id = $1 FOR UPDATE', [id]);
}

export async function readNumberRequest(client: ClientBase, id: string): Promise<NumberRequest | undefined> {
  const { rows } = await client.query<NumberRequest>(
    `SELECT r.id, r.venture_id AS "ventureId", v.name::text AS venture, r.cadence, r.first_day::text AS "firstDay",
            r.last_day::text AS "lastDay", r.due_at AS "dueAt", r.version, r.draft, r.draft_saved_at AS "draftSavedAt",
            newest.reported_by AS "reportedBy", newest.reported_at AS "reportedAt"
       FROM portfolio_actions.number_requests r
       JOIN ventures v ON v.id = r.venture_id
       LEFT JOIN portfolio_actions.number_reports newest ON newest.request_id = r.id AND newest.version = r.version
      WHERE r.id = $1`,
    [id],
  );
  return rows[0];
}

const METRICS = `monthly_revenue::text, monthly_burn::text, user_count::text, stage::text`;
const SCORES = `strategic_fit::text, financial_health::text, growth_potential::text, resource_efficiency::text`;
const USAGE = `('coordination', 'duplicate_engineering', 'duplicate_design', 'duplicate_marketing')`;

/** What the rows have of the period: the day that a report fills, by key; whoever wrote them. */
export async function readReported(client: ClientBase, { ventureId, lastDay }: NumberRequest): Promise<Numbers> {
  return merged(
    await client.query(`SELECT ${METRICS} FROM venture_metrics WHERE venture_id = $1 AND recorded_at = $2`, [
      ventureId,
      lastDay,
    ]),
    await client.query(`SELECT ${SCORES} FROM venture_assessments WHERE venture_id = $1 AND assessed_on = $2`, [
      ventureId,
      lastDay,
    ]),
    await client.query(
      `SELECT jsonb_object_agg(resource_type, hours_spent::text) AS usage FROM venture_resource_usage
        WHERE venture_id = $1 AND recorded_at = $2 AND resource_type IN ${USAGE}`,
      [ventureId, lastDay],
    ),
  );
}

/** What was known before the period: the newest figures and scores, and the usage of as many days before it. */
export async function readBefore(client: ClientBase, request: NumberRequest): Promise<Numbers> {
  const { ventureId, firstDay, lastDay } = request;
  return merged(
    await client.query(
      `SELECT ${METRICS} FROM venture_metrics WHERE venture_id = $1 AND recorded_at < $2 ORDER BY recorded_at DESC LIMIT 1`,
      [ventureId, firstDay],
    ),
    await client.query(
      `SELECT ${SCORES} FROM venture_assessments WHERE venture_id = $1 AND assessed_on < $2 ORDER BY assessed_on DESC LIMIT 1`,
      [ventureId, firstDay],
    ),
    await client.query(
      `SELECT jsonb_object_agg(resource_type, hours) AS usage
         FROM (SELECT resource_type, sum(hours_spent)::text AS hours FROM venture_resource_usage
                WHERE venture_id = $1 AND recorded_at >= $2::date - ($3::date - $2::date + 1) AND recorded_at < $2::date
                  AND resource_type IN ${USAGE}
                GROUP BY resource_type) AS of_type`,
      [ventureId, firstDay, lastDay],
    ),
  );
}

/** Hours of coordination in the period that are logged on days before its last: a report adds to them. */
export async function readLoggedHours(
  client: ClientBase,
  { ventureId, firstDay, lastDay }: NumberRequest,
): Promise<Numbers> {
  return merged(
    await client.query(
      `SELECT jsonb_object_agg(resource_type, hours) AS usage
         FROM (SELECT resource_type, sum(hours_spent)::text AS hours FROM venture_resource_usage
                WHERE venture_id = $1 AND recorded_at >= $2 AND recorded_at < $3 AND resource_type IN ${USAGE}
                GROUP BY resource_type) AS of_type`,
      [ventureId, firstDay, lastDay],
    ),
  );
}

interface Answer {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** As short as a person writes it: 58000, not 58000.00. */
function merged(...answers: readonly Answer[]): Numbers {
  const numbers: Record<string, string | null> = {};
  for (const { rows } of answers) {
    const { usage, ...own } = rows[0] ?? {};
    for (const [key, value] of Object.entries({ ...own, ...(typeof usage === 'object' ? usage : {}) })) {
      numbers[key] = typeof value === 'string' ? value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : null;
    }
  }
  return numbers;
}
