-- A level, not a sum: the newest row at the month's last day, in the running month at today; drawn there, day is that day.
CREATE OR REPLACE VIEW portfolio_reporting.venture_month AS
SELECT month.starts AT TIME ZONE 'UTC' AS month,
       v.id::text AS venture_id,
       m.monthly_revenue AS revenue,
       m.monthly_burn AS burn,
       v.status::text = 'active' AND m.venture_id IS NULL AS is_silent,
       as_of.day::timestamp AT TIME ZONE 'UTC' AS day
  FROM portfolio_reporting.clock
 -- From the row that somebody dated -infinity no series would ever arrive.
 CROSS JOIN (SELECT min(recorded_at) AS day FROM venture_metrics WHERE recorded_at > '-infinity') AS first
 CROSS JOIN LATERAL generate_series(date_trunc('month', first.day::timestamp), clock.today::timestamp,
                                    interval '1 month') AS month (starts)
 CROSS JOIN LATERAL (SELECT least((month.starts + interval '1 month')::date - 1, clock.today) AS day) AS as_of
 CROSS JOIN ventures v
  LEFT JOIN LATERAL (
        SELECT venture_id, monthly_revenue, monthly_burn
          FROM venture_metrics
         WHERE venture_id = v.id
           AND recorded_at >= as_of.day - portfolio_carry_forward(v.cadence::text, clock.carry_forward_days)
           AND recorded_at <= as_of.day
         ORDER BY recorded_at DESC
         LIMIT 1
       ) AS m ON true
 -- One probe of the index per venture; as EXISTS it may become a join with the whole table.
 WHERE (SELECT min(recorded_at) FROM venture_metrics WHERE venture_id = v.id) <= clock.today;
COMMENT ON VIEW portfolio_reporting.venture_month IS
  'Revenue and burn in dollars a month at the month''s end (running month: today), and whether an active venture reported none; one row per month and venture';
