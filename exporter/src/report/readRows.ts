import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import { reportQuery } from './reportQuery.js';

const text = z.string().nullable();
const number = z.number().nullable();

const VENTURE = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  revenue: number,
  burn: number,
  users: number,
  revenueBefore: number,
  burnBefore: number,
  usersBefore: number,
  revenueBaseline: number,
  lastDay: text,
  isSilent: z.boolean(),
  recommendation: text,
  assessedOn: text,
});

const INITIATIVE = z.strictObject({
  id: z.string(),
  name: z.string(),
  code: z.string(),
  status: z.string(),
  owner: text,
  isCritical: z.boolean(),
  progress: z.number(),
  captured: z.number(),
  capturedInMonth: z.number(),
  targetValue: number,
  cost: number,
  roi: number,
  launchedOn: text,
  completedOn: text,
  nextMilestone: text,
  nextDeadline: text,
});

const SHARE = z.strictObject({ resource: z.string(), venture: z.string(), share: z.number() });

const RESOLVED = z.strictObject({ resource: z.string(), detectedOn: z.string(), seconds: z.number(), notes: text });

const VALUE_MONTH = z.strictObject({
  month: z.string(),
  costSaved: z.number(),
  revenueGenerated: z.number(),
  timeSaved: z.number(),
});

/** What the report says of rows, beside the KPIs' numbers, each by its file of sql/report. */
export interface ReportRows {
  readonly baselineDay: string | null;
  readonly ventures: readonly z.infer<typeof VENTURE>[];
  readonly initiatives: readonly z.infer<typeof INITIATIVE>[];
  readonly shares: readonly z.infer<typeof SHARE>[];
  readonly resolvedConflicts: readonly z.infer<typeof RESOLVED>[];
  readonly valueMonths: readonly z.infer<typeof VALUE_MONTH>[];
}

/** Throws as {@link reportQuery}. */
export async function readRows(client: ClientBase, input: KpiInput): Promise<ReportRows> {
  const [baseline] = await reportQuery(client, 'baseline_day', input, z.strictObject({ day: z.string() }));
  return {
    baselineDay: baseline?.day ?? null,
    ventures: await reportQuery(client, 'ventures', input, VENTURE),
    initiatives: await reportQuery(client, 'initiatives', input, INITIATIVE),
    shares: await reportQuery(client, 'allocation_shares', input, SHARE),
    resolvedConflicts: await reportQuery(client, 'resolved_conflicts', input, RESOLVED),
    valueMonths: await reportQuery(client, 'value_months', input, VALUE_MONTH),
  };
}
