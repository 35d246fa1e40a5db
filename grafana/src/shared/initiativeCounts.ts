import { newest, threshold } from './promQuery.js';

const KPI = 'initiative_status';
export const DELAYED = threshold('delayed_milestone_alert');
export const STALLED = threshold('stalled_initiative_threshold');

/** Open milestones that are overdue by more than the limit; 0 where initiatives and the limit are known and none is, else nothing. */
export function lateMilestones(chosen: string): string {
  const overdue = `max by (milestone_id) (${newest(`portfolio_milestone_overdue_seconds${chosen}`, KPI)})`;
  return countOf(`${overdue} > on () group_left () ${DELAYED}`, DELAYED, chosen);
}

/** Active initiatives that nobody has updated for too long. */
export function stalledInitiatives(chosen: string): string {
  const idle = `max by (initiative_id) (${newest(`portfolio_initiative_idle_seconds${chosen}`, KPI)})`;
  return countOf(`${idle} >= on () group_left () ${STALLED}`, STALLED, chosen);
}

function countOf(series: string, limit: string, chosen: string): string {
  const known = newest(`portfolio_initiative_progress_ratio${chosen}`, KPI);
  return `(count(${series}) or 0 * (count(${known}) and on () ${limit}))`;
}
