-- KPI 2 of each initiative: what the days of the trailing 30 that had an event brought, and the return by kind of value.
-- Source: sql/kpis/synergy_value.sql.
WITH event AS (
  SELECT initiative_id, value_type, value_amount,
         to_char(captured_at AT TIME ZONE :time_zone, 'YYYY-MM-DD') AS day
    FROM value_capture_log
   WHERE captured_at >= (:as_of - 29)::timestamp AT TIME ZONE :time_zone
     AND captured_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
     AND captured_at <= :now
),
captured AS (
  SELECT recent.initiative_id, i.implementation_cost, e.value_type,
         sum(portfolio_value_in_dollars(e.value_type, e.value_amount, :hourly_rate)) AS dollars
    FROM (SELECT DISTINCT initiative_id FROM event) AS recent
    JOIN synergy_initiatives i ON i.id = recent.initiative_id
    JOIN value_capture_log e ON e.initiative_id = recent.initiative_id AND e.captured_at <= :now
   GROUP BY recent.initiative_id, i.implementation_cost, e.value_type
)
SELECT kind.metric, event.initiative_id::text AS initiative_id, event.day AS part_id, event.day AS part, NULL AS component, NULL AS state,
       CASE WHEN kind.metric = 'portfolio_synergy_capture_events' THEN count(*) ELSE sum(event.value_amount) * kind.factor END AS numerator,
       NULL::numeric AS denominator
  FROM event
  JOIN (VALUES ('portfolio_synergy_cost_saved_dollars', 'COST_SAVED', 1),
               ('portfolio_synergy_revenue_generated_dollars', 'REVENUE_GENERATED', 1),
               ('portfolio_synergy_time_saved_seconds', 'TIME_SAVED_HOURS', 3600),
               ('portfolio_synergy_risk_reduced_score', 'RISK_REDUCED', 1),
               ('portfolio_synergy_capture_events', NULL, NULL)) AS kind (metric, value_type, factor)
    ON kind.value_type IS NULL OR kind.value_type = event.value_type
 GROUP BY kind.metric, kind.factor, event.initiative_id, event.day
UNION ALL
SELECT 'portfolio_synergy_roi_ratio', initiative_id::text, value_type, value_type, NULL, NULL, dollars, NULL
  FROM captured
 WHERE dollars IS NOT NULL
UNION ALL
SELECT DISTINCT 'portfolio_synergy_roi_ratio', initiative_id::text, 'IMPLEMENTATION_COST', 'IMPLEMENTATION_COST', NULL, NULL, 0, implementation_cost
  FROM captured;
