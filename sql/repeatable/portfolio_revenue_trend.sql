-- In a month in which an active venture is silent its baseline is left out too: the lines are compared with each other.
CREATE OR REPLACE VIEW portfolio_reporting.portfolio_revenue_trend AS
SELECT m.month,
       m.venture_id,
       b.revenue AS baseline_revenue,
       m.revenue AS current_revenue,
       b.revenue * (1 + (SELECT value FROM portfolio_reporting.thresholds
                          WHERE name = 'portfolio_revenue_improvement_target')) AS target_revenue,
       m.day
  FROM portfolio_reporting.venture_month m
  LEFT JOIN portfolio_reporting.portfolio_baseline b ON b.venture_id = m.venture_id AND m.is_silent IS NOT TRUE;
COMMENT ON VIEW portfolio_reporting.portfolio_revenue_trend IS
  'Revenue in dollars a month: baseline, month''s end (running month: today), target; nothing where an active venture is silent; one row per month and venture';
