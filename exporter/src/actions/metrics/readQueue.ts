import { z } from 'zod';
import type { Database } from '../../database/pool.js';
import { inTransaction } from '../../database/transaction.js';

/** A job that waits is due; one that retries has failed and is tried again; a dead one is not. */
export const JOB_STATES = ['waiting', 'scheduled', 'running', 'retrying', 'dead'] as const;
export type JobState = (typeof JOB_STATES)[number];

export const REQUEST_KINDS = ['approval', 'status'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** What waits in the database; ages in seconds, 0 where nothing waits. */
export interface QueueFigures {
  readonly jobs: readonly { readonly task: string; readonly state: JobState; readonly count: number }[];
  /** Of what is due and not under way, mails left out: those wait for the mail server. */
  readonly oldestJobSeconds: number;
  /** Of what Alertmanager told and no job has handled. */
  readonly oldestNotificationSeconds: number;
  readonly mailsWaiting: number;
  readonly oldestMailSeconds: number;
  /** Within a day. */
  readonly mailsRefused: number;
  readonly requests: readonly { readonly kind: RequestKind; readonly open: number; readonly overdue: number }[];
  /** Alerts that fire now, by name. */
  readonly episodes: readonly { readonly alertname: string; readonly count: number }[];
}

const age = z.number().nonnegative();
const count = z.number().int().nonnegative();
const schema = z.object({
  jobs: z.array(z.object({ task: z.string(), state: z.enum(JOB_STATES), count })),
  oldestJobSeconds: age,
  oldestNotificationSeconds: age,
  mailsWaiting: count,
  oldestMailSeconds: age,
  mailsRefused: count,
  requests: z.array(z.object({ kind: z.enum(REQUEST_KINDS), open: count, overdue: count })),
  episodes: z.array(z.object({ alertname: z.string(), count })),
});

/** The engine's own times are the database's; all others were written by the clock that `now` is of. */
const SQL = `
WITH job AS (
  SELECT task_identifier AS task, run_at,
         locked_at IS NULL AND attempts < max_attempts AND run_at <= now() AS is_due,
         CASE WHEN locked_at IS NULL AND attempts >= max_attempts THEN 'dead'
              WHEN last_error IS NOT NULL THEN 'retrying'
              WHEN locked_at IS NOT NULL THEN 'running'
              WHEN run_at <= now() THEN 'waiting'
              ELSE 'scheduled'
         END AS state
    FROM graphile_worker.jobs
)
SELECT (SELECT coalesce(json_agg(json_build_object('task', task, 'state', state, 'count', count)), '[]')
          FROM (SELECT task, state, count(*)::int FROM job GROUP BY task, state) AS counted) AS "jobs",
       (SELECT coalesce(extract(epoch FROM max(now() - run_at)), 0)::float8
          FROM job WHERE is_due AND task <> 'deliver_mail') AS "oldestJobSeconds",
       (SELECT greatest(0, extract(epoch FROM $1::timestamptz - min(received_at)))::float8
          FROM portfolio_actions.notifications WHERE handled_at IS NULL) AS "oldestNotificationSeconds",
       (SELECT count(*)::int FROM portfolio_actions.mails WHERE sent_at IS NULL AND refused_at IS NULL) AS "mailsWaiting",
       (SELECT greatest(0, extract(epoch FROM $1::timestamptz - min(created_at)))::float8
          FROM portfolio_actions.mails WHERE sent_at IS NULL AND refused_at IS NULL) AS "oldestMailSeconds",
       (SELECT count(*)::int FROM portfolio_actions.mails
         WHERE refused_at > $1::timestamptz - interval '1 day') AS "mailsRefused",
       (SELECT json_agg(json_build_object('kind', kind, 'open', open, 'overdue', overdue))
          FROM (SELECT 'approval' AS kind, count(*) AS open,
                       count(*) FILTER (WHERE requested_at < $1::timestamptz - $2::float8 * interval '1 s') AS overdue
                  FROM portfolio_actions.approvals WHERE decided_at IS NULL
                UNION ALL
                SELECT 'status', count(*), count(*) FILTER (WHERE due_at < $1::timestamptz)
                  FROM portfolio_actions.status_requests WHERE answered_at IS NULL) AS asked) AS "requests",
       (SELECT coalesce(json_agg(json_build_object('alertname', alertname, 'count', count)), '[]')
          FROM (SELECT alertname, count(*)::int FROM portfolio_actions.alerts
                 WHERE ends_at IS NULL GROUP BY alertname) AS open) AS "episodes"`;

const LIMITS = { access: 'READ ONLY', timeoutMs: 2_000 } as const;

/**
 * Throws what a database that does not answer throws.
 * @param approvalSeconds after which a decision that was asked for is overdue: chairman_response_timeout
 */
export async function readQueue(database: Database, now: Date, approvalSeconds: number): Promise<QueueFigures> {
  const { rows } = await database.withClient((client) =>
    inTransaction(client, LIMITS, () => client.query(SQL, [now, approvalSeconds])),
  );
  return schema.parse(rows[0]);
}
