-- KPI 5, coordination overhead: working time spent on coordination in the trailing 30 days over all that is available.
-- Source: metrics document, "5. Coordination Overhead"; tables venture_resource_usage and venture_resource_allocations
-- (hours_available is defined as hours per 30 days, so both sides cover the same time).
WITH coordination AS (
  SELECT sum(hours_spent) AS hours
    FROM venture_resource_usage
   WHERE resource_type = 'coordination'
     AND recorded_at >= :as_of - 29
     AND recorded_at <= :as_of
),
available AS (
  SELECT sum(hours_available) AS hours
    FROM venture_resource_allocations
   WHERE status = 'active'
)
SELECT coordination.hours * 3600 AS portfolio_coordination_effort_seconds,
       available.hours * 3600 AS portfolio_available_effort_seconds,
       coordination.hours / nullif(available.hours, 0) AS portfolio_coordination_overhead_ratio
  FROM coordination
 CROSS JOIN available;
