CREATE OR REPLACE VIEW portfolio_reporting.score_bands AS
SELECT max(value) FILTER (WHERE name = 'min_viable_score') AS min_viable,
       max(value) FILTER (WHERE name = 'high_priority_score') AS high_priority,
       max(value) FILTER (WHERE name = 'excellent_score') AS excellent
  FROM portfolio_reporting.thresholds;
COMMENT ON VIEW portfolio_reporting.score_bands IS 'Limits of the scores'' colours; always one row';
