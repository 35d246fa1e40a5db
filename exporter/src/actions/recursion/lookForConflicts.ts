import type { ActionsContext } from '../actionsContext.js';
import { kpiSettings } from '../kpiSettings.js';
import { detectConflicts } from './detectConflicts.js';

/** Brings the conflicts in line with the allocations as they are now. */
export async function lookForConflicts({ database, now, configuration }: ActionsContext): Promise<void> {
  await database.withClient((client) => detectConflicts(client, now(), kpiSettings(configuration())));
}
