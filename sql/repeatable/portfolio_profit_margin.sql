CREATE OR REPLACE VIEW portfolio_reporting.portfolio_profit_margin AS
SELECT month, venture_id, revenue, burn, day
  FROM portfolio_reporting.venture_month;
COMMENT ON VIEW portfolio_reporting.portfolio_profit_margin IS
  'Revenue and burn in dollars a month at the month''s end (running month: today); one row per month and venture';
