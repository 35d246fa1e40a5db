-- Initiative status: overdue milestones, idle time and progress. Source: metrics document, dashboard 4 and "Alert 2:
-- Synergy Initiative Delayed"; tables synergy_initiatives, initiative_milestones, value_capture_log.
SELECT i.id::text AS initiative_id,
       i.name AS initiative,
       m.id::text AS milestone_id,
       m.name AS milestone,
       m.owner_name AS owner,
       -- One malformed address would keep the whole mail from being sent.
       CASE WHEN m.owner_email ~* '^[a-z0-9_%+''-]+(\.[a-z0-9_%+''-]+)*@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$'
            THEN m.owner_email END AS owner_email,
       i.is_critical::text AS critical,
       -- The deadline's day belongs to the owner: overdue begins with its end.
       extract(epoch FROM :now - due.at) AS portfolio_milestone_overdue_seconds,
       NULL AS portfolio_initiative_idle_seconds,
       NULL AS portfolio_initiative_progress_ratio,
       NULL AS portfolio_initiative_value_progress_ratio
  FROM synergy_initiatives i
  JOIN initiative_milestones m ON m.initiative_id = i.id
 CROSS JOIN LATERAL (SELECT (m.deadline + 1)::timestamp AT TIME ZONE :time_zone) AS due (at)
 WHERE i.status = 'ACTIVE'
   AND (m.completed_at IS NULL OR m.completed_at > :now)
   AND due.at < :now
UNION ALL
SELECT i.id::text,
       i.name,
       NULL,
       NULL,
       i.owner_name,
       NULL,
       NULL,
       NULL,
       -- An update after the moment hides the one before it: then how long it was idle is not known.
       CASE WHEN i.status = 'ACTIVE' AND i.updated_at <= :now
            THEN extract(epoch FROM :now - greatest(i.updated_at, captured.last_at)) END,
       i.progress_pct / 100,
       captured.dollars / nullif(i.target_value, 0)
  FROM synergy_initiatives i
 CROSS JOIN LATERAL (
        -- Risk is a score, never money.
        SELECT coalesce(sum(value_amount * CASE value_type
                                             WHEN 'COST_SAVED' THEN 1
                                             WHEN 'REVENUE_GENERATED' THEN 1
                                             WHEN 'TIME_SAVED_HOURS' THEN :hourly_rate
                                           END), 0) AS dollars,
               max(captured_at) AS last_at
          FROM value_capture_log
         WHERE initiative_id = i.id
           AND captured_at <= :now
       ) AS captured
 WHERE i.status IN ('ACTIVE', 'PAUSED')
    -- Not every initiative ever completed: the cost of a run must not grow with the years.
    OR (i.status = 'COMPLETED' AND i.completed_at >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone);
