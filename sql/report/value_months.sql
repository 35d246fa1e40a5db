-- Dollars captured in each of the twelve calendar months that end with the report's, up to its moment. Months before the first
-- event of all are left out: nothing was recorded then, which is not nothing captured.
SELECT to_char(month.starts, 'YYYY-MM') AS month,
       coalesce(sum(e.value_amount) FILTER (WHERE e.value_type = 'COST_SAVED'), 0)::float8 AS "costSaved",
       coalesce(sum(e.value_amount) FILTER (WHERE e.value_type = 'REVENUE_GENERATED'), 0)::float8 AS "revenueGenerated",
       coalesce(sum(portfolio_value_in_dollars(e.value_type, e.value_amount, :hourly_rate))
                  FILTER (WHERE e.value_type = 'TIME_SAVED_HOURS'), 0)::float8 AS "timeSaved"
  FROM (SELECT min(captured_at) AS at FROM value_capture_log WHERE captured_at > '-infinity') AS first
 CROSS JOIN LATERAL generate_series(
        greatest(date_trunc('month', first.at AT TIME ZONE :time_zone),
                 date_trunc('month', :as_of::timestamp) - interval '11 months'),
        :as_of::timestamp, interval '1 month') AS month (starts)
  LEFT JOIN value_capture_log e ON e.captured_at >= month.starts AT TIME ZONE :time_zone
                               AND e.captured_at < (month.starts + interval '1 month') AT TIME ZONE :time_zone
                               AND e.captured_at <= :now
 WHERE first.at IS NOT NULL
 GROUP BY month.starts
 ORDER BY month.starts;
