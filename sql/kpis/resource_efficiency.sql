-- KPI 3, resource efficiency: duplicate effort before coordination against now, both per 30 days, and utilisation.
-- Source: metrics document, "3. Resource Efficiency", and the procedure's example (200 -> 140 hours a month);
-- tables venture_resource_usage, venture_resource_allocations; the baseline day is that of KPI 1.
WITH baseline_day AS (
  SELECT min(recorded_at) AS day
    FROM venture_metrics
   WHERE stage >= 39
     AND recorded_at <= :as_of
),
first_usage AS (
  SELECT min(recorded_at) AS day FROM venture_resource_usage
),
recent AS (
  SELECT venture_id, resource_type, hours_spent, budget_spent
    FROM venture_resource_usage
   WHERE recorded_at >= :as_of - 29
     AND recorded_at <= :as_of
),
silent AS (
  -- Active and without usage of any type: what it duplicates now is not known, so no reduction compares with it. Who reports
  -- other usage and no duplicate one has none.
  SELECT v.id
    FROM ventures v
   WHERE v.status::text = 'active'
     AND NOT EXISTS (SELECT FROM recent r WHERE r.venture_id = v.id)
),
baseline AS (
  -- The days from the first usage on, whatever its type. There is at least one where this joins a row.
  SELECT sum(u.hours_spent) * 30 / (baseline_day.day - first_usage.day) AS hours,
         sum(u.budget_spent) * 30 / (baseline_day.day - first_usage.day) AS budget,
         sum(u.hours_spent) FILTER (WHERE silent.id IS NULL) * 30 / (baseline_day.day - first_usage.day) AS compared_hours,
         sum(u.budget_spent) FILTER (WHERE silent.id IS NULL) * 30 / (baseline_day.day - first_usage.day) AS compared_budget
    FROM baseline_day
   CROSS JOIN first_usage
   CROSS JOIN venture_resource_usage u
    LEFT JOIN silent ON silent.id = u.venture_id
   WHERE u.recorded_at < baseline_day.day
     AND u.resource_type IN ('duplicate_engineering', 'duplicate_design', 'duplicate_marketing')
   GROUP BY baseline_day.day, first_usage.day
),
duplicate AS (
  SELECT sum(hours_spent) AS hours,
         sum(budget_spent) AS budget
    FROM recent
   WHERE resource_type IN ('duplicate_engineering', 'duplicate_design', 'duplicate_marketing')
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
       (SELECT sum(hours_spent) FROM recent)
         / nullif((SELECT sum(hours_available)
                     FROM venture_resource_allocations
                    WHERE status = 'active'), 0) AS portfolio_resource_utilization_ratio
  FROM duplicate
  LEFT JOIN baseline ON true;
