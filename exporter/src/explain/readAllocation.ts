import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import { analysisRows, numeric, numericOrNull } from './analysisRows.js';
import type { ProposalRules, ResourceAllocation } from './proposal.js';

const rowSchema = z.object({
  venture_id: z.string(),
  venture: z.string(),
  resource_name: z.string(),
  resource_type: z.string(),
  share: numeric,
  hours: numericOrNull,
  score: numericOrNull,
  recommendation: z.string().nullable(),
});

/** The active allocations of a resource with the ventures' scores; null: it has none. Throws pg errors. */
export async function readAllocation(
  client: ClientBase,
  resourceId: string,
  input: KpiInput,
): Promise<ResourceAllocation | null> {
  const rows = await analysisRows(client, 'allocations_of_resource', rowSchema, input, {
    resource_id: { type: 'uuid', value: resourceId },
  });
  // Names are copied into every row and may differ: the KPI takes the first by the alphabet.
  const first = (texts: readonly string[]): string => texts.toSorted()[0] ?? '';
  if (rows.length === 0) return null;
  return {
    resourceId,
    resource: first(rows.map((row) => row.resource_name)),
    resourceType: first(rows.map((row) => row.resource_type)),
    shares: rows.map(({ venture_id: ventureId, venture, share, hours, score, recommendation }) => ({
      ventureId,
      venture,
      share,
      hours,
      score,
      recommendation,
    })),
  };
}

/** By the thresholds in force. */
export function proposalRules({ thresholds }: Pick<KpiInput, 'thresholds'>): ProposalRules {
  return {
    limit: thresholds.conflict_over_allocation_threshold + thresholds.over_allocation_tolerance,
    hourlyRate: thresholds.hourly_rate,
    minViableScore: thresholds.min_viable_score,
  };
}
