import type { DemoCalendar } from './demoCalendar.js';
import { DEMO_INITIATIVES, type DemoInitiative } from './demoInitiatives.js';
import { nameUuid } from './nameUuid.js';
import { initiativeId } from './portfolioInitiatives.js';
import type { ValueEventRow } from './portfolioRows.js';
import { createRandom, type Random } from './random.js';

/** The default of the threshold hourly_rate: only the size of the demo's hours depends on it. */
const DOLLARS_PER_HOUR = 75;
/** First value comes some days after the launch. */
const DAYS_TO_FIRST_VALUE = 8;
/** About so many hours ago an initiative that is still captured from had its newest events. */
const FRESH_HOURS: readonly number[] = [3, 9, 26];
/** The newest of all: so recent that even the first minute of a month or year has an event. */
const NEWEST = { code: 'PAYHEALTH-XSELL', hours: 20 / 3600 } as const;

type Kind = readonly [type: ValueEventRow['value_type'], total: number, weight: number];

/** More than 500 events of the four types. An initiative's amounts add up to its total in {@link DEMO_INITIATIVES}. */
export function portfolioValue(calendar: DemoCalendar, seed: number): ValueEventRow[] {
  return DEMO_INITIATIVES.flatMap((initiative) =>
    initiative.value === null || initiative.launched === null
      ? []
      : eventsOf(
          initiative,
          initiative.value,
          initiative.launched,
          calendar,
          createRandom(`${seed}:value:${initiative.code}`),
        ),
  );
}

function eventsOf(
  initiative: DemoInitiative,
  value: NonNullable<DemoInitiative['value']>,
  launched: number,
  calendar: DemoCalendar,
  random: Random,
): ValueEventRow[] {
  const [cost, revenue, time] = value.shares;
  const kinds: readonly Kind[] = [
    ['COST_SAVED', value.total * cost, cost],
    ['REVENUE_GENERATED', value.total * revenue, revenue],
    ['TIME_SAVED_HOURS', (value.total * time) / DOLLARS_PER_HOUR, time],
  ];
  const risks = Math.max(1, Math.round(value.events * 0.08));
  const amounts = kinds.flatMap(([type, total, weight]) =>
    split(total, Math.round((value.events - risks) * weight), random).map((amount) => ({ type, amount })),
  );
  for (let index = 0; index < risks; index += 1) amounts.push({ type: 'RISK_REDUCED', amount: random.integer(1, 10) });
  const times = timesOf(initiative.code, amounts.length, launched - DAYS_TO_FIRST_VALUE, value.until, calendar, random);
  // The kinds are dealt over the times in a fixed stride, coprime with any length that is not its multiple.
  return times.map((capturedAt, index) => {
    const { type, amount } = amounts[(index * 37) % amounts.length] ?? raise();
    const number = index + 1;
    return {
      value_capture_event_id: nameUuid(`value:${initiative.code}:${number}`),
      initiative_id: initiativeId(initiative.code),
      value_type: type,
      value_amount: amount,
      captured_at: capturedAt,
      evidence_link:
        random.next() < 0.15 ? null : `https://example.test/evidence/${initiative.code.toLowerCase()}/${number}`,
      logged_by: random.next() < 0.7 ? 'SynergyExecutionManager' : initiative.owner,
    };
  });
}

function raise(): never {
  throw new RangeError('an initiative with value has at least one event');
}

/** `count` amounts, in cents, that add up to the total. */
function split(total: number, count: number, random: Random): number[] {
  if (count === 0) return [];
  const weights = Array.from({ length: count }, () => random.between(0.4, 1.8));
  const sum = weights.reduce((left, right) => left + right, 0);
  const amounts = weights.map((weight) => Math.round((100 * total * weight) / sum) / 100);
  const rest = total - amounts.reduce((left, right) => left + right, 0);
  return amounts.map((amount, index) => (index === 0 ? Math.round(100 * (amount + rest)) / 100 : amount));
}

/** From old to new, denser towards the newest day. */
function timesOf(
  code: string,
  count: number,
  from: number,
  until: number,
  calendar: DemoCalendar,
  random: Random,
): Date[] {
  const times = Array.from({ length: count }, () => {
    const daysAgo = Math.round(until + (from - until) * (1 - random.next() ** 0.75));
    return calendar.at(Math.max(daysAgo, 2), random.between(8, 17.5));
  });
  if (until === 0) {
    FRESH_HOURS.forEach((hours, index) => {
      times[index] = calendar.hoursAgo(hours * random.between(0.7, 1.3));
    });
  }
  if (code === NEWEST.code) times[FRESH_HOURS.length] = calendar.hoursAgo(NEWEST.hours);
  return times.toSorted((left, right) => left.getTime() - right.getTime());
}
