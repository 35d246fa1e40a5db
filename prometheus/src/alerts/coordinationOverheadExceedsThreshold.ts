import { monthsAlert } from '../shared/monthsAlert.js';

export const coordinationOverheadExceedsThreshold = monthsAlert({
  name: 'CoordinationOverheadExceedsThreshold',
  kpi: 'coordination_overhead',
  share: 'portfolio_coordination_overhead_ratio',
  side: 'above',
  limit: 'coordination_overhead_alert',
  months: 'coordination_overhead_alert_months',
  target: 'coordination_overhead_target',
  when: '`coordination_overhead_alert_months` month closed over `coordination_overhead_alert`',
  subject: 'Coordination overhead',
  meaning: 'Coordination takes too large a share of the available hours: the share',
  nextStep: 'See which ventures spend the coordination hours, then thin out meetings or decision rights there.',
  dashboard: 'resource-efficiency',
  recipients: ['Chairman', 'CoordinationPlanner'],
});
