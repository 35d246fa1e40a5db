/** The demo portfolio: table name -> rows, whose keys are the columns that are filled. */
export interface Portfolio {
  readonly ventures: readonly VentureRow[];
  readonly venture_metrics: readonly VentureMetricsRow[];
  readonly venture_assessments: readonly VentureAssessmentRow[];
  readonly synergy_opportunities: readonly OpportunityRow[];
  readonly portfolio_coordination_plans: readonly PlanRow[];
  readonly synergy_initiatives: readonly InitiativeRow[];
  readonly initiative_ventures: readonly InitiativeVentureRow[];
  readonly initiative_milestones: readonly MilestoneRow[];
  readonly initiative_notifications: readonly NotificationRow[];
  readonly initiative_responses: readonly ResponseRow[];
  readonly value_capture_log: readonly ValueEventRow[];
  readonly venture_resource_usage: readonly ResourceUsageRow[];
  readonly venture_resource_allocations: readonly AllocationRow[];
  readonly resource_conflicts: readonly ConflictRow[];
  readonly venture_dependencies: readonly DependencyRow[];
  readonly source_heartbeats: readonly HeartbeatRow[];
}

export interface VentureRow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly lead_name: string;
  readonly lead_email: string;
  readonly created_at: Date;
}

/** Money in dollars a month, one row a day. */
export interface VentureMetricsRow {
  readonly id: string;
  readonly venture_id: string;
  readonly recorded_at: string;
  readonly monthly_revenue: number;
  readonly monthly_burn: number;
  readonly user_count: number;
  readonly stage: number;
}

/** Scores 0-5 with two decimals. */
export interface VentureAssessmentRow {
  readonly id: string;
  readonly venture_id: string;
  readonly assessed_on: string;
  readonly strategic_fit: number;
  readonly financial_health: number;
  readonly growth_potential: number;
  readonly resource_efficiency: number;
  readonly recommendation: 'Continue' | 'Pivot' | 'Sunset';
}

export type SynergyType = 'TECHNOLOGY' | 'CUSTOMER' | 'TEAM' | 'OPERATIONAL';

export interface OpportunityRow {
  readonly opportunity_id: string;
  /** The lesser id of the pair, as the table demands. */
  readonly venture_1_id: string;
  readonly venture_2_id: string;
  readonly synergy_type: SynergyType;
  readonly value_potential_score: number;
  readonly implementation_effort_score: number;
  readonly strategic_importance_score: number;
  /** value x importance / effort, one decimal. */
  readonly net_score: number;
  readonly status: 'IDENTIFIED' | 'PLANNED' | 'LAUNCHED' | 'REJECTED';
  readonly created_at: Date;
}

export interface PlanRow {
  readonly id: string;
  readonly opportunity_id: string;
  readonly name: string;
  readonly value_proposition: string;
  /** JSON text: a list of {metric, baseline, target}. */
  readonly success_metrics: string;
  readonly owner_name: string;
  readonly status: 'DRAFT' | 'APPROVED' | 'OPERATIONAL' | 'RETIRED';
  readonly document_url: string | null;
  readonly approved_at: Date | null;
  readonly operational_at: Date | null;
  readonly created_at: Date;
}

export type InitiativeStatus = 'PLANNED' | 'ACTIVE' | 'PAUSED' | 'COMPLETED' | 'TERMINATED';

export interface InitiativeRow {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly status: InitiativeStatus;
  readonly owner_name: string;
  readonly owner_email: string;
  readonly is_critical: boolean;
  readonly implementation_cost: number;
  readonly target_value: number;
  readonly launched_at: Date | null;
  readonly completed_at: Date | null;
  readonly progress_pct: number;
  readonly opportunity_id: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface InitiativeVentureRow {
  readonly initiative_id: string;
  readonly venture_id: string;
}

export interface MilestoneRow {
  readonly id: string;
  readonly initiative_id: string;
  readonly name: string;
  readonly owner_name: string;
  readonly owner_email: string;
  readonly starts_on: string;
  readonly deadline: string;
  readonly completed_at: Date | null;
  readonly deadline_set_at: Date;
}

export interface NotificationRow {
  readonly id: string;
  readonly milestone_id: string;
  readonly recipient: string;
  readonly notified_at: Date;
}

export interface ResponseRow {
  readonly id: string;
  readonly initiative_id: string;
  readonly responded_by: string;
  readonly responded_at: Date;
  readonly note: string;
}

export interface ValueEventRow {
  readonly value_capture_event_id: string;
  readonly initiative_id: string;
  readonly value_type: 'COST_SAVED' | 'TIME_SAVED_HOURS' | 'REVENUE_GENERATED' | 'RISK_REDUCED';
  /** Dollars, hours, or a score for RISK_REDUCED. */
  readonly value_amount: number;
  readonly captured_at: Date;
  readonly evidence_link: string | null;
  readonly logged_by: string;
}

export interface ResourceUsageRow {
  readonly id: string;
  readonly venture_id: string;
  readonly resource_type: string;
  readonly hours_spent: number;
  readonly budget_spent: number;
  readonly recorded_at: string;
}

export interface AllocationRow {
  readonly id: string;
  readonly resource_id: string;
  readonly resource_name: string;
  readonly resource_type: 'people' | 'budget' | 'infrastructure';
  readonly venture_id: string;
  readonly allocation_percentage: number;
  /** Hours per 30 days; null where the resource is not measured in hours. */
  readonly hours_available: number | null;
  readonly status: 'active' | 'planned' | 'ended';
}

export interface ConflictRow {
  readonly conflict_id: string;
  readonly resource_id: string;
  readonly resource_name: string;
  readonly total_allocation_pct: number;
  readonly detected_at: Date;
  readonly resolved_at: Date | null;
  readonly status: 'DETECTED' | 'IN_PROGRESS' | 'RESOLVED' | 'ESCALATED';
  readonly resolution_notes: string | null;
}

export interface DependencyRow {
  readonly venture_id: string;
  readonly depends_on_venture_id: string;
  readonly dependency_type: string;
  readonly dependency_criticality: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  readonly description: string;
  readonly created_at: Date;
}

export interface HeartbeatRow {
  readonly source: string;
  readonly seen_at: Date;
}
