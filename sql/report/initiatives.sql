-- Initiatives of the report: those under way or planned, and those that ended in the trailing 90 days. Captured value in
-- dollars as KPI 2 counts it, of all time and of the calendar month up to the report's moment.
SELECT n.initiative_id AS id,
       n.initiative AS name,
       i.code,
       i.status,
       i.owner_name AS owner,
       i.is_critical AS "isCritical",
       (i.progress_pct / 100)::float8 AS progress,
       captured.dollars::float8 AS captured,
       captured.in_month::float8 AS "capturedInMonth",
       i.target_value::float8 AS "targetValue",
       i.implementation_cost::float8 AS cost,
       (captured.dollars / nullif(i.implementation_cost, 0))::float8 AS roi,
       to_char(i.launched_at AT TIME ZONE :time_zone, 'YYYY-MM-DD') AS "launchedOn",
       CASE WHEN i.completed_at <= :now THEN to_char(i.completed_at AT TIME ZONE :time_zone, 'YYYY-MM-DD') END AS "completedOn",
       milestone.name AS "nextMilestone",
       CASE WHEN isfinite(milestone.deadline) THEN to_char(milestone.deadline, 'YYYY-MM-DD') END AS "nextDeadline"
  FROM portfolio_reporting.initiative_names n
  JOIN synergy_initiatives i ON i.id = n.initiative_id::uuid
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(portfolio_value_in_dollars(value_type, value_amount, :hourly_rate)), 0) AS dollars,
               coalesce(sum(portfolio_value_in_dollars(value_type, value_amount, :hourly_rate))
                          FILTER (WHERE captured_at >= date_trunc('month', :as_of::timestamp) AT TIME ZONE :time_zone), 0) AS in_month
          FROM value_capture_log
         WHERE initiative_id = i.id
           AND captured_at <= :now
       ) AS captured
  LEFT JOIN LATERAL (
        SELECT m.name, m.deadline
          FROM initiative_milestones m
         WHERE m.initiative_id = i.id
           AND (m.completed_at IS NULL OR m.completed_at > :now)
         ORDER BY m.deadline, m.name, m.id
         LIMIT 1
       ) AS milestone ON i.status IN ('PLANNED', 'ACTIVE', 'PAUSED')
 WHERE i.created_at <= :now
   AND (i.status IN ('PLANNED', 'ACTIVE', 'PAUSED')
         OR coalesce(i.completed_at, i.updated_at) >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone)
 ORDER BY array_position(ARRAY['ACTIVE', 'PAUSED', 'PLANNED', 'COMPLETED', 'TERMINATED'], i.status),
          captured.dollars DESC, n.initiative, n.initiative_id;
