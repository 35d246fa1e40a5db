import { calculate, round, where } from '../shared/promql.js';
import { newest, threshold } from '../shared/selectors.js';
import { numberAlert } from '../shared/numberAlert.js';
import { RESOURCE_CONFLICTS } from '../shared/resourceConflicts.js';

export const resourceConflictDetected = numberAlert({
  name: 'ResourceConflictDetected',
  class: 'kpi',
  severity: 'high',
  kpi: 'resource_allocation',
  unit: 'percent',
  when: 'resource allocated over `conflict_over_allocation_threshold` + `over_allocation_tolerance`',
  // 1.1 + 0.1 is not 1.2 in floating point; the ratio has four decimals.
  limit: round(
    calculate(threshold('conflict_over_allocation_threshold'), '+', threshold('over_allocation_tolerance')),
    '0.000001',
  ),
  breach: (limit) =>
    where(
      newest('portfolio_resource_allocation_ratio', { by: ['resource_id', 'resource', 'resource_type'] }),
      '>',
      limit,
    ),
  changing: ['resource', 'resource_type'],
  texts: ({ label, value }) => ({
    summary: `${label('resource')} over-allocated: ${value} of the capacity is given to ventures`,
    description: `
      The active allocations of ${label('resource')} (${label('resource_type')}) add up to ${value}.
      More than one venture counts on the same capacity, so at least one of them will not get what its plan assumes.`,
    nextStep: 'Agree with the venture leads whose allocation is cut, and change it in venture_resource_allocations.',
  }),
  dashboard: 'resource-efficiency',
  notify: {
    recipients: ['CoordinationPlanner', 'Chairman'],
    toldByActions: 'the venture leads concerned',
    slack: 'always',
    together: RESOURCE_CONFLICTS,
  },
});
