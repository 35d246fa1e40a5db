import type { ClientBase } from 'pg';
import { z } from 'zod';
import { parameterValue } from '../../kpi/unit/kpiInput.js';
import type { KpiInput, KpiSettings } from '../../kpi/unit/kpiInput.js';
import { shippedSql } from '../../kpi/unit/shippedSql.js';
import { OUTCOMES } from './recursionTriggers.js';
import type { Candidate, Outcome, TriggerId } from './recursionTriggers.js';

/** The day of a moment, by the server's time zone data; `now` is given, not the server's. */
export async function momentAt(client: ClientBase, now: Date, settings: KpiSettings): Promise<KpiInput> {
  const { rows } = await client.query<{ as_of: string }>(
    `SELECT to_char($1::timestamptz AT TIME ZONE $2, 'YYYY-MM-DD') AS as_of`,
    [now.toISOString(), settings.timeZone],
  );
  return { ...settings, now, asOf: z.object({ as_of: z.string() }).parse(rows[0]).as_of };
}

const candidateRow = z.object({
  subject: z.string(),
  subject_name: z.string(),
  period: z.string(),
  details: z.record(z.string(), z.unknown()),
});

/** What a trigger's condition is met for, the most pressing first (sql/recursion/portfolio_00n.sql). Throws pg errors. */
export async function dueCandidates(client: ClientBase, trigger: TriggerId, input: KpiInput): Promise<Candidate[]> {
  const rows = await readSql(client, trigger.toLowerCase().replace('-', '_'), input);
  return z
    .array(candidateRow)
    .parse(rows)
    .map(({ subject, subject_name, period, details }) => ({ subject, subjectName: subject_name, period, details }));
}

const endedRow = z.object({ id: z.string(), outcome: z.enum(OUTCOMES) });

/** Open executions that the rows say are over (sql/recursion/ended.sql). Throws pg errors. */
export async function endedExecutions(
  client: ClientBase,
  input: KpiInput,
): Promise<{ readonly id: string; readonly outcome: Outcome }[]> {
  return z.array(endedRow).parse(await readSql(client, 'ended', input));
}

async function readSql(client: ClientBase, name: string, input: KpiInput): Promise<unknown[]> {
  const { text, parameters } = await shippedSql(`recursion/${name}`);
  const values = parameters.map((parameter) => parameterValue(parameter, input));
  return (await client.query<Record<string, unknown>>({ text, values })).rows;
}
