import { afterAll, beforeAll, expect, it } from 'vitest';
import { startActionsBench } from './actionsBench.js';
import type { ActionsBench } from './actionsBench.js';
import { decisionOf, expectedMails, heard, isAnswered } from './expectedMails.js';
import {
  alertOf,
  BEGIN,
  changeAllocations,
  createWorld,
  DAYS,
  isStopped,
  noon,
  simulatedEpisodes,
} from './simulatedWorld.js';

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\([23] of 3\)$/, 'further look'],
  [/^(Revenue|Profit) /, 'root cause'],
  [/^Cancelled: /, 'cancellation'],
  [/^Your status /, 'status request'],
  [/^Reminder: your status /, 'status reminder'],
  [/^Decision needed: /, 'approval'],
  [/^Waiting for /, 'approval reminder'],
  [/^Proposal: /, 'proposal'],
  [/^The proposal for /, 'decision'],
  [/^No decision /, 'withdrawal'],
  [/^\[(FIRING · high|RESOLVED)\] Resource /, 'venture lead'],
  [/^Digest of /, 'digest'],
  [/^Portfolio report, /, 'report'],
];
const HOUR = 3_600_000;

let bench: ActionsBench;
beforeAll(async () => {
  bench = await startActionsBench(BEGIN);
  await createWorld(bench.owner.client);
});
afterAll(() => bench.stop());

it(
  'delivers thirteen months once and whole, two Alertmanagers telling, with a stop of two months',
  { timeout: 1_200_000 },
  async () => {
    const episodes = simulatedEpisodes(3);
    for (let day = 0; day < DAYS; day += 1) {
      await changeAllocations(bench.owner.client, episodes, day);
      if (isStopped(day)) continue;
      await hear(day);
      await bench.tick();
      await answer(day);
    }
    const kindOf = (subject: string): string => KINDS.find(([pattern]) => pattern.test(subject))?.[1] ?? subject;
    const received = bench.server.received.map(({ to, mail }) => ({
      ...mail,
      to: to.join(),
      kind: kindOf(mail.subject ?? ''),
    }));
    const arrived = received.map(({ to, kind, date }) => `${date?.slice(0, 10) ?? ''} ${to} ${kind}`);
    const expected = expectedMails(episodes, DAYS);
    const duplicates = received.length - new Set(received.map(({ messageId }) => messageId)).size;
    const counts = Object.fromEntries(
      KINDS.map(([, kind]) => [kind, received.filter((one) => one.kind === kind).length]),
    );
    console.info({ episodes: episodes.length, mails: arrived.length, ...counts, duplicates });
    expect({ duplicates, missing: without(expected, arrived), unexpected: without(arrived, expected) }).toEqual({
      duplicates: 0,
      missing: [],
      unexpected: [],
    });

    async function hear(day: number): Promise<void> {
      bench.now = noon(day);
      const told = episodes.flatMap((one) => {
        const times = heard(one);
        if (times === null || day < times.begin || day > times.end) return [];
        return [alertOf(one, day === times.end)];
      });
      if (told.length === 0) return;
      await bench.tell(...told);
      await bench.tellAgain(...told);
      // What was under way when it ended.
      const ended = told.filter(({ endsAt }) => endsAt !== null);
      if (ended.length > 0) await bench.tellAgain(...ended.map((one) => ({ ...one, endsAt: null })));
      await bench.work();
    }

    /** People, in the afternoon. */
    async function answer(day: number): Promise<void> {
      const { client } = bench.owner;
      const later = new Date(noon(day).getTime() + HOUR);
      for (const one of episodes.filter((episode) => heard(episode)?.begin === day)) {
        if (one.alertname === 'SynergyInitiativeDelayed' && isAnswered(one)) {
          await client.query(
            `INSERT INTO initiative_responses (initiative_id, responded_by, responded_at, note)
           SELECT initiative_id, 'Owner', $2, 'Soon' FROM initiative_milestones WHERE id = $1`,
            [one.entity, later],
          );
        }
        if (one.alertname === 'ResourceConflictDetected' && decisionOf(one) !== null) {
          await client.query(
            `UPDATE portfolio_actions.approvals SET decided_at = $2, decision = $3, decided_by = 'Chairman'
            WHERE decided_at IS NULL AND conflict_id IN (SELECT conflict_id FROM resource_conflicts WHERE resource_id = $1)`,
            [one.entity, later, decisionOf(one)],
          );
        }
      }
    }
  },
);

/** What is in the one and not in the other, each as often. */
function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((one) => {
    const place = left.indexOf(one);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}
