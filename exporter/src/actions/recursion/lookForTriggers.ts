import type { ActionsContext } from '../actionsContext.js';
import { kpiSettings } from '../kpiSettings.js';
import { runTrigger } from './runTrigger.js';

/**
 * Fires what is due of the triggers that look at the register, the calendar and the dependencies; each about one subject once in
 * its cooldown, however often it is asked. PORTFOLIO-002 follows the allocations (detectConflicts.ts).
 */
export async function lookForTriggers(context: ActionsContext): Promise<void> {
  const settings = kpiSettings(context.configuration());
  for (const trigger of ['PORTFOLIO-001', 'PORTFOLIO-003', 'PORTFOLIO-004'] as const) {
    await context.database.withClient((client) =>
      runTrigger(client, { trigger, now: context.now(), by: 'schedule', settings }),
    );
  }
}
