-- KPI 2, synergy value: what each initiative captured in the trailing 30 days, and its return over all time.
-- Source: metrics document, "2. Synergy Value"; tables value_capture_log and synergy_initiatives (the name is there).
-- The window is half-open and includes today. An initiative without an event in it has no samples.
WITH recent AS (
  SELECT initiative_id,
         -- With an event in the window, a kind of value that has none was captured in the amount of 0.
         coalesce(sum(value_amount) FILTER (WHERE value_type = 'COST_SAVED'), 0) AS cost_saved,
         coalesce(sum(value_amount) FILTER (WHERE value_type = 'REVENUE_GENERATED'), 0) AS revenue_generated,
         coalesce(sum(value_amount) FILTER (WHERE value_type = 'TIME_SAVED_HOURS'), 0) AS hours_saved,
         coalesce(sum(value_amount) FILTER (WHERE value_type = 'RISK_REDUCED'), 0) AS risk_reduced,
         count(*) AS events
    FROM value_capture_log
   WHERE captured_at >= (:as_of - 29)::timestamp AT TIME ZONE :time_zone
     AND captured_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
     AND captured_at <= :now
   GROUP BY initiative_id
)
SELECT i.id::text AS initiative_id,
       i.name AS initiative,
       recent.cost_saved AS portfolio_synergy_cost_saved_dollars,
       recent.revenue_generated AS portfolio_synergy_revenue_generated_dollars,
       recent.hours_saved * 3600 AS portfolio_synergy_time_saved_seconds,
       recent.risk_reduced AS portfolio_synergy_risk_reduced_score,
       recent.events AS portfolio_synergy_capture_events,
       captured.dollars / nullif(i.implementation_cost, 0) AS portfolio_synergy_roi_ratio
  FROM recent
  JOIN synergy_initiatives i ON i.id = recent.initiative_id
 CROSS JOIN LATERAL (
        -- Who captured nothing but risk has captured 0 dollars.
        SELECT coalesce(sum(portfolio_value_in_dollars(value_type, value_amount, :hourly_rate)), 0) AS dollars
          FROM value_capture_log
         WHERE initiative_id = i.id
           AND captured_at <= :now
       ) AS captured;
