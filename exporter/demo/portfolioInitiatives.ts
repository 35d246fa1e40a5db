import type { DemoCalendar } from './demoCalendar.js';
import { DEMO_INITIATIVES } from './demoInitiatives.js';
import { DEMO_MILESTONES } from './demoMilestones.js';
import { demoEmail } from './demoVentures.js';
import { nameUuid } from './nameUuid.js';
import { opportunityId } from './portfolioOpportunities.js';
import type { Portfolio } from './portfolioRows.js';
import { ventureId } from './portfolioVentures.js';

export function initiativeId(code: string): string {
  return nameUuid(`initiative:${code}`);
}

export function milestoneId(code: string, name: string): string {
  return nameUuid(`milestone:${code}:${name}`);
}

/** The initiatives with their ventures and milestones. */
export function portfolioInitiatives(
  calendar: DemoCalendar,
): Pick<Portfolio, 'synergy_initiatives' | 'initiative_ventures' | 'initiative_milestones'> {
  return {
    synergy_initiatives: DEMO_INITIATIVES.map((initiative) => ({
      id: initiativeId(initiative.code),
      code: initiative.code,
      name: initiative.name,
      status: initiative.status,
      owner_name: initiative.owner,
      owner_email: demoEmail(initiative.owner),
      is_critical: initiative.critical,
      implementation_cost: initiative.cost,
      target_value: initiative.target,
      launched_at: initiative.launched === null ? null : calendar.at(initiative.launched, 9),
      completed_at: initiative.completed === null ? null : calendar.at(initiative.completed, 16),
      progress_pct: initiative.progress,
      opportunity_id: opportunityId(initiative.found),
      created_at: calendar.at(initiative.found - 2, 11),
      updated_at:
        initiative.updatedHoursAgo === null
          ? calendar.at(initiative.completed ?? 0, 16.5)
          : calendar.hoursAgo(initiative.updatedHoursAgo),
    })),
    initiative_ventures: DEMO_INITIATIVES.flatMap((initiative) =>
      initiative.ventures.map((venture) => ({
        initiative_id: initiativeId(initiative.code),
        venture_id: ventureId(venture),
      })),
    ),
    initiative_milestones: DEMO_MILESTONES.map((milestone) => ({
      id: milestoneId(milestone.code, milestone.name),
      initiative_id: initiativeId(milestone.code),
      name: milestone.name,
      owner_name: milestone.owner,
      owner_email: demoEmail(milestone.owner),
      starts_on: calendar.day(-milestone.starts),
      deadline: calendar.day(-milestone.deadline),
      completed_at: milestone.done === null ? null : calendar.at(-milestone.done, 15),
      // Planned before it began, and never moved.
      deadline_set_at: calendar.at(1 - Math.min(milestone.starts, 0), 10),
    })),
  };
}
