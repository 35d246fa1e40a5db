import { describe, expect, it } from 'vitest';
import { describeShare, isInShare, shardOf, shareProblems } from '../../src/kpi/unit/kpiShare.js';

const NAMES = Array.from({ length: 2_000 }, (_, index) => `kpi_${index}`);

describe('KPIs shared out', () => {
  it.each([1, 2, 3, 7, 40])('over %i shards: each is in exactly one of them', (shards) => {
    const numbers = Array.from({ length: shards }, (_, index) => index + 1);
    for (const name of NAMES.slice(0, 200)) {
      const having = numbers.filter((shard) => isInShare(name, { kind: 'shard', shard, shards }));
      expect(having, name).toHaveLength(1);
    }
  });

  it.each([1, 2, 3, 4, 9])('one shard more than %i takes its part, and nothing moves between the others', (shards) => {
    const moved = NAMES.filter((name) => shardOf(name, shards) !== shardOf(name, shards + 1));
    expect(new Set(moved.map((name) => shardOf(name, shards + 1)))).toEqual(new Set([shards + 1]));
    // 1/n of 2,000 with five standard deviations on either side.
    const mean = NAMES.length / (shards + 1);
    const deviation = Math.sqrt(mean * (1 - 1 / (shards + 1)));
    expect(Math.abs(moved.length - mean)).toBeLessThan(5 * deviation);
  });

  it('is the same whenever and wherever it is asked: a change would move KPIs while shards are upgraded in turn', () => {
    const kpis = ['synergy_value', 'resource_conflicts', 'portfolio_performance', 'stage_gates', 'data_quality'];
    expect(kpis.map((kpi) => [2, 3, 5].map((shards) => shardOf(kpi, shards)))).toEqual([
      [1, 1, 5],
      [1, 1, 1],
      [1, 3, 3],
      [2, 3, 3],
      [1, 1, 4],
    ]);
  });

  it('by name: these, or all but these; a name that no KPI has is a problem', () => {
    const only = { kind: 'only', names: ['a'] } as const;
    const except = { kind: 'except', names: ['a', 'x'] } as const;
    expect(['a', 'b'].map((kpi) => [isInShare(kpi, only), isInShare(kpi, except)])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(shareProblems(only, ['a', 'b'])).toEqual([]);
    expect(shareProblems(except, ['a', 'b'])).toMatchObject([
      { path: '--kpi.exclude', message: 'no KPI x is enabled; there are a, b' },
    ]);
    expect([only, except, { kind: 'shard', shard: 2, shards: 3 } as const].map(describeShare)).toEqual([
      '--kpi',
      '--kpi.exclude',
      'shard 2/3',
    ]);
  });
});
