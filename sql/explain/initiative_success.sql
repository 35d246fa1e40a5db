-- KPI 7 by initiative: completed, launched in the trailing 90 days, and whether it captured its target value.
-- Source: sql/kpis/initiative_success.sql.
WITH completed AS (
  SELECT i.id::text AS id, i.name,
         (SELECT coalesce(sum(portfolio_value_in_dollars(value_type, value_amount, :hourly_rate)), 0)
            FROM value_capture_log
           WHERE initiative_id = i.id
             AND captured_at <= :now) >= i.target_value AS is_successful
    FROM synergy_initiatives i
   WHERE i.status = 'COMPLETED'
     AND i.launched_at >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone
     AND i.launched_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
     AND i.launched_at <= :now
     AND (i.completed_at <= :now OR i.completed_at IS NULL)
)
SELECT part_of.metric, completed.id AS part_id, completed.name AS part, NULL AS component, NULL AS state,
       part_of.numerator, part_of.denominator
  FROM completed
 -- Without a target it is completed, not successful.
 CROSS JOIN LATERAL (SELECT coalesce(completed.is_successful, false)::integer AS successes) AS outcome
 CROSS JOIN LATERAL (
        VALUES ('portfolio_initiatives_successful', outcome.successes, NULL::integer),
               ('portfolio_initiatives_completed', 1, NULL),
               ('portfolio_initiative_success_ratio', outcome.successes, 1)
       ) AS part_of (metric, numerator, denominator);
