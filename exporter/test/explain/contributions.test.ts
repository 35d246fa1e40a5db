import { describe, expect, it } from 'vitest';
import { createRandom } from '../../demo/random.js';
import type { Random } from '../../demo/random.js';
import { groupTotals, shareOut, shareOutChange } from '../../src/explain/contributions.js';
import type { Contribution, Part } from '../../src/explain/explanation.js';

function part(
  id: string,
  numerator: number | null,
  denominator: number | null = null,
  component: string | null = null,
): Part {
  return { id, name: `Venture ${id}`, component, group: null, numerator, denominator };
}

const amounts = (all: readonly Contribution[]) =>
  Object.fromEntries(all.map(({ id, component, amount }) => [component === null ? id : `${id} ${component}`, amount]));
const groups = (all: readonly Contribution[]) => Object.fromEntries(all.map(({ id, group }) => [id, group]));

describe('a value of one day', () => {
  it('is shared out over its parts by their numerators', () => {
    // 600 + 300 + 100 = 1000, and one that is silent
    const all = shareOut('sum', [part('a', 600), part('b', 300), part('c', 100), part('d', null)]);
    expect(amounts(all)).toEqual({ a: 600, b: 300, c: 100, d: null });
    expect(all.map(({ share }) => share)).toEqual([0.6, 0.3, 0.1, null]);
    expect(groups(all)).toEqual({ a: 'stayed', b: 'stayed', c: 'stayed', d: 'silent' });
  });

  it('of a ratio is shared out over the same denominator', () => {
    // 30 h + 10 h over 200 h + 120 h = 40 / 320 = 12.5%: 30 / 320, 10 / 320; the third only has hours available
    const all = shareOut('ratio', [part('a', 30, 200), part('b', 10, 100), part('c', 0, 20)]);
    expect(amounts(all)).toEqual({ a: 0.09375, b: 0.03125, c: 0 });
    expect(all.map(({ share }) => share)).toEqual([0.75, 0.25, 0]);
  });

  it('over nothing has no amounts', () => {
    expect(shareOut('ratio', [part('a', 1, 0), part('b', 2)]).map(({ amount }) => amount)).toEqual([null, null]);
  });
});

describe('a change', () => {
  it('of a profit is split by venture and by revenue and burn; who joined, left, is silent and came back stand apart', () => {
    const then = [
      part('a', 500, null, 'revenue'),
      part('a', -300, null, 'burn'),
      part('left', 90, null, 'revenue'),
      part('left', -50, null, 'burn'),
      part('silent', 200, null, 'revenue'),
      part('silent', -150, null, 'burn'),
      part('back', null, null, 'revenue'),
      part('back', null, null, 'burn'),
    ];
    const now = [
      part('a', 450, null, 'revenue'),
      part('a', -320, null, 'burn'),
      part('silent', null, null, 'revenue'),
      part('silent', null, null, 'burn'),
      part('back', 70, null, 'revenue'),
      part('back', -20, null, 'burn'),
      part('new', 40, null, 'revenue'),
      part('new', -60, null, 'burn'),
    ];
    // then 200 + 40 + 50 = 290; now 130 + 50 - 20 = 160: a fall of 130
    const all = shareOutChange('sum', now, then);
    expect(amounts(all)).toEqual({
      'a revenue': -50,
      'a burn': -20,
      'left revenue': -90,
      'left burn': 50,
      'silent revenue': -200,
      'silent burn': 150,
      'back revenue': 70,
      'back burn': -20,
      'new revenue': 40,
      'new burn': -60,
    });
    expect(groups(all)).toEqual({ a: 'stayed', left: 'left', silent: 'silent', back: 'returned', new: 'joined' });
    expect(groupTotals(all).map(({ group, parts, amount }) => [group, parts, amount])).toEqual([
      ['stayed', 1, -70],
      ['joined', 1, -20],
      ['returned', 1, 50],
      ['left', 1, -40],
      ['silent', 1, -50],
    ]);
    // -70 of -130
    expect(groupTotals(all)[0]?.share).toBeCloseTo(0.538462, 6);
  });

  it('of a ratio is how far each part is above or below the old ratio, over the new denominator', () => {
    // Then 20 / 200 + 10 / 100 = 30 / 300 = 10%. Now 50 / 200 + 10 / 200 = 60 / 400 = 15%: five points.
    // a: (50 - 0.1 x 200) - (20 - 0.1 x 200) = 30 - 0, over 400: 7.5 points
    // b: (10 - 0.1 x 200) - (10 - 0.1 x 100) = -10 - 0, over 400: -2.5 points
    const all = shareOutChange(
      'ratio',
      [part('a', 50, 200), part('b', 10, 200)],
      [part('a', 20, 200), part('b', 10, 100)],
    );
    const { a, b } = amounts(all);
    expect(a).toBeCloseTo(0.075, 12);
    expect(b).toBeCloseTo(-0.025, 12);
    expect(all.map(({ share }) => share)).toEqual([expect.closeTo(1.5, 12), expect.closeTo(-0.5, 12)]);
  });

  it('from or to nothing has no amounts', () => {
    const [one] = shareOutChange('ratio', [part('a', 50, 200)], [part('a', 20, 0)]);
    expect(one).toMatchObject({ amount: null, share: null, now: { numerator: 50 }, then: { numerator: 20 } });
  });
});

