// Written by `npm run schemas` from prometheus/rules and grafana/dashboards: edit their sources.

export interface MetricReaders {
  readonly alerts: readonly string[];
  readonly panels: readonly { readonly uid: string; readonly title: string }[];
}

/** What reads each metric; nothing reads the others. */
export const METRIC_READERS: Readonly<Record<string, MetricReaders>> = {
  portfolio_coordination_overhead_ratio: {
    alerts: ['CoordinationOverheadExceedsThreshold'],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'resource-efficiency', title: 'Coordination time, 30 days' },
    ],
  },
  portfolio_data_quality_violations: {
    alerts: ['PortfolioDataQuality'],
    panels: [{ uid: 'portfolio-operations', title: 'Data quality' }],
  },
  portfolio_data_quality_example: { alerts: ['PortfolioDataQuality'], panels: [] },
  portfolio_milestone_overdue_seconds: {
    alerts: ['SynergyInitiativeDelayed'],
    panels: [
      { uid: 'initiative-tracking', title: 'Milestones late' },
      { uid: 'portfolio-overview', title: 'Where the portfolio stands' },
    ],
  },
  portfolio_initiative_unanswered_seconds: {
    alerts: ['SynergyInitiativeEscalated'],
    panels: [{ uid: 'portfolio-overview', title: 'What needs a decision' }],
  },
  portfolio_initiative_idle_seconds: {
    alerts: [],
    panels: [
      { uid: 'initiative-tracking', title: 'Stalled initiatives' },
      { uid: 'portfolio-overview', title: 'Where the portfolio stands' },
    ],
  },
  portfolio_initiative_progress_ratio: {
    alerts: [],
    panels: [
      { uid: 'initiative-tracking', title: 'Milestones late' },
      { uid: 'initiative-tracking', title: 'Stalled initiatives' },
      { uid: 'portfolio-overview', title: 'Where the portfolio stands' },
    ],
  },
  portfolio_initiative_success_ratio: {
    alerts: [],
    panels: [
      { uid: 'initiative-tracking', title: 'Success rate, 90 days' },
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'synergy-value', title: 'Success rate, 90 days' },
    ],
  },
  portfolio_kpi_breach_months: {
    alerts: ['CoordinationOverheadExceedsThreshold', 'SynergyCaptureRateBelowTarget'],
    panels: [],
  },
  portfolio_revenue_improvement_ratio: {
    alerts: [],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'portfolio-overview', title: 'Where the portfolio stands' },
      { uid: 'portfolio-performance', title: 'Revenue growth' },
    ],
  },
  portfolio_user_growth_ratio: {
    alerts: [],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'portfolio-performance', title: 'User growth' },
    ],
  },
  portfolio_profit_improvement_ratio: {
    alerts: [],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'portfolio-performance', title: 'Profit growth' },
    ],
  },
  portfolio_revenue_month_change_ratio: { alerts: ['PortfolioPerformanceDegradation'], panels: [] },
  portfolio_profit_month_change_ratio: { alerts: ['PortfolioPerformanceDegradation'], panels: [] },
  portfolio_active_ventures: {
    alerts: ['PortfolioPerformanceDegradation'],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'portfolio-performance', title: 'Active ventures, whole portfolio' },
    ],
  },
  portfolio_ventures_missing_metrics: {
    alerts: ['PortfolioPerformanceDegradation'],
    panels: [{ uid: 'portfolio-performance', title: 'Active ventures, whole portfolio' }],
  },
  portfolio_recursion_response_seconds: {
    alerts: [],
    panels: [{ uid: 'portfolio-operations', title: 'Targets achieved' }],
  },
  portfolio_recursion_accuracy_ratio: {
    alerts: [],
    panels: [{ uid: 'portfolio-operations', title: 'Targets achieved' }],
  },
  portfolio_recursion_resolution_ratio: {
    alerts: [],
    panels: [{ uid: 'portfolio-operations', title: 'Targets achieved' }],
  },
  portfolio_recursion_override_ratio: {
    alerts: [],
    panels: [{ uid: 'portfolio-operations', title: 'Targets achieved' }],
  },
  portfolio_recursion_false_positive_ratio: {
    alerts: [],
    panels: [{ uid: 'portfolio-operations', title: 'Targets achieved' }],
  },
  portfolio_resource_allocation_ratio: {
    alerts: ['ResourceConflictDetected', 'ResourceConflictsUrgent'],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'portfolio-overview', title: 'Where the portfolio stands' },
      { uid: 'portfolio-overview', title: 'What needs a decision' },
      { uid: 'resource-efficiency', title: 'Over-allocated resources' },
    ],
  },
  portfolio_conflicts: { alerts: [], panels: [{ uid: 'resource-efficiency', title: 'Conflicts, whole portfolio' }] },
  portfolio_conflict_open_seconds: {
    alerts: ['ResourceConflictEscalated'],
    panels: [
      { uid: 'portfolio-overview', title: 'What needs a decision' },
      { uid: 'resource-efficiency', title: 'Conflicts, whole portfolio' },
    ],
  },
  portfolio_conflict_resolution_average_seconds: {
    alerts: [],
    panels: [{ uid: 'portfolio-operations', title: 'Targets achieved' }],
  },
  portfolio_conflict_resolution_ratio: {
    alerts: [],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'resource-efficiency', title: 'Resolution rate, 30 days' },
    ],
  },
  portfolio_duplicate_effort_reduction_ratio: {
    alerts: [],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'resource-efficiency', title: 'Duplication cut, 30 days' },
    ],
  },
  portfolio_duplicate_budget_reduction_ratio: {
    alerts: [],
    panels: [{ uid: 'portfolio-operations', title: 'Targets achieved' }],
  },
  portfolio_resource_utilization_ratio: {
    alerts: [],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'portfolio-overview', title: 'Where the portfolio stands' },
      { uid: 'resource-efficiency', title: 'Utilization, 30 days' },
    ],
  },
  portfolio_rollback_condition: {
    alerts: ['PortfolioRollbackCondition'],
    panels: [{ uid: 'portfolio-overview', title: 'What needs a decision' }],
  },
  portfolio_gate_passed: { alerts: [], panels: [{ uid: 'portfolio-operations', title: 'Stage gates' }] },
  portfolio_synergy_capture_ratio: {
    alerts: ['SynergyCaptureRateBelowTarget'],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'synergy-value', title: 'Capture rate, 90 days' },
    ],
  },
  portfolio_synergy_value_per_venture_pair_dollars: {
    alerts: [],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'portfolio-overview', title: 'Where the portfolio stands' },
      { uid: 'synergy-value', title: 'Value per pair, 365 days' },
    ],
  },
  portfolio_synergy_capture_events_month: {
    alerts: [],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'synergy-value', title: 'Events this month' },
    ],
  },
  portfolio_initiatives_active: {
    alerts: [],
    panels: [
      { uid: 'portfolio-operations', title: 'Targets achieved' },
      { uid: 'portfolio-overview', title: 'Where the portfolio stands' },
      { uid: 'synergy-value', title: 'Events this month' },
    ],
  },
  portfolio_synergy_roi_ratio: { alerts: [], panels: [{ uid: 'portfolio-operations', title: 'Targets achieved' }] },
  portfolio_venture_score: { alerts: [], panels: [{ uid: 'portfolio-operations', title: 'Targets achieved' }] },
};

/** KPIs whose lateness has an alert of its own. */
export const LATE_ALERTS: Readonly<Record<string, string>> = {
  resource_conflicts: 'ConflictDetectionDown',
  resource_allocation: 'ConflictDetectionDown',
  initiative_status: 'InitiativeDashboardUnavailable',
  portfolio_performance: 'PortfolioPerformanceDataStale',
  synergy_value: 'SynergyValueLoggingFailure',
  synergy_totals: 'SynergyValueLoggingFailure',
};
