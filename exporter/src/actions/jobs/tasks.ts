import type { z } from 'zod';
import type { ActionsContext } from '../actionsContext.js';
import { actOnAlert } from '../alerts/actOnAlert.js';
import { deliverMailTask } from '../mail/deliverMailTask.js';
import { proposeFurther } from '../conflicts/proposeFurther.js';
import { executionOpened } from '../recursion/executionOpened.js';
import { tellVentureLeads } from '../mail/tellVentureLeads.js';
import { handleNotification } from '../webhook/handleNotification.js';
import { deliverDigests } from '../monthly/deliverDigests.js';
import { deliverReport } from '../monthly/deliverReport.js';
import { lookForConflicts } from '../recursion/lookForConflicts.js';
import { EACH_HOUR, EACH_MINUTE, runDueChecks } from './dueChecks.js';
import { TASK_PAYLOADS, type TaskName } from './taskPayloads.js';

/** A job that throws is tried again; what it has done must be found done then. */
export type Task = (payload: unknown, context: ActionsContext) => Promise<void>;

/** What is done for each name of a job. */
export const TASKS: { readonly [N in TaskName]: Task } = {
  handle_notification: checked(TASK_PAYLOADS.handle_notification, handleNotification),
  act_on_alert: checked(TASK_PAYLOADS.act_on_alert, actOnAlert),
  deliver_mail: checked(TASK_PAYLOADS.deliver_mail, deliverMailTask),
  deliver_report: checked(TASK_PAYLOADS.deliver_report, deliverReport),
  deliver_digests: checked(TASK_PAYLOADS.deliver_digests, deliverDigests),
  execution_opened: checked(TASK_PAYLOADS.execution_opened, async ({ id }, context) => {
    await executionOpened(id, context);
    await proposeFurther(id, context);
  }),
  tell_venture_leads: (_payload, context) => tellVentureLeads(context),
  detect_conflicts: (_payload, context) => lookForConflicts(context),
  each_minute: (_payload, context) => runDueChecks(EACH_MINUTE, context),
  each_hour: (_payload, context) => runDueChecks(EACH_HOUR, context),
};

/** Fails for what is wrong with the payload. */
function checked<P>(schema: z.ZodType<P>, task: (payload: P, context: ActionsContext) => Promise<void>): Task {
  return (payload, context) => task(schema.parse(payload), context);
}
