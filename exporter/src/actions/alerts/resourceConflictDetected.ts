import { proposeResolutionOf } from '../conflicts/proposeResolutionOf.js';
import { addJob } from '../jobs/addJob.js';
import type { AlertActions, AlertMoment } from './alertActions.js';

/**
 * Source: metrics document, "Alert 3". Its messages are Alertmanager's but for those to the venture leads; how an approval goes on:
 * followApprovals, how the leads are told while it goes on: tellVentureLeads.
 */
export const resourceConflictDetected: AlertActions = {
  alertname: 'ResourceConflictDetected',
  async opened(moment) {
    await tellLeads(moment);
    await proposeResolutionOf(moment);
  },
  closed: tellLeads,
};

/** A job of its own, once for all conflicts of one notification: each lead gets one mail about them. */
async function tellLeads({ client }: AlertMoment): Promise<void> {
  await addJob(client, 'tell_venture_leads', {}, { key: 'tell_venture_leads', queue: 'venture_leads' });
}
