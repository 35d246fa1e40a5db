import type { DemoCalendar } from './demoCalendar.js';
import { nameUuid } from './nameUuid.js';
import { DEMO_RESOURCES, resourceId, type DemoResource } from './portfolioResources.js';
import type { ConflictRow } from './portfolioRows.js';
import { createRandom, type Random } from './random.js';

/** Conflicts have been logged since shortly after the baseline. */
const FIRST_DAYS_AGO = 264;
/** More are found since the log is kept by a program: days between two of them, before and after that. */
const DAYS_BETWEEN = { before: 2.4, since: 1.1 } as const;
const PROGRAM_DAYS_AGO = 40;

const RESOLUTIONS = [
  'Time-sharing: alternate weeks',
  'Share cut for the venture with the lower score',
  'Capacity added',
  'Start of the later project moved by two weeks',
  'Merged into one shared task',
] as const;

/** The open conflicts: hours since detection, and the allocation that would be (or is) reached. */
const OPEN: readonly (readonly [
  resource: string,
  status: ConflictRow['status'],
  hours: number,
  total: number,
  notes: string | null,
])[] = [
  ['CTO time', 'DETECTED', 3.2, 105, null],
  ['Platform engineers', 'IN_PROGRESS', 14.5, 110, 'Proposal: hire, or move the robotics work by a month'],
  ['Security engineer', 'IN_PROGRESS', 30.7, 110, 'Time-sharing between two audits under discussion'],
  ['CI runners', 'ESCALATED', 101.3, 105, 'Ventures could not agree; with the Chairman'],
];

/** Conflicts in every status; resolved ones took 5 to 120 hours, 36 on average. */
export function portfolioConflicts(calendar: DemoCalendar, seed: number): ConflictRow[] {
  const random = createRandom(`${seed}:conflicts`);
  const resolved: ConflictRow[] = [];
  for (let daysAgo = FIRST_DAYS_AGO; daysAgo >= 2.5; daysAgo -= step(daysAgo)) {
    resolved.push(resolvedConflict(resolved.length, daysAgo, calendar, random));
  }
  const open = OPEN.map(([name, status, hours, total, notes]): ConflictRow => ({
    conflict_id: nameUuid(`conflict:open:${name}`),
    resource_id: resourceId(name),
    resource_name: name,
    total_allocation_pct: total,
    detected_at: calendar.hoursAgo(hours),
    resolved_at: null,
    status,
    resolution_notes: notes,
  }));
  return [...resolved, ...open];
}

function step(daysAgo: number): number {
  return daysAgo > PROGRAM_DAYS_AGO ? DAYS_BETWEEN.before : DAYS_BETWEEN.since;
}

function resolvedConflict(index: number, daysAgo: number, calendar: DemoCalendar, random: Random): ConflictRow {
  const resource: DemoResource = random.pick(DEMO_RESOURCES);
  // One in five drags on past the target of 48 hours. Nothing is resolved later than four fifths of its age.
  const drawn = index % 5 === 2 ? random.between(49, 118) : random.between(5, 42);
  const hours = Math.min(drawn, daysAgo * 24 * 0.8);
  const detectedAt = calendar.hoursAgo(daysAgo * 24 + random.between(-4, 4));
  return {
    conflict_id: nameUuid(`conflict:${index}`),
    resource_id: resourceId(resource.name),
    resource_name: resource.name,
    total_allocation_pct: random.integer(101, 128),
    detected_at: detectedAt,
    resolved_at: new Date(detectedAt.getTime() + Math.round(hours * 3_600_000)),
    status: 'RESOLVED',
    resolution_notes: random.pick(RESOLUTIONS),
  };
}
