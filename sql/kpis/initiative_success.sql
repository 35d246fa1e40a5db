-- KPI 7, initiative success: completed initiatives launched in the trailing 90 days that captured their target value.
-- Source: metrics document, "7. Initiative Success Rate"; tables synergy_initiatives and value_capture_log, from which
-- the captured value is always derived (risk is a score, never money). An initiative without a target is completed, not successful.
WITH completed AS (
  SELECT i.target_value,
         (SELECT coalesce(sum(portfolio_value_in_dollars(value_type, value_amount, :hourly_rate)), 0)
            FROM value_capture_log
           WHERE initiative_id = i.id
             AND captured_at <= :now) AS captured_value
    FROM synergy_initiatives i
   WHERE i.status = 'COMPLETED'
     AND i.launched_at >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone
     AND i.launched_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
     AND i.launched_at <= :now
     AND (i.completed_at <= :now OR i.completed_at IS NULL)
)
SELECT count(*) FILTER (WHERE captured_value >= target_value) AS portfolio_initiatives_successful,
       count(*) AS portfolio_initiatives_completed,
       count(*) FILTER (WHERE captured_value >= target_value)::numeric / nullif(count(*), 0) AS portfolio_initiative_success_ratio
  FROM completed
-- An empty database has no counts, not counts of 0.
HAVING EXISTS (SELECT FROM ventures)
    OR EXISTS (SELECT FROM synergy_initiatives);
