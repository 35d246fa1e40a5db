import type { DemoCalendar } from './demoCalendar.js';
import { BASELINE_DAYS_AGO, DEMO_VENTURES, HISTORY_DAYS } from './demoVentures.js';
import { nameUuid } from './nameUuid.js';
import type { ResourceUsageRow } from './portfolioRows.js';
import { ventureId } from './portfolioVentures.js';
import { createRandom } from './random.js';

interface UsageKind {
  readonly type: string;
  readonly dollarsPerHour: number;
  /** Hours of the whole portfolio in 30 days; `progress` is 0 at the baseline (and before it) and 1 today. */
  readonly hours: (progress: number) => number;
}

/** As the procedure's example: 200 hours a month of duplicate work at the baseline, about 138 now. */
const duplicated = (baseline: number) => (progress: number) => baseline * (1 - 0.315 * eased(progress / 0.9));

const KINDS: readonly UsageKind[] = [
  { type: 'duplicate_engineering', dollarsPerHour: 92, hours: duplicated(100) },
  { type: 'duplicate_design', dollarsPerHour: 74, hours: duplicated(56) },
  { type: 'duplicate_marketing', dollarsPerHour: 68, hours: duplicated(44) },
  // A twelfth of the portfolio's time while plans are made, about 9% since the meetings were thinned out.
  {
    type: 'coordination',
    dollarsPerHour: 80,
    hours: (progress) =>
      progress < 0.25 ? 48 + 235 * eased(progress / 0.25) : 283 - 67 * eased((progress - 0.25) / 0.6),
  },
  { type: 'engineering', dollarsPerHour: 90, hours: (progress) => 900 + 20 * progress },
  { type: 'design', dollarsPerHour: 72, hours: (progress) => 430 + 10 * progress },
  { type: 'marketing', dollarsPerHour: 66, hours: (progress) => 365 + 10 * progress },
];

/** Eighteen months of daily usage per venture and type; less at weekends, in hours and dollars with two decimals. */
export function portfolioUsage(calendar: DemoCalendar, seed: number): ResourceUsageRow[] {
  const days = Array.from({ length: HISTORY_DAYS }, (_, index) => {
    const daysAgo = HISTORY_DAYS - 1 - index;
    const day = calendar.day(daysAgo);
    return { day, progress: Math.max(0, 1 - daysAgo / BASELINE_DAYS_AGO), factor: weekdayFactor(day) };
  });
  return KINDS.flatMap((kind) =>
    DEMO_VENTURES.flatMap((venture) => {
      const random = createRandom(`${seed}:usage:${kind.type}:${venture.key}`);
      const venture_id = ventureId(venture.key);
      return days.map(({ day, progress, factor }) => {
        const hours = (kind.hours(progress) / 30) * venture.effortShare * factor * random.between(0.88, 1.12);
        return {
          id: nameUuid(`usage:${kind.type}:${venture.key}:${day}`),
          venture_id,
          resource_type: kind.type,
          hours_spent: cents(hours),
          budget_spent: cents(hours * kind.dollarsPerHour * random.between(0.97, 1.03)),
          recorded_at: day,
        };
      });
    }),
  );
}

/** Averages 1 over a week; mild, so that four or five weekends in the window hardly matter. */
function weekdayFactor(day: string): number {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6 ? 0.9 : 1.04;
}

/** Smoothstep: 0 up to 0, 1 from 1 on. */
function eased(share: number): number {
  const x = Math.min(1, Math.max(0, share));
  return x * x * (3 - 2 * x);
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}
