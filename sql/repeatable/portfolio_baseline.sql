CREATE OR REPLACE VIEW portfolio_reporting.portfolio_baseline AS
SELECT baseline.day,
       v.id::text AS venture_id,
       m.monthly_revenue AS revenue,
       m.monthly_burn AS burn
  FROM portfolio_reporting.clock
  JOIN portfolio_baseline_day AS baseline ON baseline.day <= clock.today
 CROSS JOIN ventures v
 CROSS JOIN LATERAL (
        SELECT monthly_revenue, monthly_burn
          FROM venture_metrics
         WHERE venture_id = v.id
           AND recorded_at >= baseline.day - portfolio_carry_forward(v.cadence::text, clock.carry_forward_days)
           AND recorded_at <= baseline.day
         ORDER BY recorded_at DESC
         LIMIT 1
       ) AS m;
COMMENT ON VIEW portfolio_reporting.portfolio_baseline IS
  'Monthly revenue and burn in dollars on the baseline day, by the newest row then; one row per venture that has one';
