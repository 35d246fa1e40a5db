import type { ClientBase } from 'pg';
import { inTransaction } from '../../database/transaction.js';
import type { KpiSettings } from '../../kpi/unit/kpiInput.js';
import { closeEnded } from './closeEnded.js';
import { dueCandidates, momentAt } from './conditions.js';
import { fireTrigger } from './fireTrigger.js';
import type { FiringResult } from './fireTrigger.js';
import type { Candidate, Decision, TriggerId } from './recursionTriggers.js';
import { referToReport } from './referToReport.js';

export interface TriggerRun {
  readonly trigger: TriggerId;
  readonly now: Date;
  readonly by: string;
  readonly settings: KpiSettings;
  readonly override?: Decision;
}

export type TriggerRunResult = FiringResult & { readonly candidate: Candidate };

/**
 * Closes what has ended, then fires a trigger about everything that its condition is met for at the moment, in one transaction,
 * and says of each what came of it. Run again at any time: what has fired does not fire twice. A review that a person wants needs no due date.
 * Throws pg errors.
 */
export async function runTrigger(client: ClientBase, run: TriggerRun): Promise<TriggerRunResult[]> {
  const { trigger, now, by, settings, override } = run;
  return inTransaction(client, { access: 'READ WRITE' }, async () => {
    await closeEnded(client, now, settings);
    const input = await momentAt(client, now, settings);
    const due = await dueCandidates(client, trigger, input);
    const wanted = due.length === 0 && trigger === 'PORTFOLIO-003' && by !== 'schedule' ? [review(input.asOf)] : due;
    const results: TriggerRunResult[] = [];
    for (const candidate of wanted) {
      const firing = { ...candidate, trigger, now, by, thresholds: settings.thresholds };
      const result = await fireTrigger(client, override === undefined ? firing : { ...firing, override });
      results.push({ ...result, candidate });
    }
    if (trigger === 'PORTFOLIO-003') await referToReport(client);
    return results;
  });
}

/** What a review is about that somebody other than the calendar asks for: the month's, which there is once. */
export function review(asOf: string, cause = 'person'): Candidate {
  return { subject: 'portfolio', subjectName: 'Portfolio', period: asOf.slice(0, 7), details: { cause } };
}
