-- Coordination is stage 39: its first day anywhere is the baseline day. Before that day there is none yet: a query about a past
-- day takes it only where it is not after that.
CREATE OR REPLACE VIEW portfolio_baseline_day AS
SELECT min(recorded_at) AS day
  FROM venture_metrics
 WHERE stage >= 39;
COMMENT ON VIEW portfolio_baseline_day IS 'The first day of stage 39; one row, NULL where there is none';
