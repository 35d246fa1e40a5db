-- The three scenarios of the procedure's "Rollback Procedures", 1 where the rows say that it is there. Whether to roll back is for people
-- to decide: docs/rollback.md.
WITH conflict AS (
  -- In the Chairman's hands, or open for longer than conflict_resolution_timeout.
  SELECT count(*) AS escalated
    FROM resource_conflicts
   WHERE (status <> 'RESOLVED' OR resolved_at IS NULL OR resolved_at > :now)
     AND detected_at <= :now
     AND (status = 'ESCALATED' OR detected_at < :now - :conflict_resolution_timeout * interval '1 second')
),
initiative AS (
  SELECT i.id, i.name, i.implementation_cost - captured.value AS shortfall
    FROM synergy_initiatives i
   CROSS JOIN LATERAL (SELECT coalesce(sum(portfolio_value_in_dollars(value_type, value_amount, :hourly_rate)), 0) AS value
                         FROM value_capture_log
                        WHERE initiative_id = i.id
                          AND captured_at <= :now) AS captured
   WHERE i.status IN ('ACTIVE', 'PAUSED')
     AND i.launched_at <= :now - :value_attribution_window * interval '1 second'
     AND captured.value < i.implementation_cost
),
moment (name, day) AS (
  SELECT 'current', :as_of
  UNION ALL
  SELECT 'last_month', date_trunc('month', :as_of::timestamp)::date - 1
),
total AS (
  -- As KPI 1 compares: silence is no fall.
  SELECT moment.name,
         sum(m.monthly_revenue) AS revenue,
         sum(m.monthly_revenue) - sum(m.monthly_burn) AS profit
    FROM moment
   CROSS JOIN ventures v
   CROSS JOIN LATERAL portfolio_newest_metrics(v.id, moment.day, :carry_forward_days) AS m
   WHERE NOT EXISTS (SELECT FROM portfolio_silent_ventures(:as_of, :carry_forward_days) s WHERE s.venture_id = v.id)
   GROUP BY moment.name
),
performance AS (
  SELECT (present.revenue - past.revenue) / nullif(past.revenue, 0) < -:performance_drop_alert
           OR (present.profit - past.profit) / nullif(abs(past.profit), 0) < -:performance_drop_alert AS degrades
    FROM total present
    JOIN total past ON past.name = 'last_month'
   WHERE present.name = 'current'
)
SELECT condition.name AS condition,
       NULL AS initiative_id,
       NULL AS initiative,
       condition.is_met::integer AS portfolio_rollback_condition,
       NULL AS portfolio_rollback_shortfall_dollars
  FROM (SELECT 'conflicts_escalate', escalated >= :urgent_conflict_threshold FROM conflict
        UNION ALL
        SELECT 'value_below_cost', EXISTS (SELECT FROM initiative)
        UNION ALL
        SELECT 'performance_degrades', degrades FROM performance) AS condition (name, is_met)
 -- An empty database has no conditions that are not met.
 WHERE EXISTS (SELECT FROM ventures)
UNION ALL
SELECT NULL, id::text, name, NULL, shortfall
  FROM initiative
 WHERE EXISTS (SELECT FROM ventures);
