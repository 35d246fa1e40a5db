import { describe, expect, it } from 'vitest';
import { formatAge, formatTime } from '../../src/http/page/formatAge.js';
import { formatValue } from '../../src/http/page/formatValue.js';
import { metricTitle } from '../../src/http/page/metricTitle.js';
import { visibleText } from '../../src/http/page/visibleText.js';

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
