import { lateAlert } from '../shared/lateAlert.js';

export const conflictDetectionDown = lateAlert({
  name: 'ConflictDetectionDown',
  severity: 'critical',
  kpis: ['resource_conflicts', 'resource_allocation'],
  texts: ({ label, ifLabel }) => ({
    subject: `Resource ${ifLabel('kpi', 'resource_allocation', 'allocations', 'conflicts')}`,
    consequence: 'An over-allocation would go unseen.',
    nextStep: `See whether the writer of the rows is alive (source_heartbeats), then look at the error of ${label('kpi')} on the exporter's status page.`,
  }),
});
