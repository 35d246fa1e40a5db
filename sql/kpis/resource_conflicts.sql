-- KPI 6, conflict resolution: conflicts detected in the trailing 30 days, by status, and how fast they were resolved; and
-- how long each conflict has been open, however old. Source: metrics document, "6. Conflict Resolution Time" and
-- "Alert 3: Resource Conflict Detected"; table resource_conflicts.
WITH conflict AS (
  SELECT -- Resolved after the moment, or never dated: at the moment it was not resolved, and what it was is not kept.
         CASE WHEN status = 'RESOLVED' AND resolved_at <= :now THEN 'RESOLVED'
              WHEN status = 'RESOLVED' THEN 'DETECTED'
              ELSE status
         END AS status,
         CASE WHEN status = 'RESOLVED' AND resolved_at <= :now
              THEN extract(epoch FROM resolved_at - detected_at)
         END AS resolution_seconds
    FROM resource_conflicts
   WHERE detected_at >= (:as_of - 29)::timestamp AT TIME ZONE :time_zone
     AND detected_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
     AND detected_at <= :now
)
SELECT NULL AS conflict_id,
       NULL AS resource_id,
       NULL AS resource,
       known.status,
       count(conflict.status) AS portfolio_conflicts,
       NULL::numeric AS portfolio_conflict_open_seconds,
       NULL AS portfolio_conflict_resolution_average_seconds,
       NULL AS portfolio_conflict_resolution_median_seconds,
       NULL AS portfolio_conflict_resolution_max_seconds,
       NULL AS portfolio_conflict_resolution_ratio
  FROM (VALUES ('DETECTED'), ('IN_PROGRESS'), ('RESOLVED'), ('ESCALATED')) AS known (status)
  LEFT JOIN conflict ON conflict.status = known.status
 GROUP BY known.status
 -- An empty database has no counts, not counts of 0.
HAVING EXISTS (SELECT FROM ventures)
    OR EXISTS (SELECT FROM resource_conflicts)
UNION ALL
SELECT NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       avg(resolution_seconds),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY resolution_seconds),
       max(resolution_seconds),
       count(resolution_seconds)::numeric / nullif(count(*), 0)
  FROM conflict
UNION ALL
SELECT conflict_id::text,
       resource_id::text,
       resource_name,
       -- As above: not resolved yet, or never dated.
       CASE status WHEN 'RESOLVED' THEN 'DETECTED' ELSE status END,
       NULL,
       extract(epoch FROM :now - detected_at),
       NULL,
       NULL,
       NULL,
       NULL
  FROM resource_conflicts
 WHERE (status <> 'RESOLVED' OR resolved_at IS NULL OR resolved_at > :now)
   AND detected_at <= :now;
