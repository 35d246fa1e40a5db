CREATE OR REPLACE VIEW portfolio_reporting.initiative_activity AS
SELECT i.id::text AS initiative_id,
       -- An update after the moment hides the one before it: then how long it was idle is not known.
       CASE WHEN i.updated_at <= clock.now THEN greatest(i.updated_at, captured.last_at) END AS last_update,
       CASE WHEN i.updated_at <= clock.now
            THEN extract(epoch FROM clock.now - greatest(i.updated_at, captured.last_at)) END AS idle_seconds
  FROM portfolio_reporting.clock
 CROSS JOIN synergy_initiatives i
 CROSS JOIN LATERAL (SELECT max(captured_at) AS last_at
                       FROM value_capture_log
                      WHERE initiative_id = i.id
                        AND captured_at <= clock.now) AS captured
 WHERE i.status = 'ACTIVE';
COMMENT ON VIEW portfolio_reporting.initiative_activity IS
  'Last update or value event (an instant, not wall clock) and the time since then; one row per active initiative';
