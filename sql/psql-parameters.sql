-- The parameters of every unit in sql/kpis/ with their defaults, so that each unit runs in psql as it stands:
--   portfolio=> \i sql/psql-parameters.sql
--   portfolio=> \i sql/kpis/portfolio_performance.sql
-- Set time_zone first if it is not UTC. For a past day set as_of to it, and now to the first instant of the next day:
--   portfolio=> \set as_of '''2026-03-31''::date'
--   portfolio=> \set now '''2026-04-01 00:00+00''::timestamptz'
-- Numbers are in base units: ratio, seconds, dollars, count, score.
\set time_zone '''UTC'''
\set as_of '(now() AT TIME ZONE ' :time_zone ')::date'
\set now 'now()'
\set carry_forward_days 3

-- targets
\set portfolio_revenue_improvement_target 0.2
\set user_growth_target 0.15
\set profit_improvement_target 0.25
\set synergy_value_per_venture_pair_target 50000
\set value_capture_events_target 10
\set value_capture_events_min_initiatives 3
\set synergy_roi_target 3
\set resource_efficiency_improvement_target 0.3
\set resource_utilization_target 0.85
\set conflict_resolution_rate_target 0.8
\set synergy_capture_rate_target 0.3
\set coordination_overhead_target 0.1
\set conflict_resolution_time_target 172800
\set initiative_success_rate_target 0.7

-- alerts
\set performance_drop_alert 0.1
\set delayed_milestone_alert 259200
\set initiative_response_deadline 172800
\set conflict_over_allocation_threshold 1
\set over_allocation_tolerance 0
\set conflict_resolution_timeout 172800
\set urgent_conflict_threshold 3
\set value_attribution_window 7776000
\set chairman_response_timeout 259200
\set synergy_capture_rate_alert 0.2
\set synergy_capture_rate_alert_months 2
\set coordination_overhead_alert 0.15
\set coordination_overhead_alert_months 1
\set stalled_initiative_threshold 1209600
\set initiative_update_frequency 604800

-- venture_assessment
\set strategic_fit_weight 0.3
\set financial_health_weight 0.3
\set growth_potential_weight 0.25
\set resource_efficiency_weight 0.15
\set min_viable_score 2.5
\set high_priority_score 4
\set excellent_score 4.5
\set hourly_rate 75

-- gates
\set min_active_ventures 2
\set coordination_established_threshold 0.8
\set synergies_captured_min_initiatives 3
\set synergies_captured_min_value 10000
\set synergies_captured_min_time_saved 360000
\set portfolio_optimized_min_improvement 0.1
\set portfolio_optimized_min_cost_reduction 0.1
\set portfolio_optimized_min_duplicate_reduction 0.2

-- recursion
\set synergy_min_score_to_trigger 3
\set high_priority_synergy_score 4
\set batch_planning_threshold 5
\set synergy_notification_cooldown 604800
\set performance_report_delivery_day 5
\set performance_review_cooldown 2419200
\set critical_dependencies_threshold 2
\set interdependency_notification_cooldown 604800
\set recursion_accuracy_target 0.9
\set recursion_response_time_target 86400
\set recursion_resolution_rate_target 0.7
\set recursion_override_rate_limit 0.2
\set recursion_false_positive_rate_limit 0.1
