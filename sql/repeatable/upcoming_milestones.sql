CREATE OR REPLACE VIEW portfolio_reporting.upcoming_milestones AS
SELECT m.deadline::timestamp AT TIME ZONE 'UTC' AS day,
       n.initiative_id,
       n.initiative,
       m.name AS milestone,
       coalesce(m.owner_name, i.owner_name, 'no owner') AS owner
  FROM portfolio_reporting.clock
 CROSS JOIN portfolio_reporting.initiative_names n
  JOIN synergy_initiatives i ON i.id = n.initiative_id::uuid
  JOIN initiative_milestones m ON m.initiative_id = i.id
 WHERE i.status IN ('PLANNED', 'ACTIVE', 'PAUSED')
   AND (m.completed_at IS NULL OR m.completed_at > clock.now)
   AND m.deadline >= clock.today
   AND m.deadline <= clock.today + 30;
COMMENT ON VIEW portfolio_reporting.upcoming_milestones IS
  'Open milestones with a deadline today or in the 30 days after it; one row per milestone';
