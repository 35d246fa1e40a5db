import { describe, expect, it } from 'vitest';
import { formatBrief, formatChange } from '../../src/format/formatBrief.js';
import { formatDay, formatMonth, formatShortMonth } from '../../src/format/formatDay.js';
import { plural, wordList } from '../../src/format/plural.js';
import { formatAge, formatTime } from '../../src/format/formatAge.js';
import { formatValue } from '../../src/format/formatValue.js';
import { metricTitle } from '../../src/format/metricTitle.js';
import { visibleText } from '../../src/format/visibleText.js';

describe('formatValue', () => {
  it.each([
    [0.3125, 'ratio', '31.25%'],
    [0.3, 'ratio', '30%'],
    [0.1 + 0.2, 'ratio', '30%'],
    [-0.1333, 'ratio', '−13.33%'],
    [12, 'ratio', '1,200%'],
    [0, 'ratio', '0%'],
    [-0, 'ratio', '0%'],
    [1_254_300, 'dollars', '$1,254,300'],
    [842_150.5, 'dollars', '$842,150.50'],
    [-0.004, 'dollars', '−$0.004'],
    [0, 'dollars', '$0'],
    [504_000, 'seconds', '140 h'],
    [4_336_200, 'seconds', '1,204.5 h'],
    [90, 'seconds', '1.5 min'],
    [4, 'seconds', '4 s'],
    [0, 'seconds', '0 h'],
    [18_204.25, 'count', '18,204.25'],
    [9_007_199_254_740_992, 'count', '9,007,199,254,740,992'],
    [3.75, 'score', '3.75'],
    [1_772_978_709, 'timestamp_seconds', '2026-03-08 14:05:09 UTC'],
    [1e20, 'timestamp_seconds', '100000000000000000000 s'],
    [Infinity, 'ratio', '+∞'],
    [-Infinity, 'dollars', '−∞'],
    [NaN, 'count', 'not a number'],
  ] as const)('%d %s reads %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it('never reads 0 for what is not 0', () => {
    expect(formatValue(0.000_01, 'ratio')).toBe('0.001%');
    expect(formatValue(1e-30, 'ratio')).toBe('1e-30 ratio');
  });

  it('never reads like the target that it misses', () => {
    expect(formatValue(0.199_999, 'ratio', 0.2)).toBe('19.9999%');
    expect(formatValue(172_801, 'seconds', 172_800)).toBe('48.0003 h');
    expect(formatValue(0.2, 'ratio', 0.2)).toBe('20%');
    expect(formatValue(0.1 + 0.2, 'ratio', 0.3)).toBe('30%');
  });
});

describe('formatAge', () => {
  it.each([
    [-5, '0 s'],
    [0.9, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [85_200, '23 h 40 min'],
    [86_400, '24 h'],
    [172_799, '47 h 59 min'],
    [172_800, '2 d'],
    [273_600, '3 d 4 h'],
    [86_400_000, '1,000 d'],
  ])('%d s reads %s', (seconds, text) => {
    expect(formatAge(seconds)).toBe(text);
  });

  it('tells a time in its zone, on both sides of a change of clocks', () => {
    expect(formatTime(new Date('2026-03-08T14:05:09Z'), 'UTC')).toBe('2026-03-08 14:05:09 UTC');
    expect(formatTime(new Date('2026-03-29T00:30:00Z'), 'Europe/Berlin')).toBe('2026-03-29 01:30:00 GMT+1');
    expect(formatTime(new Date('2026-03-29T01:30:00Z'), 'Europe/Berlin')).toBe('2026-03-29 03:30:00 GMT+2');
    expect(formatTime(new Date('2026-03-08T00:00:00Z'), 'UTC')).toBe('2026-03-08 00:00:00 UTC');
  });
});

describe('visibleText', () => {
  it.each([
    ['Zürich 東京 🚀', 'Zürich 東京 🚀'],
    ['a\nb\r\tc', 'a⏎b␍⇥c'],
    ['\u202Egnp.exe', '[U+202E]gnp.exe'],
    ['a\u0000\u001b[31m', 'a[U+0000][U+001B][31m'],
    ['zero\u200bwidth\ufeff', 'zero[U+200B]width[U+FEFF]'],
    ['half \ud800 pair', 'half [U+D800] pair'],
    ['e\u0301', 'e\u0301'],
    [`z${'\u0335'.repeat(50)}algo`, 'z\u0335\u0335algo'],
    ['', ''],
  ])('%j is shown as %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it('cuts with a count, never inside a pair', () => {
    expect(visibleText('x'.repeat(10_000), 10)).toBe(`${'x'.repeat(10)}… (9,990 more characters)`);
    expect(visibleText('🚀🚀🚀', 2)).toBe('🚀🚀… (2 more characters)');
    expect(visibleText('x'.repeat(10), 10)).toBe('x'.repeat(10));
  });
});

