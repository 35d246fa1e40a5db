-- KPI 3, resource efficiency: duplicate effort before coordination against now, both per 30 days, and utilisation.
-- Source: metrics document, "3. Resource Efficiency", and the procedure's example (200 -> 140 hours a month);
-- tables venture_resource_usage, venture_resource_allocations; the baseline day is that of KPI 1.
WITH baseline AS (
  -- What is compared leaves out who is active and silent now.
  SELECT sum(b.hours) AS hours,
         sum(b.budget) AS budget,
         sum(b.hours) FILTER (WHERE silent.venture_id IS NULL) AS compared_hours,
         sum(b.budget) FILTER (WHERE silent.venture_id IS NULL) AS compared_budget
    FROM portfolio_duplicate_baseline b
    LEFT JOIN portfolio_silent_in_usage(:as_of) AS silent ON silent.venture_id = b.venture_id
   WHERE b.baseline_day <= :as_of
),
duplicate AS (
  SELECT sum(hours_spent) AS hours,
         sum(budget_spent) AS budget
    FROM portfolio_duplicate_usage
   WHERE recorded_at >= :as_of - 29
     AND recorded_at <= :as_of
)
SELECT baseline.hours * 3600 AS portfolio_duplicate_effort_baseline_seconds,
       duplicate.hours * 3600 AS portfolio_duplicate_effort_seconds,
       baseline.budget AS portfolio_duplicate_budget_baseline_dollars,
       duplicate.budget AS portfolio_duplicate_budget_dollars,
       (baseline.compared_hours - duplicate.hours) / nullif(baseline.compared_hours, 0) AS portfolio_duplicate_effort_reduction_ratio,
       (baseline.compared_budget - duplicate.budget) / nullif(baseline.compared_budget, 0) AS portfolio_duplicate_budget_reduction_ratio,
       (baseline.compared_hours - duplicate.hours) * 3600 AS portfolio_duplicate_effort_saved_seconds,
       baseline.compared_budget - duplicate.budget AS portfolio_duplicate_budget_saved_dollars,
       -- hours_available is defined as hours per 30 days.
       (SELECT sum(hours_spent)
          FROM venture_resource_usage
         WHERE recorded_at >= :as_of - 29
           AND recorded_at <= :as_of)
         / nullif((SELECT sum(hours_available)
                     FROM venture_resource_allocations
                    WHERE status = 'active'), 0) AS portfolio_resource_utilization_ratio
  FROM duplicate
 CROSS JOIN baseline;
