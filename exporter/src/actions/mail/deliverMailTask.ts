import type { ActionsContext } from '../actionsContext.js';
import { deliverMail } from './deliverMail.js';
import { createMailTransport } from './transport.js';

/** The job of one mail, by the files as they are now. */
export async function deliverMailTask({ id }: { readonly id: string }, context: ActionsContext): Promise<void> {
  const { actions, recipients } = context.configuration();
  await deliverMail(id, {
    database: context.database,
    transport: createMailTransport(recipients.smtp),
    now: context.now,
    externalUrl: actions.externalUrl,
    onCall: recipients.recipients.OnCall,
    log: context.log,
  });
}
