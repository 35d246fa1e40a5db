import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../../database/transaction.js';
import type { KpiSettings } from '../../kpi/unit/kpiInput.js';
import { runTrigger } from './runTrigger.js';

export interface DetectedConflicts {
  readonly opened: number;
  readonly resolved: number;
  /** Executions of PORTFOLIO-002. */
  readonly fired: number;
}

/**
 * Brings `resource_conflicts` in line with the allocations: a resource beyond `conflict_over_allocation_threshold` plus
 * `over_allocation_tolerance` without an open conflict gets one; an open conflict ends when its resource, once seen beyond the
 * limit, is back at or under it. A conflict that people opened about an allocation that never was beyond it stays theirs. Then
 * fires PORTFOLIO-002, and beats the heartbeat `resource_conflicts`. One transaction; processes take turns by the trigger's row.
 * Source: metrics document, "Source 4: resource_conflicts" (written via PORTFOLIO-002). Throws pg errors.
 */
export async function detectConflicts(
  client: ClientBase,
  now: Date,
  settings: KpiSettings,
): Promise<DetectedConflicts> {
  const { conflict_over_allocation_threshold: threshold, over_allocation_tolerance: tolerance } = settings.thresholds;
  return inTransaction(client, { access: 'READ WRITE' }, async () => {
    await client.query(`SELECT FROM portfolio_actions.recursion_triggers WHERE id = 'PORTFOLIO-002' FOR UPDATE`);
    const limits = [threshold, tolerance];
    const missing = z.array(missingRow).parse((await client.query(MISSING, [...limits, now])).rows);
    if (missing.length > 0) await client.query(OPEN, [JSON.stringify(missing), now]);
    await client.query(WATCH, [...limits, now]);
    const back = z.array(fallenBackRow).parse((await client.query(FALLEN_BACK, limits)).rows);
    if (back.length > 0) await client.query(RESOLVE, [JSON.stringify(back), now]);
    await client.query(
      `INSERT INTO source_heartbeats (source, seen_at) VALUES ('resource_conflicts', $1)
       ON CONFLICT (source) DO UPDATE SET seen_at = greatest(source_heartbeats.seen_at, excluded.seen_at)`,
      [now],
    );
    const runs = await runTrigger(client, { trigger: 'PORTFOLIO-002', now, by: 'schedule', settings });
    return {
      opened: missing.length,
      resolved: back.length,
      fired: runs.filter(({ fired }) => fired).length,
    };
  });
}

/** Active allocations by resource with what is open about it, $1 and $2 the limit as ratios; as the KPI resource_allocation adds up. */
const ALLOCATED = `
  WITH allocated AS (
    SELECT resource_id, min(resource_name) AS resource_name, sum(allocation_percentage) AS percent,
           sum(allocation_percentage) / 100 > $1::numeric + $2::numeric AS is_over
      FROM venture_resource_allocations
     WHERE status = 'active'
     GROUP BY resource_id
  )`;

const missingRow = z.object({ resource_id: z.uuid(), resource_name: z.string(), percent: z.string() });

/** The column ends at 999.99. */
const MISSING = `${ALLOCATED}
  SELECT resource_id, resource_name, least(percent, 999.99)::text AS percent
    FROM allocated
   WHERE is_over
     AND NOT EXISTS (SELECT FROM resource_conflicts c
                      WHERE c.resource_id = allocated.resource_id
                        AND (c.status <> 'RESOLVED' OR c.resolved_at > $3::timestamptz))`;

// A statement that changes no row tells of a change all the same: nothing is written where nothing is to be.
const OPEN = `
  INSERT INTO resource_conflicts (resource_id, resource_name, total_allocation_pct, detected_at, status)
  SELECT resource_id, resource_name, percent, $2::timestamptz, 'DETECTED'
    FROM json_to_recordset($1::json) AS missing (resource_id uuid, resource_name text, percent numeric)`;

const WATCH = `${ALLOCATED}
  INSERT INTO portfolio_actions.watched_conflicts (conflict_id, seen_over_at)
  SELECT c.conflict_id, $3::timestamptz
    FROM resource_conflicts c
    JOIN allocated USING (resource_id)
   WHERE c.status <> 'RESOLVED'
     AND allocated.is_over
  ON CONFLICT (conflict_id) DO NOTHING`;

const fallenBackRow = z.object({ conflict_id: z.uuid(), note: z.string() });

/** A resource without any active allocation has fallen back to nothing. Numbers as people write them: 95, not 95.00. */
const FALLEN_BACK = `${ALLOCATED}
  SELECT c.conflict_id,
         format('The allocation is back at %s%%, at or under the limit of %s%%.',
                trim_scale(coalesce(allocated.percent, 0)), trim_scale(($1::numeric + $2::numeric) * 100)) AS note
    FROM portfolio_actions.watched_conflicts w
    JOIN resource_conflicts c USING (conflict_id)
    LEFT JOIN allocated USING (resource_id)
   WHERE c.status <> 'RESOLVED'
     AND allocated.is_over IS NOT TRUE`;

const RESOLVE = `
  UPDATE resource_conflicts c
     SET status = 'RESOLVED',
         resolved_at = greatest(c.detected_at, $2::timestamptz),
         resolution_notes = concat_ws(E'\\n', c.resolution_notes, back.note)
    FROM json_to_recordset($1::json) AS back (conflict_id uuid, note text)
   WHERE c.conflict_id = back.conflict_id`;
