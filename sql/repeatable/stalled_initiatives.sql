CREATE OR REPLACE VIEW portfolio_reporting.stalled_initiatives AS
SELECT n.initiative_id,
       n.initiative,
       i.owner_name AS owner,
       floor(activity.idle_seconds / 86400)::integer AS days_idle,
       (activity.last_update AT TIME ZONE clock.time_zone) AT TIME ZONE 'UTC' AS last_update
  FROM portfolio_reporting.clock
 CROSS JOIN portfolio_reporting.initiative_activity activity
  JOIN portfolio_reporting.initiative_names n ON n.initiative_id = activity.initiative_id
  JOIN synergy_initiatives i ON i.id = activity.initiative_id::uuid
 WHERE activity.idle_seconds >= (SELECT value FROM portfolio_reporting.thresholds WHERE name = 'stalled_initiative_threshold');
COMMENT ON VIEW portfolio_reporting.stalled_initiatives IS
  'Active initiatives without an update or value event for stalled_initiative_threshold; one row per initiative';
