import { where } from '../shared/promql.js';
import { newest, OF_THIS_ALERT, threshold } from '../shared/selectors.js';
import { numberAlert } from '../shared/numberAlert.js';
import { labelFound, withQuery } from '../shared/texts.js';

// Not labels: a first notification or a new owner would end the alert and begin another.
const about = <L extends 'owner' | 'measured_from'>(label: L, value?: string) =>
  newest('portfolio_initiative_unanswered_seconds', {
    only: { initiative_id: OF_THIS_ALERT, ...(value === undefined ? {} : { [label]: value }) },
    by: [label],
  });
const owner = (otherwise: string): string => withQuery(about('owner'), labelFound('owner', otherwise), otherwise);

export const synergyInitiativeEscalated = numberAlert({
  name: 'SynergyInitiativeEscalated',
  class: 'kpi',
  severity: 'high',
  kpi: 'initiative_status',
  unit: 'duration',
  when: 'such a delay unanswered for more than `initiative_response_deadline`',
  limit: threshold('initiative_response_deadline'),
  breach: (limit) =>
    where(newest('portfolio_initiative_unanswered_seconds', { by: ['initiative_id', 'initiative'] }), '>', limit),
  texts: ({ label, value }) => ({
    summary: `No answer for ${value} about the delayed initiative ${label('initiative')}`,
    description: `
      A milestone of ${label('initiative')} is overdue and no response was recorded for ${value},
      ${withQuery(
        about('measured_from', 'notification'),
        'counted from the first notification',
        'counted from the moment its alert was due, because no notification is recorded',
      )}.
      Owner: ${owner('nobody')}.`,
    nextStep: `Call ${owner('the Synergy Execution Manager')} and record the answer (who, what) in initiative_responses.`,
  }),
  dashboard: 'initiative-tracking',
  notify: { recipients: ['Chairman'], slack: 'never' },
});
