-- What else changed after :since and up to :now, as far as rows say when: initiatives, conflicts, thresholds. Allocations keep no
-- dates. Of a terminated initiative only its last update is known. One row a change.
SELECT 'initiative_started' AS kind, extract(epoch FROM launched_at) * 1000 AS at_ms, id::text AS id, name,
       NULL AS old_value, NULL AS new_value, owner_name AS who
  FROM synergy_initiatives
 WHERE launched_at > :since
   AND launched_at <= :now
UNION ALL
SELECT 'initiative_completed', extract(epoch FROM completed_at) * 1000, id::text, name, NULL, NULL, owner_name
  FROM synergy_initiatives
 WHERE status = 'COMPLETED'
   AND completed_at > :since
   AND completed_at <= :now
UNION ALL
SELECT 'initiative_terminated', extract(epoch FROM updated_at) * 1000, id::text, name, NULL, NULL, owner_name
  FROM synergy_initiatives
 WHERE status = 'TERMINATED'
   AND updated_at > :since
   AND updated_at <= :now
UNION ALL
SELECT 'conflict_detected', extract(epoch FROM detected_at) * 1000, conflict_id::text, resource_name,
       NULL, trim_scale(total_allocation_pct / 100)::text, NULL
  FROM resource_conflicts
 WHERE detected_at > :since
   AND detected_at <= :now
UNION ALL
SELECT 'conflict_resolved', extract(epoch FROM resolved_at) * 1000, conflict_id::text, resource_name, trim_scale(total_allocation_pct / 100)::text, NULL, NULL
  FROM resource_conflicts
 WHERE status = 'RESOLVED'
   AND resolved_at > :since
   AND resolved_at <= :now
UNION ALL
SELECT 'threshold_changed', extract(epoch FROM changed_at) * 1000, parameter_name, parameter_name, old_value, new_value, changed_by
  FROM portfolio_coordination_config_history
 WHERE changed_at > :since
   AND changed_at <= :now
 ORDER BY 2, 1, 3;
