import type { ClientBase, QueryConfig } from 'pg';
import { z } from 'zod';

/** One scan of a table in the plan of a query that was run. */
export interface Scan {
  readonly table: string;
  /** Rows looked at, those that a filter then removed included. */
  readonly rows: number;
  /** By which the index was searched; empty for a scan of the whole. */
  readonly condition: string;
}

interface Plan {
  readonly 'Relation Name'?: string | undefined;
  readonly 'Index Cond'?: string | undefined;
  readonly 'Recheck Cond'?: string | undefined;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number | undefined;
  readonly 'Rows Removed by Index Recheck'?: number | undefined;
  readonly Plans?: readonly Plan[] | undefined;
}

const planSchema: z.ZodType<Plan> = z.object({
  'Relation Name': z.string().optional(),
  'Index Cond': z.string().optional(),
  'Recheck Cond': z.string().optional(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().optional(),
  'Rows Removed by Index Recheck': z.number().optional(),
  get Plans() {
    return z.array(planSchema).optional();
  },
});

const answerSchema = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planSchema })]) })]);

/** Runs a query and tells every scan of a table that took place in it. Throws pg errors. */
export async function scansOf(client: ClientBase, query: string | QueryConfig): Promise<Scan[]> {
  const { text, ...parameters } = typeof query === 'string' ? { text: query } : query;
  const { rows } = await client.query({ ...parameters, text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}` });
  const [{ 'QUERY PLAN': plans }] = answerSchema.parse(rows);
  return scansIn(plans[0].Plan);
}

function scansIn(plan: Plan): Scan[] {
  const below = (plan.Plans ?? []).flatMap(scansIn);
  const table = plan['Relation Name'];
  if (table === undefined || plan['Actual Loops'] === 0) return below;
  const removed = (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  const rows = (plan['Actual Rows'] + removed) * plan['Actual Loops'];
  return [{ table, rows, condition: plan['Index Cond'] ?? plan['Recheck Cond'] ?? '' }, ...below];
}
