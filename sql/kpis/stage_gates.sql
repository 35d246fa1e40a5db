-- Entry and exit gates of multi-venture coordination, one row per criterion that the tables can answer: 1 passed, 0 not.
-- NULL (no sample) where the rows do not say. Source: operating procedure, "Entry Gate Validation" and "Exit Gate
-- Validation"; docs/kpis.md lists the criteria that no table can answer.
WITH present AS (
  -- Newest rows of today, as KPI 1 takes them.
  SELECT v.status::text = 'active' AS is_active, m.monthly_revenue, m.monthly_burn,
         m.venture_id IS NOT NULL AS has_metrics
    FROM ventures v
    LEFT JOIN LATERAL portfolio_newest_metrics(v.id, :as_of, :carry_forward_days) AS m ON true
),
portfolio AS (
  SELECT count(*) FILTER (WHERE is_active) AS active_ventures,
         bool_and(has_metrics) FILTER (WHERE is_active) AS all_have_metrics,
         sum(monthly_revenue) AS revenue,
         sum(monthly_burn) AS burn
    FROM present
),
baseline AS (
  -- Without who is active and silent now, as KPI 1 compares.
  SELECT sum(m.monthly_revenue) AS revenue,
         sum(m.monthly_burn) AS burn
    FROM portfolio_baseline_day
   CROSS JOIN ventures v
   CROSS JOIN LATERAL portfolio_newest_metrics(v.id, portfolio_baseline_day.day, :carry_forward_days) AS m
   WHERE portfolio_baseline_day.day <= :as_of
     AND NOT EXISTS (SELECT FROM portfolio_silent_ventures(:as_of, :carry_forward_days) s WHERE s.venture_id = v.id)
),
plan AS (
  SELECT count(*) AS plans,
         count(*) FILTER (WHERE status IN ('APPROVED', 'OPERATIONAL')) AS approved,
         count(*) FILTER (WHERE status = 'OPERATIONAL') AS operational
    FROM portfolio_coordination_plans
   WHERE status <> 'RETIRED'
     AND created_at <= :now
),
allocation AS (
  -- A matrix is operational when it exists and gives away no more of a resource than there is (procedure, step 5).
  SELECT count(*) AS resources,
         count(*) FILTER (WHERE share > :conflict_over_allocation_threshold + :over_allocation_tolerance) AS over_allocated
    FROM (SELECT sum(allocation_percentage) / 100 AS share
            FROM venture_resource_allocations
           WHERE status = 'active'
           GROUP BY resource_id) AS resource
),
initiative AS (
  SELECT count(*) FILTER (WHERE launched_at <= :now) AS launched,
         bool_and(coalesce(trim(owner_name), '') <> '') FILTER (WHERE status IN ('PLANNED', 'ACTIVE', 'PAUSED')) AS all_owned
    FROM synergy_initiatives
),
captured AS (
  SELECT coalesce(sum(portfolio_value_in_dollars(value_type, value_amount, :hourly_rate)), 0) AS dollars,
         coalesce(sum(value_amount) FILTER (WHERE value_type = 'TIME_SAVED_HOURS'), 0) * 3600 AS seconds
    FROM value_capture_log
   WHERE captured_at <= :now
),
usage_before AS (
  -- Duplicate effort per 30 days before the baseline day, as KPI 3 compares it.
  SELECT sum(b.hours) AS hours
    FROM portfolio_duplicate_baseline b
   WHERE b.baseline_day <= :as_of
     AND NOT EXISTS (SELECT FROM portfolio_silent_in_usage(:as_of) s WHERE s.venture_id = b.venture_id)
),
usage_now AS (
  SELECT sum(hours_spent) AS hours
    FROM portfolio_duplicate_usage
   WHERE recorded_at >= :as_of - 29
     AND recorded_at <= :as_of
),
conflict AS (
  SELECT count(*) FILTER (WHERE status = 'RESOLVED' AND resolved_at <= :now)::numeric / nullif(count(*), 0) AS resolution_ratio
    FROM resource_conflicts
   WHERE detected_at >= (:as_of - 29)::timestamp AT TIME ZONE :time_zone
     AND detected_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
     AND detected_at <= :now
)
SELECT criterion.gate,
       criterion.criterion,
       criterion.passed::integer AS portfolio_gate_passed
  FROM portfolio
 CROSS JOIN baseline
 CROSS JOIN plan
 CROSS JOIN allocation
 CROSS JOIN initiative
 CROSS JOIN captured
 CROSS JOIN usage_now
 CROSS JOIN usage_before
 CROSS JOIN conflict
 CROSS JOIN LATERAL (
        VALUES ('entry_multiple_ventures_active', 'active_ventures',
                portfolio.active_ventures >= :min_active_ventures),
               ('entry_data_integrated', 'venture_metrics_consolidated',
                portfolio.all_have_metrics),
               ('entry_data_integrated', 'synergy_opportunities_identified',
                EXISTS (SELECT FROM synergy_opportunities WHERE created_at <= :now)),
               -- No plan at all: none is documented, so this fails; the share of operational plans is then not defined.
               ('exit_coordination_established', 'plans_approved',
                plan.plans > 0 AND plan.approved = plan.plans),
               ('exit_coordination_established', 'plans_operational',
                plan.operational::numeric / nullif(plan.plans, 0) >= :coordination_established_threshold),
               ('exit_coordination_established', 'allocation_matrix_operational',
                allocation.resources > 0 AND allocation.over_allocated = 0),
               ('exit_coordination_established', 'initiative_owners_assigned',
                initiative.all_owned),
               ('exit_synergies_captured', 'initiatives_launched',
                initiative.launched >= :synergies_captured_min_initiatives),
               ('exit_synergies_captured', 'value_captured',
                captured.dollars >= :synergies_captured_min_value
                  OR captured.seconds >= :synergies_captured_min_time_saved),
               -- One side may be unknown (no base): the other alone can pass the criterion, but not fail it.
               ('exit_portfolio_optimized', 'performance_improved',
                (portfolio.revenue - baseline.revenue) / nullif(baseline.revenue, 0) >= :portfolio_optimized_min_improvement
                  OR (baseline.burn - portfolio.burn) / nullif(baseline.burn, 0) >= :portfolio_optimized_min_cost_reduction),
               ('exit_portfolio_optimized', 'duplicate_effort_reduced',
                (usage_before.hours - usage_now.hours) / nullif(usage_before.hours, 0)
                  >= :portfolio_optimized_min_duplicate_reduction),
               ('exit_portfolio_optimized', 'conflict_resolution_rate',
                conflict.resolution_ratio >= :conflict_resolution_rate_target)
       ) AS criterion (gate, criterion, passed)
 -- An empty database has no gates, not failed ones.
 WHERE EXISTS (SELECT FROM ventures);