describe('metricTitle', () => {
  it.each([
    ['portfolio_user_growth_ratio', 'ratio', 'User growth'],
    ['portfolio_synergy_roi_ratio', 'ratio', 'Synergy ROI'],
    ['portfolio_duplicate_effort_seconds', 'seconds', 'Duplicate effort'],
    ['portfolio_active_ventures', 'count', 'Active ventures'],
    ['portfolio_venture_score', 'score', 'Venture score'],
  ] as const)('%s reads %s', (name, unit, title) => {
    expect(metricTitle(name, unit)).toBe(title);
  });
});

describe('formatBrief', () => {
  it.each([
    [8_764_000, 'dollars', '$8.8M'],
    [12_440_000, 'dollars', '$12.4M'],
    [842_150, 'dollars', '$842K'],
    [999_960, 'dollars', '$1M'],
    [9_450, 'dollars', '$9,450'],
    [9_999.7, 'dollars', '$10K'],
    [9.5, 'dollars', '$9.50'],
    [-80.98, 'dollars', '−$81'],
    [0.004, 'dollars', '$0.004'],
    [-41_000, 'dollars', '−$41K'],
    [2_100_000_000, 'dollars', '$2.1B'],
    [0, 'dollars', '$0'],
    [1.052, 'ratio', '105%'],
    [0.3125, 'ratio', '31.3%'],
    [-0.13, 'ratio', '−13%'],
    [0.0004, 'ratio', '0.04%'],
    [504_000, 'seconds', '140 h'],
    [240, 'seconds', '4 min'],
    [-3_384, 'seconds', '−56 min'],
    [90, 'seconds', '1.5 min'],
    [12_404.4, 'count', '12,404'],
    [3.75, 'score', '3.75'],
    [NaN, 'ratio', 'not a number'],
  ] as const)('%d %s reads %s', (value, unit, text) => {
    expect(formatBrief(value, unit)).toBe(text);
  });

  it('never reads like the limit that it misses', () => {
    expect(formatBrief(0.1999, 'ratio', 0.2)).toBe('19.99%');
    expect(formatBrief(49_990, 'dollars', 50_000)).toBe('$49.99K');
    expect(formatBrief(0.2, 'ratio', 0.2, null)).toBe('20%');
    expect(formatBrief(0.1 + 0.2, 'ratio', 0.3)).toBe('30%');
  });

  it('gives a change its sign', () => {
    expect([0.31, -0.04, 0].map((value) => formatChange(value, 'ratio'))).toEqual(['+31%', '−4%', '0%']);
  });
});

describe('days, months and counts in words', () => {
  it('names a day, with its year where that is another', () => {
    expect(formatDay('2026-11-01', '2026-12-31')).toBe('1 Nov');
    expect(formatDay('2025-11-21', '2026-12-31')).toBe('21 Nov 2025');
    expect(formatMonth('2026-03')).toBe('March 2026');
    expect(formatShortMonth('2026-03-31')).toBe('Mar 26');
  });

  it('counts and lists', () => {
    expect([0, 1, 1204].map((count) => plural(count, 'venture'))).toEqual([
      '0 ventures',
      '1 venture',
      '1,204 ventures',
    ]);
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((words) => wordList(words))).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
    expect(wordList(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  });
});
