-- The trailing 30 days at the month's end, in the running month at today, so that the last point compares with the others. A
-- past month whose 30 days begin before the first usage is left out. Of an active venture without usage of any type nothing is
-- known, so its baseline is left out as well; one that reports other usage has no duplicate one.
CREATE OR REPLACE VIEW portfolio_reporting.duplicate_efforts_trend AS
WITH month AS MATERIALIZED (
  -- Once, not again for each venture.
  SELECT month.starts AT TIME ZONE 'UTC' AS month,
         as_of.day,
         as_of.day::timestamp AT TIME ZONE 'UTC' AS drawn_at,
         clock.today
    FROM portfolio_reporting.clock
   CROSS JOIN (SELECT min(recorded_at) AS day FROM venture_resource_usage WHERE recorded_at > '-infinity') AS first_usage
   CROSS JOIN LATERAL generate_series(date_trunc('month', first_usage.day::timestamp), clock.today::timestamp,
                                      interval '1 month') AS month (starts)
   CROSS JOIN LATERAL (SELECT least((month.starts + interval '1 month')::date - 1, clock.today) AS day) AS as_of
   WHERE as_of.day - 29 >= first_usage.day
      OR as_of.day = clock.today
)
SELECT month.month,
       v.id::text AS venture_id,
       baseline.hours AS baseline_hours,
       recent.hours AS current_hours,
       baseline.hours * (1 - (SELECT value FROM portfolio_reporting.thresholds
                               WHERE name = 'resource_efficiency_improvement_target')) AS target_hours,
       month.drawn_at AS day
  FROM month
 CROSS JOIN ventures v
  LEFT JOIN LATERAL (
        SELECT sum(hours_spent) AS hours
          FROM portfolio_duplicate_usage
         WHERE venture_id = v.id
           AND recorded_at >= month.day - 29
           AND recorded_at <= month.day
       ) AS recent ON true
  LEFT JOIN portfolio_duplicate_baseline AS baseline
         ON baseline.venture_id = v.id
            AND baseline.baseline_day <= month.today
            AND (v.status::text = 'active'
                 AND recent.hours IS NULL
                 AND NOT EXISTS (SELECT FROM venture_resource_usage u
                                  WHERE u.venture_id = v.id
                                    AND u.recorded_at >= month.day - 29
                                    AND u.recorded_at <= month.day)) IS NOT TRUE
 WHERE (SELECT min(recorded_at) FROM portfolio_duplicate_usage WHERE venture_id = v.id) <= (SELECT today FROM portfolio_reporting.clock);
COMMENT ON VIEW portfolio_reporting.duplicate_efforts_trend IS
  'Duplicate hours of the 30 days to the month''s end (running month: today); one row per month and venture';
