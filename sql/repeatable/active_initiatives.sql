CREATE OR REPLACE VIEW portfolio_reporting.active_initiatives AS
SELECT n.initiative_id,
       n.initiative,
       i.is_critical AS critical,
       CASE WHEN due.overdue_seconds > alert.delayed THEN 'Delayed'
            WHEN due.overdue_seconds > 0 THEN 'Overdue'
            WHEN activity.idle_seconds >= alert.stalled THEN 'Stalled'
            WHEN activity.idle_seconds > alert.update_late THEN 'Update late'
            -- On track is a claim: it needs every limit.
            WHEN alert.delayed IS NOT NULL AND alert.stalled IS NOT NULL AND alert.update_late IS NOT NULL THEN 'On track'
       END AS status,
       i.owner_name AS owner,
       i.progress_pct AS progress,
       coalesce(milestone.name, 'No open milestone') AS next_milestone,
       milestone.deadline::timestamp AT TIME ZONE 'UTC' AS deadline,
       milestone.deadline - clock.today AS days_left,
       (activity.last_update AT TIME ZONE clock.time_zone) AT TIME ZONE 'UTC' AS last_update,
       floor(activity.idle_seconds / 86400)::integer AS days_since_update
  FROM portfolio_reporting.clock
 CROSS JOIN (SELECT (SELECT value FROM portfolio_reporting.thresholds WHERE name = 'delayed_milestone_alert') AS delayed,
                    (SELECT value FROM portfolio_reporting.thresholds WHERE name = 'stalled_initiative_threshold') AS stalled,
                    (SELECT value FROM portfolio_reporting.thresholds WHERE name = 'initiative_update_frequency') AS update_late) AS alert
 CROSS JOIN portfolio_reporting.initiative_activity activity
  JOIN portfolio_reporting.initiative_names n ON n.initiative_id = activity.initiative_id
  JOIN synergy_initiatives i ON i.id = activity.initiative_id::uuid
  LEFT JOIN LATERAL (
        -- A deadline of infinity is none: it has no days left.
        SELECT m.name, CASE WHEN isfinite(m.deadline) THEN m.deadline END AS deadline
          FROM initiative_milestones m
         WHERE m.initiative_id = i.id
           AND (m.completed_at IS NULL OR m.completed_at > clock.now)
         ORDER BY m.deadline, m.name, m.id
         LIMIT 1
       ) AS milestone ON true
 -- The deadline's day belongs to the owner: overdue begins with its end.
 CROSS JOIN LATERAL (SELECT extract(epoch FROM clock.now - (milestone.deadline + 1)::timestamp AT TIME ZONE clock.time_zone)
                              AS overdue_seconds) AS due;
COMMENT ON VIEW portfolio_reporting.active_initiatives IS
  'State, next open milestone and last update; one row per active initiative';
