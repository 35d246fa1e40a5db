import { where } from '../shared/promql.js';
import { newest, threshold } from '../shared/selectors.js';
import { numberAlert } from '../shared/numberAlert.js';

export const synergyInitiativeEscalated = numberAlert({
  name: 'SynergyInitiativeEscalated',
  class: 'kpi',
  severity: 'high',
  kpi: 'initiative_status',
  unit: 'duration',
  when: 'such a delay unanswered for more than `initiative_response_deadline`',
  limit: threshold('initiative_response_deadline'),
  breach: (limit) =>
    where(
      newest('portfolio_initiative_unanswered_seconds', {
        by: ['initiative_id', 'initiative', 'owner', 'measured_from'],
      }),
      '>',
      limit,
    ),
  changing: ['initiative', 'owner', 'measured_from'],
  texts: ({ label, ifLabel, value }) => ({
    summary: `No answer for ${value} about the delayed initiative ${label('initiative')}`,
    description: `
      A milestone of ${label('initiative')} is overdue and no response was recorded for ${value},
      ${ifLabel(
        'measured_from',
        'notification',
        'counted from the first notification',
        'counted from the moment its alert was due, because no notification is recorded',
      )}.
      Owner: ${label('owner', 'nobody')}.`,
    nextStep: `Call ${label('owner', 'the Synergy Execution Manager')} and record the answer (who, what) in initiative_responses.`,
  }),
  dashboard: 'initiative-tracking',
  notify: { recipients: ['Chairman'], slack: 'never' },
});
