-- Zeros are real: between its first event and now nothing was captured in such a month.
CREATE OR REPLACE VIEW portfolio_reporting.value_capture_timeline AS
SELECT month.starts AT TIME ZONE 'UTC' AS month,
       i.id::text AS initiative_id,
       captured.cost_saved,
       captured.revenue_generated,
       CASE captured.hours_saved
         WHEN 0 THEN 0
         ELSE portfolio_value_in_dollars('TIME_SAVED_HOURS', captured.hours_saved,
                                          (SELECT value FROM portfolio_reporting.thresholds WHERE name = 'hourly_rate'))
       END AS time_value,
       captured.hours_saved,
       month.starts = date_trunc('month', clock.today::timestamp) AS running,
       least((month.starts + interval '1 month')::date - 1, clock.today)::timestamp AT TIME ZONE 'UTC' AS day
  FROM portfolio_reporting.clock
 CROSS JOIN synergy_initiatives i
 CROSS JOIN LATERAL (SELECT min(captured_at) AS at
                       FROM value_capture_log
                      WHERE initiative_id = i.id
                        AND captured_at > '-infinity') AS first
 CROSS JOIN LATERAL generate_series(date_trunc('month', first.at AT TIME ZONE clock.time_zone), clock.today::timestamp,
                                    interval '1 month') AS month (starts)
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(value_amount) FILTER (WHERE value_type = 'COST_SAVED'), 0) AS cost_saved,
               coalesce(sum(value_amount) FILTER (WHERE value_type = 'REVENUE_GENERATED'), 0) AS revenue_generated,
               coalesce(sum(value_amount) FILTER (WHERE value_type = 'TIME_SAVED_HOURS'), 0) AS hours_saved
          FROM value_capture_log
         WHERE initiative_id = i.id
           AND captured_at >= month.starts AT TIME ZONE clock.time_zone
           AND captured_at < (month.starts + interval '1 month') AT TIME ZONE clock.time_zone
           AND captured_at <= clock.now
       ) AS captured;
COMMENT ON VIEW portfolio_reporting.value_capture_timeline IS
  'Value captured in a calendar month by kind, in dollars and hours; one row per initiative and month since its first event';
