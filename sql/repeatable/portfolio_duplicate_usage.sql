CREATE OR REPLACE VIEW portfolio_duplicate_usage AS
SELECT venture_id, recorded_at, hours_spent, budget_spent
  FROM venture_resource_usage
 WHERE resource_type IN ('duplicate_engineering', 'duplicate_design', 'duplicate_marketing');
COMMENT ON VIEW portfolio_duplicate_usage IS 'Work that several ventures do each for itself; one row per venture, type and day';
