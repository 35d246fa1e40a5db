import { describe, expect, it } from 'vitest';
import { createRandom } from '../../demo/random.js';
import type { Random } from '../../demo/random.js';
import type { ProposalRules, ResourceAllocation, ResourceShare } from '../../src/explain/proposal.js';
import { proposeResolution } from '../../src/explain/proposeResolution.js';

const RULES: ProposalRules = { limit: 1, hourlyRate: 75, minViableScore: 2.5 };

function share(
  ventureId: string,
  percent: number,
  score: number | null,
  more: Partial<ResourceShare> = {},
): ResourceShare {
  return {
    ventureId,
    venture: ventureId.toUpperCase(),
    share: percent / 100,
    hours: null,
    score,
    recommendation: null,
    ...more,
  };
}

function allocation(...shares: ResourceShare[]): ResourceAllocation {
  return { resourceId: 'r', resource: 'CTO time', resourceType: 'people', shares };
}

describe('an allocation of 140%', () => {
  // 160 h for each 100%
  const proposal = proposeResolution(
    allocation(
      share('low', 30, 2.1, { hours: 48 }),
      share('high', 60, 4.5, { hours: 96 }),
      share('middle', 50, 3.2, { hours: 80 }),
    ),
    RULES,
  );

  it('is 40% over the limit of 100%', () => {
    expect(proposal).toMatchObject({ total: 1.4, limit: 1, excess: 0.4, unscored: [] });
  });

  it('by priority: the lowest score gives its 30%, the middle one the other 10%, the highest nothing', () => {
    expect(
      proposal.priority?.shares.map(({ ventureId, proposed, cost }) => [ventureId, proposed, cost.hours, cost.dollars]),
    ).toEqual([
      ['high', 0.6, 0, 0],
      // 10 of 50% are 16 of 80 h, at 75 dollars
      ['middle', 0.4, 16, 1200],
      ['low', 0, 48, 3600],
    ]);
    expect(proposal.priority).toMatchObject({ total: 1, cost: { hours: 64, dollars: 4800 } });
  });

  it('by turns: the highest keeps its 60%, the others share the 40% that are left over two weeks', () => {
    // The circle is 50 + 30 = 80% long and each week takes 40% of it: 40 of middle; 10 of middle and 30 of low
    expect(proposal.timeSharing).toMatchObject({
      kept: ['high'],
      weeks: [
        { high: 0.6, middle: 0.4, low: 0 },
        { high: 0.6, middle: 0.1, low: 0.3 },
      ],
      // half of what they have: 25 of 50%, 15 of 30%, so 40 h and 24 h
      shares: [{ proposed: 0.6 }, { proposed: 0.25 }, { proposed: 0.15 }],
      cost: { hours: 64, dollars: 4800 },
    });
  });

  it('by expansion: 40% more of it, which is 64 of its 160 h', () => {
    expect(proposal.expansion?.more).toBe(0.4);
    expect(proposal.expansion?.cost.hours).toBeCloseTo(64, 9);
    expect(proposal.expansion?.cost.dollars).toBeCloseTo(4800, 9);
  });

  it('by sunset: the one under 2.5, which alone is not enough', () => {
    expect(proposal.sunset).toEqual({
      candidates: [{ ventureId: 'low', venture: 'LOW', score: 2.1, share: 0.3 }],
      total: 1.1,
      reachesLimit: false,
    });
  });
});

it('at the limit there is nothing to propose', () => {
  expect(proposeResolution(allocation(share('a', 60, 3), share('b', 40, 4)), RULES)).toMatchObject({
    total: 1,
    excess: 0,
    priority: null,
    timeSharing: null,
    expansion: null,
    sunset: null,
  });
});

it('a venture alone over 100% is cut to the limit, because nothing else is there', () => {
  const { priority, timeSharing, expansion } = proposeResolution(
    allocation(share('a', 130, 4.8, { hours: 208 })),
    RULES,
  );
  expect(priority).toMatchObject({ total: 1, shares: [{ proposed: 1, cut: 0.3, cost: { hours: 48 } }] });
  expect(timeSharing?.weeks.map((week) => week['a'])).toEqual(timeSharing?.weeks.map(() => 1));
  expect(expansion?.more).toBe(0.3);
});

it('equal scores give alike, in whole hundredths of a percent', () => {
  // 0.01% over: of two equal ones the first by share and id gives it
  const tiny = proposeResolution(allocation(share('a', 50, 3), share('b', 50.01, 3)), RULES);
  expect(tiny.priority?.shares.map(({ ventureId, cut }) => [ventureId, cut])).toEqual([
    ['b', 0.0001],
    ['a', 0],
  ]);
  // 50 over, from 100 and 50 of one score: 33.33 and 16.67; the highest keeps its own
  const { priority } = proposeResolution(allocation(share('a', 100, 3), share('b', 50, 3), share('c', 0, 5)), RULES);
  expect(priority?.shares.map(({ ventureId, cut }) => [ventureId, cut])).toEqual([
    ['c', 0],
    ['a', 0.3333],
    ['b', 0.1667],
  ]);
});

