import { count, where } from '../shared/promql.js';
import { newest, threshold } from '../shared/selectors.js';
import { limitOf, numberAlert } from '../shared/numberAlert.js';
import { RESOURCE_CONFLICTS } from '../shared/resourceConflicts.js';
import { resourceConflictDetected } from './resourceConflictDetected.js';

export const resourceConflictsUrgent = numberAlert({
  name: 'ResourceConflictsUrgent',
  class: 'kpi',
  severity: 'critical',
  kpi: 'resource_allocation',
  unit: ['resource', 'resources'],
  when: 'that many resources over-allocated at once: `urgent_conflict_threshold`',
  limit: threshold('urgent_conflict_threshold'),
  breach: (limit) => {
    const allocated = newest('portfolio_resource_allocation_ratio', { by: ['resource_id'] });
    return where(count(where(allocated, '>', limitOf(resourceConflictDetected.name))), '>=', limit);
  },
  texts: ({ value, one }) => ({
    summary: `${value} ${one('resource is', 'resources are')} over-allocated at the same time`,
    description: `
      ${value} ${one('resource is', 'resources are each')} given to ventures beyond capacity. Single conflicts are settled one by
      one; this many at once call for one decision about priorities.`,
    nextStep: 'Call the Coordination Planner and rank the ventures before any single conflict is settled.',
  }),
  dashboard: 'resource-efficiency',
  notify: { recipients: ['CoordinationPlanner', 'Chairman', 'OnCall'], slack: 'always', together: RESOURCE_CONFLICTS },
});
