import type { DemoCalendar } from './demoCalendar.js';
import { nameUuid } from './nameUuid.js';
import { initiativeId, milestoneId } from './portfolioInitiatives.js';
import type { Portfolio } from './portfolioRows.js';

interface Delay {
  readonly code: string;
  readonly milestone: string;
  /** Who was told, and how many hours ago. */
  readonly told: readonly string[];
  readonly notified: number;
  readonly answer: { readonly by: string; readonly hoursAgo: number; readonly note: string };
}

/**
 * Two milestones were late enough for an alert, each answered within the 48 hours: one that is done since, and the one that
 * is overdue now, whose alert began three to four days ago.
 */
const DELAYS: readonly Delay[] = [
  {
    code: 'OFFICE-JOINT',
    milestone: 'Site selection',
    told: ['Ben Okafor', 'SynergyExecutionManager'],
    notified: 161.5 * 24,
    answer: {
      by: 'Ben Okafor',
      hoursAgo: 161 * 24,
      note: 'Two sites are left; the landlords answer this week.',
    },
  },
  {
    code: 'PAYHEALTH-XSELL',
    milestone: 'Checkout integration',
    told: ['Elena Petrova', 'SynergyExecutionManager', 'Chairman'],
    notified: 72,
    answer: {
      by: 'Elena Petrova',
      hoursAgo: 43.5,
      note: 'The payment interface changed; the new version is in test with two clinics and goes live within two weeks.',
    },
  },
];

/** Who was told about delayed milestones, and what was answered. */
export function portfolioDelays(
  calendar: DemoCalendar,
): Pick<Portfolio, 'initiative_notifications' | 'initiative_responses'> {
  return {
    initiative_notifications: DELAYS.flatMap(({ code, milestone, told, notified }) =>
      told.map((recipient) => ({
        id: nameUuid(`notification:${code}:${milestone}:${recipient}`),
        milestone_id: milestoneId(code, milestone),
        recipient,
        notified_at: calendar.hoursAgo(notified),
      })),
    ),
    initiative_responses: DELAYS.map(({ code, milestone, answer }) => ({
      id: nameUuid(`response:${code}:${milestone}`),
      initiative_id: initiativeId(code),
      responded_by: answer.by,
      responded_at: calendar.hoursAgo(answer.hoursAgo),
      note: answer.note,
    })),
  };
}
