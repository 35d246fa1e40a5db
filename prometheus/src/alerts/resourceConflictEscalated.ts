import { where } from '../shared/promql.js';
import { newest, noneOf, threshold } from '../shared/selectors.js';
import { numberAlert } from '../shared/numberAlert.js';

export const resourceConflictEscalated = numberAlert({
  name: 'ResourceConflictEscalated',
  class: 'kpi',
  severity: 'high',
  kpi: 'resource_conflicts',
  unit: 'duration',
  when: 'conflict open, and not `ESCALATED`, for more than `conflict_resolution_timeout`',
  limit: threshold('conflict_resolution_timeout'),
  // A conflict with status ESCALATED is in somebody's hands already.
  breach: (limit) =>
    where(newest('portfolio_conflict_open_seconds', { only: { status: noneOf('ESCALATED') } }), '>', limit),
  // Work that begins on a conflict changes its status.
  changing: ['resource', 'status'],
  texts: ({ label, value }) => ({
    summary: `The conflict over ${label('resource')} has been open for ${value}`,
    description: `
      The resource conflict over ${label('resource')} (status ${label('status')}) was detected ${value} ago and
      is neither resolved nor escalated.`,
    nextStep:
      'Decide which venture gives way, then set the conflict to RESOLVED, or to ESCALATED while the decision is pending.',
  }),
  dashboard: 'resource-efficiency',
  notify: { recipients: ['Chairman', 'CoordinationPlanner'], slack: 'never' },
});