/** Ventures of which some are there, some are silent, some know only one number of their two, each at either moment. */
function randomParts(random: Random, kind: 'sum' | 'ratio'): Part[] {
  const components = kind === 'sum' && random.next() < 0.5 ? ['revenue', 'burn'] : [null];
  return Array.from({ length: random.integer(1, 40) }, (_, index) => index)
    .filter(() => random.next() < 0.8)
    .flatMap((index) => {
      const isSilent = random.next() < 0.15;
      return components.map((component) => {
        const size = 10 ** random.integer(0, 9);
        return part(
          `v${index}`,
          isSilent ? null : random.between(component === 'burn' ? -size : 0, component === 'burn' ? 0 : size),
          kind === 'ratio' && random.next() < 0.9 ? random.between(0, size) : null,
          component,
        );
      });
    });
}

describe('whatever the rows are', () => {
  it('the amounts add up to the value and to the change within 1e-9, and the groups to the same', () => {
    const random = createRandom('contributions');
    let changes = 0;
    for (let run = 0; run < 500; run += 1) {
      const kind = random.pick(['sum', 'ratio'] as const);
      const [now, then] = [randomParts(random, kind), randomParts(random, kind)];
      const valueOf = (parts: readonly Part[]) => {
        const over = parts.reduce((total, { denominator }) => total + (denominator ?? 0), 0);
        const sum = parts.reduce((total, { numerator }) => total + (numerator ?? 0), 0);
        return kind === 'sum' ? sum : over === 0 ? null : sum / over;
      };
      const [value, before] = [valueOf(now), valueOf(then)];
      if (value !== null) expectSum(shareOut(kind, now), value, run);
      if (value === null || before === null) continue;
      changes += 1;
      expectSum(shareOutChange(kind, now, then), value - before, run);
    }
    expect(changes).toBeGreaterThan(400);
  });
});

function expectSum(all: readonly Contribution[], whole: number, run: number): void {
  const add = (numbers: readonly (number | null)[]) =>
    numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
  const size = Math.max(Math.abs(whole), ...all.map(({ amount }) => Math.abs(amount ?? 0)));
  expect(Math.abs(add(all.map(({ amount }) => amount)) - whole), `run ${run}`).toBeLessThanOrEqual(1e-9 * size);
  expect(Math.abs(add(groupTotals(all).map(({ amount }) => amount)) - whole), `run ${run}`).toBeLessThanOrEqual(
    1e-9 * size,
  );
  if (whole !== 0 && all.length > 0) expect(add(all.map(({ share }) => share))).toBeCloseTo(1, 3);
}