it('who has no score ranks last, and is named', () => {
  const { priority, unscored, sunset } = proposeResolution(
    allocation(share('new', 40, null), share('low', 40, 0.5), share('high', 40, 4)),
    RULES,
  );
  expect(unscored).toEqual(['new']);
  expect(priority?.shares.map(({ ventureId, cut }) => [ventureId, cut])).toEqual([
    ['high', 0],
    ['low', 0],
    ['new', 0.2],
  ]);
  // That nobody has assessed it is no reason to end it.
  expect(sunset?.candidates.map(({ ventureId }) => ventureId)).toEqual(['low']);
});

it('what is not measured in hours costs something that is not known, and nothing where nothing is cut', () => {
  const { priority, expansion, timeSharing } = proposeResolution(
    allocation(share('a', 80, 4), share('b', 40, 3, { hours: 64 })),
    RULES,
  );
  expect(priority?.cost).toEqual({ hours: 32, dollars: 2400 });
  expect(priority?.shares[0]?.cost).toEqual({ hours: 0, dollars: 0 });
  expect(expansion?.cost).toEqual({ hours: null, dollars: null });
  expect(timeSharing?.cost.hours).toBeCloseTo(32, 9);
  const unknown = proposeResolution(allocation(share('a', 80, 4), share('b', 40, 3)), RULES);
  expect(unknown.priority?.cost).toEqual({ hours: null, dollars: null });
});

it('an assessment that recommends Sunset is a candidate at any score', () => {
  const { sunset } = proposeResolution(
    allocation(share('a', 90, 4.9, { recommendation: 'Sunset' }), share('b', 80, 3)),
    RULES,
  );
  expect(sunset).toMatchObject({ candidates: [{ ventureId: 'a' }], total: 0.8, reachesLimit: true });
});

function randomAllocation(random: Random): ResourceAllocation {
  const count = random.next() < 0.1 ? 200 : random.integer(1, 12);
  return allocation(
    ...Array.from({ length: count }, (_, index) =>
      share(
        `v${index}`,
        random.integer(0, count > 50 ? 300 : 15_000) / 100,
        random.next() < 0.2 ? null : random.integer(0, 10) / 2,
        {
          hours: random.next() < 0.2 ? null : random.integer(0, 300),
        },
      ),
    ),
  );
}

it('whatever the shares are: at or under the limit, never below 0 or above the share, the highest score last', () => {
  const random = createRandom('proposals');
  let over = 0;
  let largest = 0;
  for (let run = 0; run < 500; run += 1) {
    const given = randomAllocation(random);
    const limit = random.pick([0.9, 1, 1.05, 1.2]);
    const { priority, timeSharing, expansion, total } = proposeResolution(given, { ...RULES, limit });
    if (priority === null || timeSharing === null || expansion === null) {
      expect(Math.round(total * 1e4), `run ${run}`).toBeLessThanOrEqual(Math.round(limit * 1e4));
      continue;
    }
    over += 1;
    largest = Math.max(largest, given.shares.length);
    const units = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + Math.round(number * 1e4), 0);
    // Exactly the limit: nobody gives more than has to be.
    expect(units(priority.shares.map(({ proposed }) => proposed)), `run ${run}`).toBe(Math.round(limit * 1e4));
    const [lastCut] = priority.shares.filter(({ cut }) => cut > 0);
    const problems = [
      ...[priority, timeSharing].flatMap(({ shares }) =>
        shares.filter(({ proposed, share: had }) => !(proposed >= 0 && proposed <= had + 1e-12)),
      ),
      // The highest that gives anything does so only where everybody below it has nothing left.
      ...priority.shares.filter(({ score, proposed }) => (score ?? -1) < (lastCut?.score ?? -1) && proposed > 0),
      ...priority.shares.filter(({ score, cut }) => (score ?? -1) > (lastCut?.score ?? -1) && cut > 0),
      ...timeSharing.weeks.filter((week) => units(Object.values(week)) > Math.round(limit * 1e4)),
      ...timeSharing.weeks.flatMap((week) =>
        given.shares.filter(
          ({ ventureId, share: had }) => !((week[ventureId] ?? -1) >= 0 && (week[ventureId] ?? -1) <= had + 1e-9),
        ),
      ),
    ];
    expect(problems, `run ${run}`).toEqual([]);
    expect([priority, timeSharing].map(({ shares }) => shares.length)).toEqual([
      given.shares.length,
      given.shares.length,
    ]);
    expect(timeSharing.weeks.length).toBeLessThanOrEqual(12);
    expect(total / (1 + expansion.more), `run ${run}`).toBeLessThanOrEqual(limit + 1e-4);
  }
  expect(over).toBeGreaterThan(300);
  expect(largest).toBe(200);
});
