-- Conflicts that were resolved in the calendar month up to the report's moment, the slowest first.
SELECT resource_name AS resource,
       to_char(detected_at AT TIME ZONE :time_zone, 'YYYY-MM-DD') AS "detectedOn",
       extract(epoch FROM resolved_at - detected_at)::float8 AS seconds,
       resolution_notes AS notes
  FROM resource_conflicts
 WHERE status = 'RESOLVED'
   AND resolved_at >= date_trunc('month', :as_of::timestamp) AT TIME ZONE :time_zone
   AND resolved_at <= :now
 ORDER BY resolved_at - detected_at DESC, resource_name, conflict_id;
