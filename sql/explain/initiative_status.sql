-- Captured value of each initiative against its target, by kind of value. Source: sql/kpis/initiative_status.sql.
WITH initiative AS (
  SELECT id, target_value
    FROM synergy_initiatives
   WHERE status IN ('ACTIVE', 'PAUSED')
      OR (status = 'COMPLETED' AND completed_at >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone)
)
SELECT 'portfolio_initiative_value_progress_ratio' AS metric, i.id::text AS initiative_id, captured.value_type AS part_id,
       captured.value_type AS part, NULL AS component, NULL AS state, captured.dollars AS numerator, NULL::numeric AS denominator
  FROM initiative i
 CROSS JOIN LATERAL (
        SELECT value_type, sum(portfolio_value_in_dollars(value_type, value_amount, :hourly_rate)) AS dollars
          FROM value_capture_log
         WHERE initiative_id = i.id
           AND captured_at <= :now
         GROUP BY value_type
       ) AS captured
 WHERE captured.dollars IS NOT NULL
UNION ALL
SELECT 'portfolio_initiative_value_progress_ratio', id::text, 'TARGET_VALUE', 'TARGET_VALUE', NULL, NULL, 0, target_value
  FROM initiative;
