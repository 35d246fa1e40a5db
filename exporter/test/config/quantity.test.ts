import { describe, expect, it } from 'vitest';
import type { QuantityUnit } from '../../src/config/quantity.js';
import { formatQuantity, parseQuantity } from '../../src/config/quantity.js';

describe('parseQuantity', () => {
  it.each<[string | number, QuantityUnit, number]>([
    ['20%', 'ratio', 0.2],
    ['7%', 'ratio', 0.07],
    ['0.5%', 'ratio', 0.005],
    ['300 %', 'ratio', 3],
    [0.3, 'ratio', 0.3],
    ['0.30', 'ratio', 0.3],
    [1, 'ratio', 1],
    [0, 'ratio', 0],
    ['-5%', 'ratio', -0.05],
    ['$50,000', 'dollars', 50_000],
    ['50,000', 'dollars', 50_000],
    ['$1,234,567.89', 'dollars', 1_234_567.89],
    [50_000, 'dollars', 50_000],
    ['50000', 'dollars', 50_000],
    ['-$5', 'dollars', -5],
    ['48h', 'seconds', 172_800],
    ['14d', 'seconds', 1_209_600],
    ['2w', 'seconds', 1_209_600],
    ['30s', 'seconds', 30],
    ['5m', 'seconds', 300],
    ['500ms', 'seconds', 0.5],
    ['1.5h', 'seconds', 5_400],
    ['0s', 'seconds', 0],
    [3, 'count', 3],
    ['1,000', 'count', 1_000],
    [2.5, 'score', 2.5],
    ['4.0', 'score', 4],
  ])('reads %s as %s: %d', (raw, unit, expected) => {
    expect(parseQuantity(raw, unit)).toBe(expected);
  });

  it.each<[string | number, QuantityUnit, RegExp]>([
    [20, 'ratio', /20 could mean 20% or 2,000%: write the percent sign, as in 20%/],
    ['1.5', 'ratio', /write the percent sign/],
    ['20', 'ratio', /write the percent sign/],
    [48, 'seconds', /48 has no unit: write 48s, 48h or 48d/],
    ['48', 'seconds', /has no unit/],
    ['1h30m', 'seconds', /"1h30m" is not understood.*30s, 48h or 14d/],
    ['48 hours', 'seconds', /not understood/],
    ['20h', 'ratio', /not understood.*20%/],
    ['$50K', 'dollars', /not understood.*\$50,000/],
    ['€50', 'dollars', /not understood/],
    ['5,00', 'dollars', /not understood/],
    ['50,0000', 'dollars', /not understood/],
    ['20%', 'count', /not understood/],
    ['20 % ish', 'ratio', /not understood/],
    ['1e3', 'count', /not understood/],
    ['0x10', 'score', /not understood/],
    ['', 'ratio', /not understood/],
    ['.5', 'ratio', /not understood/],
    ['--5%', 'ratio', /not understood/],
    [Number.NaN, 'score', /NaN is not a number/],
    [Number.POSITIVE_INFINITY, 'dollars', /Infinity is not a number/],
    ['9'.repeat(400), 'dollars', /too large/],
  ])('refuses %s as %s', (raw, unit, message) => {
    expect(() => parseQuantity(raw, unit)).toThrow(message);
  });

  it('does not repeat a long text', () => {
    expect(() => parseQuantity('x'.repeat(100_000), 'score')).toThrow(/^"x{40}\.\.\." is not understood/);
  });
});

describe('formatQuantity', () => {
  it.each<[number, QuantityUnit, string]>([
    [0.2, 'ratio', '20%'],
    [0.07, 'ratio', '7%'],
    [3, 'ratio', '300%'],
    [0.12345, 'ratio', '12.35%'],
    [-0.1, 'ratio', '-10%'],
    [0, 'ratio', '0%'],
    [0.000012, 'ratio', '0.0012%'],
    [50_000, 'dollars', '$50,000'],
    [75.5, 'dollars', '$75.50'],
    [-1_234.5, 'dollars', '-$1,234.50'],
    [30, 'seconds', '30s'],
    [90, 'seconds', '90s'],
    [300, 'seconds', '5m'],
    [5_400, 'seconds', '90m'],
    [86_400, 'seconds', '24h'],
    [172_800, 'seconds', '48h'],
    [259_200, 'seconds', '3d'],
    [1_209_600, 'seconds', '14d'],
    [360_000, 'seconds', '100h'],
    [284_523, 'seconds', '3.29d'],
    [0.5, 'seconds', '500ms'],
    [0, 'seconds', '0s'],
    [3, 'count', '3'],
    [10_000, 'count', '10,000'],
    [4, 'score', '4.0'],
    [2.5, 'score', '2.5'],
    [3.14159, 'score', '3.14'],
    [Number.NaN, 'ratio', 'NaN'],
  ])('writes %d %s as %s', (value, unit, expected) => {
    expect(formatQuantity(value, unit)).toBe(expected);
  });

  it('writes a duration in the unit asked for', () => {
    expect(formatQuantity(172_800, 'seconds', 'd')).toBe('2d');
    expect(formatQuantity(259_200, 'seconds', 'h')).toBe('72h');
    expect(formatQuantity(2_592_000, 'seconds', 'h')).toBe('720h');
  });
});
