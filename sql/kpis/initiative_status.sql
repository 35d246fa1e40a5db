-- Initiative status: overdue milestones, unanswered delays, idle time and progress. Source: metrics document, dashboard 4
-- and "Alert 2: Synergy Initiative Delayed" (actions 3 and 4: a status is requested within 48 hours; without a response
-- the Chairman is told); tables synergy_initiatives, initiative_milestones, initiative_notifications,
-- initiative_responses, value_capture_log.
WITH overdue AS (
  SELECT i.id AS initiative_id,
         i.name AS initiative,
         i.owner_name AS initiative_owner,
         i.owner_email AS initiative_owner_email,
         i.is_critical::text AS critical,
         m.id AS milestone_id,
         m.name AS milestone,
         m.owner_name AS milestone_owner,
         m.owner_email AS milestone_owner_email,
         m.deadline_set_at,
         due.at AS due_at,
         due.at + :delayed_milestone_alert * interval '1 second' AS alert_at
    FROM synergy_initiatives i
    JOIN initiative_milestones m ON m.initiative_id = i.id
   -- The deadline's day belongs to the owner: overdue begins with its end.
   CROSS JOIN LATERAL (SELECT (m.deadline + 1)::timestamp AT TIME ZONE :time_zone) AS due (at)
   WHERE i.status = 'ACTIVE'
     AND (m.completed_at IS NULL OR m.completed_at > :now)
     AND due.at < :now
),
-- Of each initiative the delay that has waited longest for an answer.
unanswered AS (
  SELECT DISTINCT ON (o.initiative_id)
         o.*,
         clock.started_at,
         CASE WHEN notified.first_at IS NULL THEN 'alert_condition' ELSE 'notification' END AS measured_from
    FROM overdue o
   -- A message from before the deadline was set, or had passed, was about another delay.
   CROSS JOIN LATERAL (SELECT min(n.notified_at)
                         FROM initiative_notifications n
                        WHERE n.milestone_id = o.milestone_id
                          AND n.notified_at >= greatest(o.due_at, o.deadline_set_at)
                          AND n.notified_at <= :now) AS notified (first_at)
   -- Nothing records the mails that Alertmanager sends by itself: then the clock starts with what sends them.
   CROSS JOIN LATERAL (SELECT coalesce(notified.first_at, greatest(o.alert_at, o.deadline_set_at))) AS clock (started_at)
   CROSS JOIN LATERAL (SELECT max(r.responded_at)
                         FROM initiative_responses r
                        WHERE r.initiative_id = o.initiative_id
                          AND r.responded_at <= :now) AS answered (last_at)
   WHERE o.alert_at < :now
     AND clock.started_at <= :now
     AND (answered.last_at >= clock.started_at) IS NOT TRUE
   ORDER BY o.initiative_id, clock.started_at, measured_from DESC
)
SELECT o.initiative_id::text AS initiative_id,
       o.initiative,
       o.milestone_id::text AS milestone_id,
       o.milestone,
       o.milestone_owner AS owner,
       CASE WHEN portfolio_is_usable_email(o.milestone_owner_email) THEN o.milestone_owner_email END AS owner_email,
       o.critical,
       NULL AS measured_from,
       extract(epoch FROM :now - o.due_at) AS portfolio_milestone_overdue_seconds,
       NULL::numeric AS portfolio_initiative_unanswered_seconds,
       NULL AS portfolio_initiative_idle_seconds,
       NULL AS portfolio_initiative_progress_ratio,
       NULL AS portfolio_initiative_value_progress_ratio
  FROM overdue o
UNION ALL
SELECT i.id::text,
       i.name,
       NULL,
       NULL,
       i.owner_name,
       NULL,
       NULL,
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
        SELECT coalesce(sum(portfolio_value_in_dollars(value_type, value_amount, :hourly_rate)), 0) AS dollars,
               max(captured_at) AS last_at
          FROM value_capture_log
         WHERE initiative_id = i.id
           AND captured_at <= :now
       ) AS captured
 WHERE i.status IN ('ACTIVE', 'PAUSED')
    -- Not every initiative ever completed: the cost of a run must not grow with the years.
    OR (i.status = 'COMPLETED' AND i.completed_at >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone)
UNION ALL
SELECT u.initiative_id::text,
       u.initiative,
       NULL,
       NULL,
       u.initiative_owner,
       CASE WHEN portfolio_is_usable_email(u.initiative_owner_email) THEN u.initiative_owner_email END,
       u.critical,
       u.measured_from,
       NULL,
       extract(epoch FROM :now - u.started_at),
       NULL,
       NULL,
       NULL
  FROM unanswered u;
