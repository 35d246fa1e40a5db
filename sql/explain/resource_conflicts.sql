-- KPI 6 by resource: conflicts detected in the trailing 30 days, how many were resolved, and how long that took.
-- Source: sql/kpis/resource_conflicts.sql.
WITH conflict AS (
  SELECT resource_id, resource_name,
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
SELECT 'portfolio_conflicts' AS metric, status, resource_id::text AS part_id, min(resource_name) AS part,
       NULL AS component, NULL AS state, count(*) AS numerator, NULL::numeric AS denominator
  FROM conflict
 GROUP BY status, resource_id
UNION ALL
SELECT part_of.metric, NULL, resource.id::text, resource.name, NULL, NULL, part_of.numerator, part_of.denominator
  FROM (SELECT resource_id AS id, min(resource_name) AS name, count(*) AS detected, count(resolution_seconds) AS resolved,
               coalesce(sum(resolution_seconds), 0) AS seconds
          FROM conflict
         GROUP BY resource_id) AS resource
 CROSS JOIN LATERAL (
        VALUES ('portfolio_conflict_resolution_average_seconds', resource.seconds, resource.resolved),
               ('portfolio_conflict_resolution_ratio', resource.resolved, resource.detected)
       ) AS part_of (metric, numerator, denominator)
 WHERE part_of.denominator > 0;
