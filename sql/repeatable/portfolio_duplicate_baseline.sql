-- The days from the first usage on, whatever its type. From the row that somebody dated -infinity they would be without end.
CREATE OR REPLACE VIEW portfolio_duplicate_baseline AS
SELECT baseline.day AS baseline_day,
       u.venture_id,
       sum(u.hours_spent) * 30 / (baseline.day - first.day) AS hours,
       sum(u.budget_spent) * 30 / (baseline.day - first.day) AS budget
  FROM portfolio_baseline_day AS baseline
 CROSS JOIN (SELECT min(recorded_at) AS day FROM venture_resource_usage WHERE recorded_at > '-infinity') AS first
  JOIN portfolio_duplicate_usage u ON u.recorded_at >= first.day AND u.recorded_at < baseline.day
 GROUP BY baseline.day, first.day, u.venture_id;
COMMENT ON VIEW portfolio_duplicate_baseline IS
  'Duplicate hours and dollars per 30 days before the baseline day; one row per venture that had any';
