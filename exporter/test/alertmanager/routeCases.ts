/** Which receivers an alert reaches, in the order of the routes. */
export interface RouteCase {
  readonly alertname: string;
  /** What makes this case another one than its neighbours; '' where the alert has one case only. */
  readonly variant: string;
  /** Labels beside `alertname`, as the rules set them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly string[];
}

const kpi = (severity: string, unit: string, recipients: string, entity: Readonly<Record<string, string>> = {}) => ({
  class: 'kpi',
  severity,
  kpi: unit,
  recipients,
  ...entity,
});
const sla = (severity: string, unit: string | null): Readonly<Record<string, string>> => ({
  class: 'sla',
  severity,
  ...(unit === null ? {} : { kpi: unit }),
  recipients: 'OnCall',
});
const exporter = (severity: string, entity: Readonly<Record<string, string>> = {}) => ({
  class: 'exporter',
  severity,
  recipients: 'OnCall',
  ...entity,
});
const one = (
  alertname: string,
  labels: Readonly<Record<string, string>>,
  receivers: readonly string[],
  variant = '',
): RouteCase => ({
  alertname,
  variant,
  labels,
  // What acts on the alerts of the business comes before whoever is told.
  receivers: labels['class'] === 'kpi' ? ['actions', ...receivers] : receivers,
});

const MILESTONE = { initiative_id: '7', milestone_id: '71' };

/** At least one case of every alert that the rules know. */
export const ROUTE_CASES: readonly RouteCase[] = [
  one(
    'PortfolioPerformanceDegradation',
    kpi('critical', 'portfolio_performance', 'Chairman,PortfolioOptimizationAdvisor', { measure: 'revenue' }),
    ['portfolio-performance-degradation'],
  ),
  one('PortfolioRollbackCondition', kpi('high', 'rollback', 'Chairman', { condition: 'value_below_cost' }), [
    'portfolio-rollback-condition',
  ]),
  one(
    'SynergyInitiativeDelayed',
    kpi('high', 'initiative_status', 'SynergyExecutionManager', MILESTONE),
    ['synergy-initiative-delayed'],
    'for everybody',
  ),
  one(
    'SynergyInitiativeDelayed',
    kpi('high', 'initiative_status', 'InitiativeOwner', {
      ...MILESTONE,
      addressee: 'InitiativeOwner',
      owner_email: 'ada@example.test',
    }),
    ['synergy-initiative-delayed-initiative-owner'],
    'for its owner',
  ),
  one(
    'SynergyInitiativeDelayed',
    kpi('high', 'initiative_status', 'Chairman', { ...MILESTONE, addressee: 'Chairman', critical: 'true' }),
    ['synergy-initiative-delayed-chairman'],
    'of a critical initiative',
  ),
  one(
    'SynergyInitiativeEscalated',
    kpi('high', 'initiative_status', 'Chairman', {
      initiative_id: '7',
    }),
    ['synergy-initiative-escalated'],
  ),
  one(
    'ResourceConflictDetected',
    kpi('high', 'resource_allocation', 'CoordinationPlanner,Chairman', { resource_id: '3' }),
    ['resource-conflicts'],
  ),
  one('ResourceConflictsUrgent', kpi('critical', 'resource_allocation', 'CoordinationPlanner,Chairman,OnCall'), [
    'resource-conflicts-on-call',
    'resource-conflicts',
  ]),
  one(
    'ResourceConflictEscalated',
    kpi('high', 'resource_conflicts', 'Chairman,CoordinationPlanner', {
      conflict_id: '5',
      resource_id: '3',
    }),
    ['resource-conflict-escalated'],
  ),
  one('SynergyCaptureRateBelowTarget', kpi('medium', 'kpi_breaches', 'PortfolioAnalyst,Chairman'), [
    'synergy-capture-rate-below-target',
  ]),
  one('CoordinationOverheadExceedsThreshold', kpi('medium', 'kpi_breaches', 'Chairman,CoordinationPlanner'), [
    'coordination-overhead-exceeds-threshold',
  ]),
  one('PortfolioPerformanceDataStale', sla('high', 'portfolio_performance'), ['on-call']),
  one('SynergyValueLoggingFailure', sla('high', 'synergy_value'), ['on-call'], 'values'),
  one('SynergyValueLoggingFailure', sla('high', 'synergy_totals'), ['on-call'], 'totals'),
  one('InitiativeDashboardUnavailable', sla('high', 'initiative_status'), ['on-call'], 'old data'),
  one('InitiativeDashboardUnavailable', sla('high', null), ['on-call'], 'Grafana does not answer'),
  one('ConflictDetectionDown', sla('critical', 'resource_conflicts'), ['on-call'], 'conflicts'),
  one('ConflictDetectionDown', sla('critical', 'resource_allocation'), ['on-call'], 'allocations'),
  one('PortfolioKpiDataStale', sla('high', 'stage_gates'), ['on-call']),
  one('PortfolioExporterDown', exporter('critical'), ['on-call']),
  one('PortfolioShardMissing', exporter('critical'), ['on-call']),
  one('PortfolioDatabaseDown', exporter('critical'), ['on-call']),
  one('PortfolioThresholdMissing', exporter('critical', { name: 'performance_degradation_alert' }), ['on-call']),
  one('PortfolioKpiFailing', exporter('high', { kpi: 'synergy_value' }), ['on-call']),
  one('PortfolioConfigReloadFailed', exporter('high'), ['on-call']),
  one('PortfolioHistoryNotWritten', exporter('high', { kpi: 'synergy_capture_rate' }), ['on-call']),
  one('PortfolioConfigNotRecorded', exporter('high'), ['on-call']),
  one('PortfolioActionsDown', exporter('critical'), ['on-call']),
  one('PortfolioActionsConfigReloadFailed', exporter('high'), ['on-call']),
  one('PortfolioActionsJobsFailing', exporter('high'), ['on-call']),
  one('PortfolioActionsQueueLate', exporter('high'), ['on-call']),
  one('PortfolioMailUndelivered', exporter('high'), ['on-call']),
  one(
    'PortfolioDataQuality',
    { class: 'exporter', severity: 'medium', kpi: 'data_quality', check: 'orphans', recipients: 'PortfolioAnalyst' },
    ['portfolio-data-quality'],
  ),
  one('NotificationsFailing', exporter('critical', { integration: 'email' }), ['on-call']),
  one('Watchdog', { class: 'exporter', severity: 'none' }, ['heartbeat']),
];

/** Alerts that no rule makes: each is a slip of the pen, and has to reach a person all the same. */
export const MISSPELT_CASES: readonly RouteCase[] = [
  one(
    'PortfolioPerformanceDegradation',
    { class: 'kpi', severity: 'critcal' },
    ['portfolio-performance-degradation'],
    'severity',
  ),
  one('PortfolioPerformanceDegradation', { class: 'kpis', severity: 'critical' }, ['on-call'], 'class'),
  one('PortfolioPerformanceDegradation', { severity: 'critical' }, ['on-call'], 'no class'),
  one('PortfolioPerformanceDegradaton', { class: 'kpi', severity: 'critical' }, ['on-call'], 'name, kpi'),
  one('ConflictDetectionDwon', { class: 'sla', severity: 'critical' }, ['on-call'], 'name, sla'),
  one('ConflictDetectionDown', { class: 'sla', severity: 'hgih' }, ['on-call'], 'severity, sla'),
  one('PortfolioDataQualtiy', { class: 'exporter', severity: 'medium' }, ['on-call'], 'name, exporter'),
  one('PortfolioExporterDown', { class: 'exporter', severity: '' }, ['on-call'], 'no severity'),
  one('Watchdgo', { class: 'exporter', severity: 'none' }, ['on-call'], 'Watchdog'),
  one('', {}, ['on-call'], 'nothing at all'),
];
