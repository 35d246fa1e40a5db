import { describe, expect, it } from 'vitest';
import { createRandom } from '../../demo/random.js';
import { applyAlert, type EpisodeSpan, type Span } from '../../src/actions/webhook/applyAlert.js';

interface Told extends Span {
  readonly series: string;
}

/** The episodes after all that was told, and how many began. */
function episodesOf(told: readonly Told[]): { episodes: EpisodeSpan[]; opened: number } {
  let episodes: EpisodeSpan[] = [];
  for (const { series, ...span } of told) {
    const effect = applyAlert(episodes, series, span);
    if (effect.kind === 'known') continue;
    const { episode } = effect;
    const id = effect.kind === 'new' ? String(episodes.length) : effect.episode.id;
    episodes = [...episodes.filter((one) => one.id !== id), { ...episode, id }].sort((a, b) => b.startsAt - a.startsAt);
  }
  return { episodes, opened: episodes.length };
}

const firing = (series: string, startsAt: number): Told => ({ series, startsAt, endsAt: null });
const ended = (series: string, startsAt: number, endsAt: number): Told => ({ series, startsAt, endsAt });

describe('applyAlert', () => {
  it('ends in the same state whatever the order and repetition of what one alert tells', () => {
    const told = [firing('a', 10), ended('a', 10, 20)];
    for (let seed = 0; seed < 200; seed += 1) {
      const random = createRandom(`one:${seed}`);
      const all = [...told, ...Array.from({ length: 6 }, () => random.pick(told))].sort(() => random.next() - 0.5);
      expect(episodesOf(all).episodes).toMatchObject([{ startsAt: 10, endsAt: 20 }]);
    }
  });

  it('never leaves open what has ended, in any order and with two sets of labels that follow each other', () => {
    const told = [
      firing('a', 10),
      ended('a', 10, 20),
      firing('b', 20),
      ended('b', 20, 30),
      firing('a', 40),
      ended('a', 40, 50),
    ];
    for (let seed = 0; seed < 500; seed += 1) {
      const random = createRandom(`many:${seed}`);
      const all = [...told, ...Array.from({ length: 6 }, () => random.pick(told))].sort(() => random.next() - 0.5);
      const { episodes } = episodesOf(all);
      expect(
        episodes.filter(({ endsAt }) => endsAt === null),
        JSON.stringify(all),
      ).toEqual([]);
      expect(Math.max(...episodes.map(({ endsAt }) => endsAt ?? Infinity))).toBe(50);
    }
  });

  it('does not end what has begun since', () => {
    const { episodes } = episodesOf([firing('a', 40), ended('a', 10, 20)]);
    expect(episodes).toMatchObject([
      { startsAt: 40, endsAt: null },
      { startsAt: 10, endsAt: 20 },
    ]);
  });
});
