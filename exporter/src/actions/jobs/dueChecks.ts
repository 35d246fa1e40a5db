import { followApprovals } from '../conflicts/followApprovals.js';
import { remindOfRequests } from '../delays/remindOfRequests.js';
import { tellVentureLeads } from '../mail/tellVentureLeads.js';
import { addDueMonths } from '../monthly/addDueMonths.js';
import { requestNumbers } from '../numbers/requestNumbers.js';
import { lookForConflicts } from '../recursion/lookForConflicts.js';
import { lookForTriggers } from '../recursion/lookForTriggers.js';
import type { ActionsContext } from '../actionsContext.js';
import { pruneOldRows } from './pruneOldRows.js';

/**
 * Asks what is due by now and has not been done, from rows and the clock that is given, and sets it off under a key of its own: asked
 * late, twice at once or after the clock was set back it does what is missing and nothing twice.
 */
export type DueCheck = (context: ActionsContext) => Promise<void>;

export const EACH_MINUTE: Readonly<Record<string, DueCheck>> = {
  lookForConflicts,
  remindOfRequests,
  followApprovals,
  addDueMonths,
  tellVentureLeads,
  requestNumbers,
};
export const EACH_HOUR: Readonly<Record<string, DueCheck>> = { lookForTriggers, pruneOldRows };

/** Runs them all, also where one fails; then throws what failed. */
export async function runDueChecks(checks: Readonly<Record<string, DueCheck>>, context: ActionsContext): Promise<void> {
  const failures: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check(context);
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failures.length > 0) throw new Error(failures.join('; '));
}
