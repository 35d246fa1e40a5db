import type { DemoCalendar } from './demoCalendar.js';
import { BASELINE_DAYS_AGO, DEMO_VENTURES, demoEmail, HISTORY_DAYS, type DemoVenture } from './demoVentures.js';
import { nameUuid } from './nameUuid.js';
import type { Portfolio, VentureAssessmentRow, VentureMetricsRow } from './portfolioRows.js';
import { createRandom, type Random } from './random.js';

const MONTHS = 18;
/** Of the baseline: what a venture earned 18 months ago. */
const FIRST_DAY_SHARE = 0.945;

export function ventureId(key: string): string {
  return nameUuid(`venture:${key}`);
}

/** Ventures with 18 months of daily metrics and monthly assessments. */
export function portfolioVentures(
  calendar: DemoCalendar,
  seed: number,
): Pick<Portfolio, 'ventures' | 'venture_metrics' | 'venture_assessments'> {
  return {
    ventures: DEMO_VENTURES.map((venture, index) => ({
      id: ventureId(venture.key),
      name: venture.name,
      status: 'active',
      lead_name: venture.lead,
      lead_email: demoEmail(venture.lead),
      created_at: calendar.at(HISTORY_DAYS + 60 + 45 * (DEMO_VENTURES.length - index), 9),
    })),
    venture_metrics: DEMO_VENTURES.flatMap((venture) => {
      const random = createRandom(`${seed}:metrics:${venture.key}`);
      const phase = random.between(0, 2 * Math.PI);
      return Array.from({ length: HISTORY_DAYS }, (_, index) =>
        metricsOn(HISTORY_DAYS - 1 - index, venture, phase, calendar, random),
      );
    }),
    venture_assessments: DEMO_VENTURES.flatMap((venture) => {
      const random = createRandom(`${seed}:assessments:${venture.key}`);
      return Array.from({ length: MONTHS }, (_, index) => assessmentIn(MONTHS - 1 - index, venture, calendar, random));
    }),
  };
}

function metricsOn(
  daysAgo: number,
  venture: DemoVenture,
  phase: number,
  calendar: DemoCalendar,
  random: Random,
): VentureMetricsRow {
  // Slow waves and a little daily noise: no month ends anywhere near 10% below the one before.
  const wave = 1 + 0.008 * Math.sin(phase + (2 * Math.PI * daysAgo) / 61);
  const ripple = () => wave * random.between(0.997, 1.003);
  const day = calendar.day(daysAgo);
  return {
    id: nameUuid(`metrics:${venture.key}:${day}`),
    venture_id: ventureId(venture.key),
    recorded_at: day,
    monthly_revenue: cents(level(venture.revenue, daysAgo) * ripple()),
    monthly_burn: cents(level(venture.burn, daysAgo) * random.between(0.995, 1.005)),
    user_count: Math.round(level(venture.users, daysAgo) * random.between(0.998, 1.002)),
    stage: stageOn(daysAgo, venture),
  };
}

/** Slow growth up to the baseline, then towards today's level. */
function level([baseline, today]: readonly [number, number], daysAgo: number): number {
  if (daysAgo > BASELINE_DAYS_AGO) {
    const share = (daysAgo - BASELINE_DAYS_AGO) / (HISTORY_DAYS - BASELINE_DAYS_AGO);
    return baseline * (1 - (1 - FIRST_DAY_SHARE) * share);
  }
  return baseline + (today - baseline) * (1 - daysAgo / BASELINE_DAYS_AGO) ** 1.15;
}

function stageOn(daysAgo: number, venture: DemoVenture): number {
  const daysBefore = daysAgo - (BASELINE_DAYS_AGO - venture.stage39Delay);
  if (daysBefore <= 0) return 39;
  return daysBefore <= 90 ? 38 : 37;
}

function assessmentIn(
  monthsAgo: number,
  venture: DemoVenture,
  calendar: DemoCalendar,
  random: Random,
): VentureAssessmentRow {
  const earlier = (venture.scoreDrift * monthsAgo) / (MONTHS - 1);
  const [fit, financial, growth, efficiency] = venture.scores;
  const score = (today: number) => {
    const wobble = random.between(-0.08, 0.08);
    return cents(Math.min(5, Math.max(0, today - earlier + (monthsAgo === 0 ? 0 : wobble))));
  };
  const assessedOn = calendar.monthStart(monthsAgo);
  const scores = {
    strategic_fit: score(fit),
    financial_health: score(financial),
    growth_potential: score(growth),
    resource_efficiency: score(efficiency),
  };
  const mean = Object.values(scores).reduce((sum, value) => sum + value, 0) / 4;
  return {
    id: nameUuid(`assessment:${venture.key}:${assessedOn}`),
    venture_id: ventureId(venture.key),
    assessed_on: assessedOn,
    ...scores,
    recommendation: mean >= 3 ? 'Continue' : mean >= 2.2 ? 'Pivot' : 'Sunset',
  };
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}
