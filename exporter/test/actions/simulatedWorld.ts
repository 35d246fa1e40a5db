import type { Client } from 'pg';
import type { TestAlert } from './actionsBench.js';

export const DAY = 86_400_000;
/** Each day is looked at once, at noon UTC. */
export const BEGIN = new Date('2024-12-31T12:00:00Z');
export const DAYS = 400;
/** Days on which nothing runs, and nothing that Alertmanager posts is heard: two months. */
export const STOP = { from: 140, to: 200 };

export const noon = (day: number): Date => new Date(BEGIN.getTime() + day * DAY);
export const isStopped = (day: number): boolean => day >= STOP.from && day < STOP.to;

export interface Episode {
  readonly alertname: string;
  readonly entity: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Days; it fires on `from` and no more on `to`. */
  readonly from: number;
  readonly to: number;
  /** A number of its own from 0 to 1, by which people answer or do not. */
  readonly mood: number;
}

const id = (kind: string, n: number): string => `00000000-0000-4000-8000-0000000000${kind}${n}`;
const MEASURES = ['revenue', 'profit'];
const NUMBERS = [1, 2];

/** Alerts by a seeded chance: each entity's fire, end and fire again. Begins are on even days and ends on odd ones. */
export function simulatedEpisodes(seed: number): Episode[] {
  const random = mulberry32(seed);
  const series = (
    alertname: string,
    entity: string,
    labels: Readonly<Record<string, string>>,
    [shortest, longest, pause]: readonly [number, number, number],
  ): Episode[] => {
    const episodes: Episode[] = [];
    let day = 2 + Math.floor(random() * pause);
    while (day < DAYS - longest - 2) {
      const from = day + (day % 2);
      const length = shortest + Math.floor(random() * (longest - shortest));
      const to = from + length + ((length + 1) % 2);
      episodes.push({ alertname, entity, labels, from, to, mood: random() });
      day = to + 3 + Math.floor(random() * pause);
    }
    return episodes;
  };
  const conflicts = NUMBERS.flatMap((n) =>
    series('ResourceConflictDetected', id('c', n), { resource_id: id('c', n) }, [1, 14, 30]),
  );
  return [
    ...MEASURES.flatMap((measure) => series('PortfolioPerformanceDegradation', measure, { measure }, [1, 12, 25])),
    ...NUMBERS.flatMap((n) =>
      series('SynergyInitiativeDelayed', id('a', n), { milestone_id: id('a', n) }, [1, 12, 25]),
    ),
    // An allocation that falls and rises again while nobody looks is one conflict: left to a test of its own.
    ...conflicts.filter(
      ({ from, to }) => !(from >= STOP.from - 30 && to <= STOP.to + 30 && (from >= STOP.from || to >= STOP.from)),
    ),
    ...series('SynergyCaptureRateBelowTarget', '', {}, [3, 60, 60]),
    ...series('CoordinationOverheadExceedsThreshold', '', {}, [3, 60, 60]),
  ];
}

export function alertOf({ alertname, labels, from, to }: Episode, isOver: boolean): TestAlert {
  const early = 6 * 3_600_000;
  return {
    labels: { alertname, ...labels },
    startsAt: new Date(noon(from).getTime() - early),
    endsAt: isOver ? new Date(noon(to).getTime() - early) : null,
  };
}

/** Ventures with numbers, two leads, two delayed milestones, two resources within their limit. */
export async function createWorld(client: Client): Promise<void> {
  await client.query(`
    INSERT INTO ventures (id, name, status, lead_email, created_at)
    SELECT ('${id('f', 0).slice(0, -1)}' || n)::uuid, 'Venture ' || n, 'active', 'lead' || n || '@example.test', '2024-01-01'
      FROM generate_series(1, 2) AS n;
    INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, user_count, stage)
    SELECT v.id, day::date, 100000 - 100 * extract(day FROM day - '2024-10-31'::timestamp), 5000, 10, 39
      FROM ventures v, generate_series('2024-10-31'::timestamp, '2026-02-28', '1 day') AS day;
    INSERT INTO synergy_initiatives (id, code, name, status, owner_name, owner_email, launched_at)
    SELECT ('${id('b', 0).slice(0, -1)}' || n)::uuid, 'SYN-' || n, 'Initiative ' || n, 'ACTIVE', 'Owner', 'owner' || n || '@example.test', '2024-01-01'
      FROM generate_series(1, 2) AS n;
    INSERT INTO initiative_milestones (id, initiative_id, name, deadline, deadline_set_at)
    SELECT ('${id('a', 0).slice(0, -1)}' || right(i.id::text, 1))::uuid, i.id, 'Pilot', '2024-12-01', '2024-01-01' FROM synergy_initiatives i;
    INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available)
    SELECT ('${id('c', 0).slice(0, -1)}' || n)::uuid, 'Resource ' || n, 'people', v.id, 45, 72 FROM ventures v, generate_series(1, 2) AS n`);
}

/** What the rows say on a day: a resource is over its limit while its alert fires. */
export async function changeAllocations(client: Client, episodes: readonly Episode[], day: number): Promise<void> {
  for (const { alertname, entity, from, to } of episodes) {
    if (alertname !== 'ResourceConflictDetected' || (from !== day && to !== day)) continue;
    await client.query('UPDATE venture_resource_allocations SET allocation_percentage = $2 WHERE resource_id = $1', [
      entity,
      day === from ? 65 : 45,
    ]);
  }
}

export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
