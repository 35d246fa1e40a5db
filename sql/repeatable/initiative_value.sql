CREATE OR REPLACE VIEW portfolio_reporting.initiative_value AS
SELECT n.initiative_id,
       n.initiative,
       n.status,
       i.implementation_cost,
       i.target_value,
       captured.cost_saved,
       captured.revenue_generated,
       captured.hours_saved,
       worth.time_value,
       -- Risk is a score, never money.
       captured.cost_saved + captured.revenue_generated + worth.time_value AS captured_value,
       captured.last_event_at
  FROM portfolio_reporting.initiative_names n
  JOIN synergy_initiatives i ON i.id = n.initiative_id::uuid
 CROSS JOIN portfolio_reporting.clock
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(value_amount) FILTER (WHERE value_type = 'COST_SAVED'), 0) AS cost_saved,
               coalesce(sum(value_amount) FILTER (WHERE value_type = 'REVENUE_GENERATED'), 0) AS revenue_generated,
               coalesce(sum(value_amount) FILTER (WHERE value_type = 'TIME_SAVED_HOURS'), 0) AS hours_saved,
               max(captured_at) AS last_event_at
          FROM value_capture_log
         WHERE initiative_id = i.id
           AND captured_at <= clock.now
       ) AS captured
 -- No hours are worth nothing at any rate.
 CROSS JOIN LATERAL (SELECT CASE captured.hours_saved
                              WHEN 0 THEN 0
                              ELSE portfolio_value_in_dollars('TIME_SAVED_HOURS', captured.hours_saved,
                                          (SELECT value FROM portfolio_reporting.thresholds WHERE name = 'hourly_rate'))
                            END AS time_value) AS worth;
COMMENT ON VIEW portfolio_reporting.initiative_value IS
  'Everything an initiative has captured up to now, in dollars and hours; one row per initiative';
