import { describe, expect, it } from 'vitest';
import {
  DEFAULT_THRESHOLDS,
  formatThreshold,
  THRESHOLD_CATALOGUE,
  THRESHOLD_CATEGORIES,
  THRESHOLD_NAMES,
} from '../../src/config/thresholdCatalogue.js';
import { findContradictions } from '../../src/config/thresholdRules.js';
import { THRESHOLD_TABLE } from './thresholdTable.js';

describe('THRESHOLD_CATALOGUE', () => {
  it('has exactly the names of the domain, in its order', () => {
    expect(THRESHOLD_NAMES).toEqual(THRESHOLD_TABLE.map(([name]) => name));
  });

  it.each(THRESHOLD_TABLE)('%s: %s, %s, default %d, from %d to %d', (name, category, unit, default_, min, max) => {
    const entry = THRESHOLD_CATALOGUE[name];
    expect(entry).toMatchObject({ category, unit, default: default_, min, max, integer: unit === 'count' });
    expect(DEFAULT_THRESHOLDS[name]).toBe(default_);
    expect(entry.description).not.toBe('');
  });

  it('groups the names as the file does', () => {
    const order = THRESHOLD_NAMES.map((name) => THRESHOLD_CATEGORIES.indexOf(THRESHOLD_CATALOGUE[name].category));
    expect(order).toEqual(order.toSorted());
  });

  it('has defaults within their ranges and without contradiction', () => {
    for (const name of THRESHOLD_NAMES) {
      const { default: value, min, max } = THRESHOLD_CATALOGUE[name];
      expect(value).toBeGreaterThanOrEqual(min);
      expect(value).toBeLessThanOrEqual(max ?? Number.MAX_VALUE);
    }
    expect(findContradictions(DEFAULT_THRESHOLDS)).toEqual([]);
  });
});

describe('formatThreshold', () => {
  it('writes durations in the unit of the default', () => {
    expect(formatThreshold('conflict_resolution_time_target', 172_800)).toBe('48h');
    expect(formatThreshold('conflict_resolution_time_target', 2_592_000)).toBe('720h');
    expect(formatThreshold('chairman_response_timeout', 259_200)).toBe('72h');
    expect(formatThreshold('delayed_milestone_alert', 259_200)).toBe('3d');
    expect(formatThreshold('delayed_milestone_alert', 86_400)).toBe('1d');
    expect(formatThreshold('hourly_rate', 75)).toBe('$75');
    expect(formatThreshold('excellent_score', 4)).toBe('4.0');
  });

  it('writes every default as the catalogue does', () => {
    // The weights are written 0.30 in the file and read 30% elsewhere.
    for (const name of THRESHOLD_NAMES.filter((each) => !each.endsWith('_weight'))) {
      expect(formatThreshold(name, DEFAULT_THRESHOLDS[name])).toBe(THRESHOLD_CATALOGUE[name].defaultText);
    }
  });
});
