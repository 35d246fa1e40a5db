import type { QueryResultRow } from 'pg';
import { describeDatabaseError } from '../../database/databaseError.js';
import type { Database } from '../../database/pool.js';
import { inTransaction } from '../../database/transaction.js';

/** Something that waits for somebody. */
export interface OpenItem {
  readonly person: string;
  readonly waitsFor: 'response' | 'approval';
  /** What it is about. */
  readonly title: string;
  readonly since: Date;
  /** null: there is no deadline. */
  readonly dueAt: Date | null;
}

/** An open execution of a recursion trigger. */
export interface OpenExecution {
  readonly trigger: string;
  readonly title: string;
  /** What it is about. */
  readonly subject: string;
  readonly depth: number;
  readonly mostDepth: number;
  readonly since: Date;
  /** null: it has none. */
  readonly reportId: string | null;
}

export interface ReportLine {
  readonly id: string;
  readonly title: string;
  readonly createdAt: Date;
  readonly hasPdf: boolean;
}

/** A job that failed at least once and is not done. */
export interface FailedJob {
  readonly id: string;
  readonly task: string;
  readonly attempts: number;
  readonly mostAttempts: number;
  readonly error: string;
  readonly runAt: Date;
  readonly isRunning: boolean;
}

export interface UndeliveredMail {
  readonly recipient: string;
  readonly subject: string;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly refusedAt: Date | null;
  readonly error: string | null;
}

/** Rows, or why they cannot be read; the list has an end. */
export interface Part<T> {
  readonly rows: readonly T[];
  readonly problem: string | null;
}

/** What the first page shows. */
export interface OpenItems {
  readonly responses: Part<OpenItem>;
  readonly approvals: Part<OpenItem>;
  readonly executions: Part<OpenExecution>;
  readonly reports: Part<ReportLine>;
  readonly jobs: Part<FailedJob>;
  readonly mails: Part<UndeliveredMail>;
}

const MOST = 200;
const LAST_REPORTS = 10;
/** Six parts are read one after the other, and somebody looks at the page meanwhile. */
const LIMITS = { access: 'READ ONLY', timeoutMs: 2_000 } as const;

/**
 * Reads what is open, each part by itself: one table that cannot be read hides no other. Throws ConnectionError where there is no
 * session at all.
 * @param decides who decides about proposals: the Chairman's address
 */
export function readOpenItems(database: Database, decides: string, now: Date): Promise<OpenItems> {
  return database.withClient(async (client) => {
    const part = async <T extends QueryResultRow>(sql: string, values: unknown[]): Promise<Part<T>> => {
      try {
        return { rows: (await inTransaction(client, LIMITS, () => client.query<T>(sql, values))).rows, problem: null };
      } catch (error) {
        return { rows: [], problem: describeDatabaseError(error) };
      }
    };
    return {
      responses: await part<OpenItem>(
        `SELECT s.person, 'response' AS "waitsFor", i.name || ': ' || m.name AS title, s.requested_at AS since, s.due_at AS "dueAt"
           FROM portfolio_actions.status_requests s
           JOIN synergy_initiatives i ON i.id = s.initiative_id
           JOIN initiative_milestones m ON m.id = s.milestone_id
          WHERE s.answered_at IS NULL ORDER BY since LIMIT $1`,
        [MOST],
      ),
      approvals: await part<OpenItem>(
        `SELECT $1::text AS person, 'approval' AS "waitsFor", c.resource_name AS title, a.requested_at AS since,
                NULL::timestamptz AS "dueAt"
           FROM portfolio_actions.approvals a JOIN resource_conflicts c USING (conflict_id)
          WHERE a.decided_at IS NULL ORDER BY since LIMIT $2`,
        [decides, MOST],
      ),
      executions: await part<OpenExecution>(
        `SELECT e.trigger_id AS trigger, t.title, e.subject_name AS subject, e.depth, t.max_depth AS "mostDepth",
                e.opened_at AS since, e.report_id AS "reportId"
           FROM portfolio_actions.recursion_executions e JOIN portfolio_actions.recursion_triggers t ON t.id = e.trigger_id
          WHERE e.closed_at IS NULL ORDER BY e.opened_at DESC, e.trigger_id, e.subject_name LIMIT $1`,
        [MOST],
      ),
      jobs: await part<FailedJob>(
        `SELECT id::text, task_identifier AS task, attempts, max_attempts AS "mostAttempts", last_error AS error,
                run_at AS "runAt", locked_at IS NOT NULL AS "isRunning"
           FROM graphile_worker.jobs WHERE last_error IS NOT NULL ORDER BY attempts < max_attempts, id LIMIT $1`,
        [MOST],
      ),
      mails: await part<UndeliveredMail>(
        `SELECT recipient, subject, created_at AS "createdAt", attempts, refused_at AS "refusedAt", last_error AS error
           FROM portfolio_actions.mails
          WHERE sent_at IS NULL AND (refused_at IS NULL OR refused_at > $2::timestamptz - interval '30 days')
          ORDER BY created_at DESC LIMIT $1`,
        [MOST, now],
      ),
      reports: await part<ReportLine>(REPORTS, [LAST_REPORTS]),
    };
  });
}

/** The newest first. Throws pg errors. */
export async function readReports(database: Database): Promise<readonly ReportLine[]> {
  const { rows } = await database.withClient((client) =>
    inTransaction(client, LIMITS, () => client.query<ReportLine>(REPORTS, [MOST])),
  );
  return rows;
}

const REPORTS = `
  SELECT id, title, created_at AS "createdAt", pdf IS NOT NULL AS "hasPdf"
    FROM portfolio_actions.reports ORDER BY created_at DESC, id LIMIT $1`;
