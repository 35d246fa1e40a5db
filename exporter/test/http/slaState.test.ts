import { describe, expect, it } from 'vitest';
import { joinSeries } from '../../src/http/page/joinSeries.js';
import { slaState } from '../../src/http/page/slaState.js';
import { isTargetMet } from '../../src/http/page/statusModel.js';
import { ago, kpi, metric, NOW } from './sampleStatus.js';

describe('slaState', () => {
  const LAG = 300;

  it.each([
    [{ lastSuccess: ago(LAG) }, 'on_time'],
    [{ lastSuccess: ago(LAG + 0.001) }, 'late'],
    [{ lastSuccess: ago(1), dataTimestamp: ago(LAG) }, 'on_time'],
    [{ lastSuccess: ago(1), dataTimestamp: ago(LAG + 1) }, 'late'],
    [{ lastSuccess: ago(1), dataTimestamp: ago(-40_000) }, 'on_time'],
    [{ lastSuccess: null }, 'no_value'],
    [{ lastSuccess: null, metrics: [] }, 'no_value'],
    [{ lastSuccess: ago(1), metrics: [metric('a', null)] }, 'no_data'],
    [{ lastSuccess: ago(1), metrics: [metric('a', null), metric('b', 0)] }, 'on_time'],
    [{ lastSuccess: ago(1), metrics: [metric('a', null)], dataTimestamp: ago(1) }, 'on_time'],
    [{ lastSuccess: ago(LAG + 1), metrics: [metric('a', null)] }, 'late'],
    [{ lastSuccess: null, dataTimestamp: ago(LAG + 1) }, 'no_value'],
  ] as const)('%j is %s', (more, state) => {
    expect(slaState(kpi('k', { acceptableLagSeconds: LAG, ...more }), NOW).state).toBe(state);
  });

  it('is failing only while the newest run is the failed one', () => {
    const lastError = { at: ago(60), result: 'timeout', message: 'm' };
    expect(slaState(kpi('k', { lastSuccess: ago(61), lastError }), NOW).failing).toBe(true);
    expect(slaState(kpi('k', { lastSuccess: ago(59), lastError }), NOW).failing).toBe(false);
    expect(slaState(kpi('k', { lastSuccess: null, lastError }), NOW).failing).toBe(true);
  });

  it('has no negative age', () => {
    expect(slaState(kpi('k', { dataTimestamp: ago(-40_000) }), NOW).dataAgeSeconds).toBe(0);
  });
});

describe('isTargetMet', () => {
  it('counts the limit itself as met, in both directions', () => {
    const atLeast = { value: 0.2, direction: 'at_least', thresholdName: 't' } as const;
    expect([0.199, 0.2, 0.201].map((value) => isTargetMet(value, atLeast))).toEqual([false, true, true]);
    const atMost = { ...atLeast, direction: 'at_most' } as const;
    expect([0.199, 0.2, 0.201].map((value) => isTargetMet(value, atMost))).toEqual([true, true, false]);
  });
});

describe('joinSeries', () => {
  const labels = ['id', 'name'];
  const sample = (id: string, value: number) => ({ labels: { id, name: `n${id}` }, value });

  it('joins metrics on their label sets and leaves a hole where there is no sample', () => {
    const [table, ...others] = joinSeries(
      [
        metric('a', null, { labels, samples: [sample('1', 5), sample('2', 7)] }),
        metric('plain', 1),
        metric('b', null, { labels, samples: [sample('2', 9)] }),
      ],
      10,
    );
    expect(others).toEqual([]);
    expect(table?.rows.map((row) => row.values)).toEqual([
      [7, 9],
      [5, null],
    ]);
  });

  it('keeps metrics with other labels apart', () => {
    const tables = joinSeries([metric('a', null, { labels: ['x'] }), metric('b', null, { labels: ['y'] })], 10);
    expect(tables.map((table) => table.labels)).toEqual([['x'], ['y']]);
  });

  it('puts those behind their target first and counts what it leaves out', () => {
    const target = { value: 10, direction: 'at_least', thresholdName: 't' } as const;
    const samples = [sample('1', 3), sample('2', 30), sample('3', 19)];
    const [table] = joinSeries([metric('a', null, { labels, target, samples })], 2);
    expect(table?.rows.map((row) => row.values[0])).toEqual([3, 19]);
    expect(table?.hiddenRows).toBe(1);
  });

  it('leaves the id out only while the names tell the rows apart', () => {
    const pair = (first: string, second: string) =>
      joinSeries(
        [
          metric('a', null, {
            labels: ['venture_id', 'venture'],
            samples: [
              { labels: { venture_id: '1', venture: first }, value: 1 },
              { labels: { venture_id: '2', venture: second }, value: 2 },
            ],
          }),
        ],
        10,
      )[0]?.labels;
    expect(pair('Ada', 'Grace')).toEqual(['venture']);
    expect(pair('Ada', 'Ada')).toEqual(['venture_id', 'venture']);
  });
});
