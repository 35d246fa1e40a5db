import { where } from '../shared/promql.js';
import { newest, threshold } from '../shared/selectors.js';
import { numberAlert } from '../shared/numberAlert.js';
import { thresholdText } from '../shared/texts.js';

const deadline = thresholdText('initiative_response_deadline', '', (text) => ` within ${text}`);

export const synergyInitiativeDelayed = numberAlert({
  name: 'SynergyInitiativeDelayed',
  class: 'kpi',
  severity: 'high',
  kpi: 'initiative_status',
  unit: 'duration',
  when: 'open milestone overdue by more than `delayed_milestone_alert`',
  limit: threshold('delayed_milestone_alert'),
  breach: (limit) => where(newest('portfolio_milestone_overdue_seconds'), '>', limit),
  changing: ['initiative', 'milestone', 'owner', 'owner_email', 'critical'],
  texts: ({ label, ifLabel, ifNone, value }) => ({
    summary: `Milestone "${label('milestone')}" of ${label('initiative')} is ${value} overdue`,
    description: `
      The milestone "${label('milestone')}" of ${ifLabel('critical', 'true', 'the critical initiative', 'the initiative')}
      ${label('initiative')} passed the end of its deadline ${value} ago and is not completed.
      Owner: ${label('owner', 'nobody')}${ifNone('owner_email', ', without a usable e-mail address')}.`,
    nextStep: `
      ${label('owner', 'The Synergy Execution Manager')} sends a status update${deadline}
      (a row in initiative_responses), or completes or moves the milestone.`,
  }),
  dashboard: 'initiative-tracking',
  // Everyone gets the list of what concerns them: an owner the milestones of their own, the others all of them.
  notify: {
    recipients: [
      {
        person: 'InitiativeOwner',
        address: 'owner_email',
        otherwise: 'SynergyExecutionManager',
        passedOn: 'The milestone is still overdue, but its owner or the address of its owner has changed.',
      },
      'SynergyExecutionManager',
      {
        role: 'Chairman',
        only: { label: 'critical', value: 'true' },
        passedOn: 'The milestone is still overdue, but its initiative is no longer critical.',
      },
    ],
    slack: 'never',
  },
});
