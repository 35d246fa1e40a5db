import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS, THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import type { ThresholdName } from '../../src/config/thresholdCatalogue.js';
import { parseThresholds } from '../../src/config/thresholdsFile.js';
import { problemsOf } from './problemsOf.js';
import { THRESHOLD_TABLE } from './thresholdTable.js';

const parse = (text: string) => parseThresholds(text, 'thresholds.yaml');
const refused = (text: string): string[] => problemsOf(() => parse(text));

/** A file that sets one entry. */
function fileWith(name: ThresholdName, value: string): string {
  return `${THRESHOLD_CATALOGUE[name].category}:\n  ${name}: ${value}\n`;
}

describe('parseThresholds', () => {
  it('gives every default for {}', () => {
    expect(parse('{}')).toEqual({ values: DEFAULT_THRESHOLDS, reason: null, changedBy: null });
  });

  it('reads the shipped file, which writes out every default', () => {
    const text = readFileSync(new URL('../../config/thresholds.yaml', import.meta.url), 'utf8');
    expect(parse(text).values).toEqual(DEFAULT_THRESHOLDS);
    for (const name of THRESHOLD_NAMES) {
      expect(text).toMatch(new RegExp(`^  ${name}: `, 'm'));
    }
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./thresholds.schema.json');
  });

  it('reads values as people write them, and leaves the others at their defaults', () => {
    const { values } = parse(`
targets:
  user_growth_target: 0.30
  synergy_roi_target: 250%
  synergy_value_per_venture_pair_target: 60000
  conflict_resolution_time_target: 2d
alerts:
  synergy_capture_rate_alert: 12.5%
venture_assessment:
  hourly_rate: $1,000
`);
    expect(values).toEqual({
      ...DEFAULT_THRESHOLDS,
      user_growth_target: 0.3,
      synergy_roi_target: 2.5,
      synergy_value_per_venture_pair_target: 60_000,
      conflict_resolution_time_target: 172_800,
      synergy_capture_rate_alert: 0.125,
      hourly_rate: 1_000,
    });
  });

  it('takes who and why from the header', () => {
    expect(parse('changed_by: ops@example.test\nreason: >-\n  the review of\n  March\n')).toMatchObject({
      changedBy: 'ops@example.test',
      reason: 'the review of March',
    });
    expect(refused('reason: ""\nchanged_by: [a]\n')).toEqual([
      'thresholds.yaml:1:9: reason: is empty; leave the key out',
      'thresholds.yaml:2:1: changed_by: expected a text, not a list',
    ]);
    expect(refused(`reason: ${'x'.repeat(501)}`)).toHaveLength(1);
  });
});

/** A value in base units as the file may write it, with enough digits for limits and their neighbours. */
function written(name: ThresholdName, value: number): string {
  const { unit } = THRESHOLD_CATALOGUE[name];
  switch (unit) {
    case 'ratio':
      return `${Number((value * 100).toFixed(6))}%`;
    case 'seconds':
      return `${value}s`;
    default:
      return String(value);
  }
}

/** The smallest step that the unit is written in. */
function stepOf(name: ThresholdName): number {
  return { ratio: 0.0001, seconds: 1, dollars: 0.01, count: 1, score: 0.1 }[THRESHOLD_CATALOGUE[name].unit];
}

/** Problems of an entry itself: the cross rules have their own tests. */
function rangeProblems(name: ThresholdName, value: number): string[] {
  try {
    parse(fileWith(name, written(name, value)));
    return [];
  } catch (error) {
    return String(error)
      .split('\n')
      .filter((line) => line.includes('out of range'));
  }
}

describe('ranges', () => {
  it.each(THRESHOLD_TABLE)('%s keeps to its limits', (name, _category, _unit, _default, min, max) => {
    expect(rangeProblems(name, min)).toEqual([]);
    expect(rangeProblems(name, min + stepOf(name))).toEqual([]);
    expect(rangeProblems(name, min - stepOf(name))).toHaveLength(1);
    if (max === null) {
      expect(rangeProblems(name, 1_000_000_000)).toEqual([]);
    } else {
      expect(rangeProblems(name, max)).toEqual([]);
      expect(rangeProblems(name, max - stepOf(name))).toEqual([]);
      expect(rangeProblems(name, max + stepOf(name))).toHaveLength(1);
    }
  });

  it('names the range', () => {
    expect(refused(fileWith('performance_drop_alert', '51%'))).toEqual([
      'thresholds.yaml:2:27: alerts.performance_drop_alert: 51% is out of range: 1% - 50%',
    ]);
    expect(refused(fileWith('user_growth_target', '-1%'))).toEqual([
      'thresholds.yaml:2:23: targets.user_growth_target: -1% is out of range: not negative',
    ]);
  });

  it('suggests the percent sign and the unit', () => {
    expect(refused(fileWith('user_growth_target', '15'))[0]).toContain('write the percent sign, as in 15%');
    expect(refused(fileWith('stalled_initiative_threshold', '14'))[0]).toContain('write 14s, 14h or 14d');
  });

  it('asks for whole numbers where things are counted', () => {
    expect(refused(fileWith('urgent_conflict_threshold', '2.5'))).toEqual([
      'thresholds.yaml:2:30: alerts.urgent_conflict_threshold: 2.5 is not a whole number',
    ]);
  });

  it.each(['true', '[1]', '{a: 1}', '', '~', '.nan', '.inf', '1e999', '"20 percent"', '2026-01-01'])(
    'refuses %s as a value',
    (value) => {
      expect(refused(fileWith('user_growth_target', value))).toHaveLength(1);
      expect(refused(fileWith('hourly_rate', value))).toHaveLength(1);
    },
  );
});

describe('contradictions', () => {
  it('weights that do not sum to 1', () => {
    expect(refused('venture_assessment:\n  strategic_fit_weight: 0.35\n')).toEqual([
      'thresholds.yaml:2:25: venture_assessment.strategic_fit_weight: strategic_fit_weight + financial_health_weight' +
        ' + growth_potential_weight + resource_efficiency_weight = 0.35 + 0.3 + 0.25 + 0.15 = 1.05: the weights must sum to 1',
    ]);
  });

  it.each([
    ['0.30000000005', '0.15', true],
    ['0.3000000011', '0.15', false],
    ['0.2999999989', '0.15', false],
    ['0.40', '0.05', true],
    ['0.40', '0.15', false],
  ])('weights %s and %s beside 0.30 and 0.25', (fit, efficiency, accepted) => {
    const text = `venture_assessment:\n  strategic_fit_weight: ${fit}\n  resource_efficiency_weight: ${efficiency}\n`;
    if (accepted) {
      expect(parse(text).values.strategic_fit_weight).toBe(Number(fit));
    } else {
      expect(refused(text)).toHaveLength(1);
    }
  });

  it('a capture rate alert at or above its target', () => {
    expect(parse('alerts: {synergy_capture_rate_alert: 29.9%}').values.synergy_capture_rate_alert).toBe(0.299);
    expect(refused('alerts: {synergy_capture_rate_alert: 30%}')).toEqual([
      'thresholds.yaml:1:38: alerts.synergy_capture_rate_alert: synergy_capture_rate_alert (30%) must be below ' +
        'synergy_capture_rate_target (30%): an alert at or above its target would fire while the target is met',
    ]);
    expect(refused('alerts: {synergy_capture_rate_alert: 30.1%}')).toHaveLength(1);
    // The default alert (20%) with a lower target: the target is what the file says, so the error points there.
    expect(refused('targets:\n  synergy_capture_rate_target: 20%')[0]).toMatch(/^thresholds.yaml:2:32: targets\./);
  });

  it('an overhead alert at or below its target', () => {
    expect(parse('alerts: {coordination_overhead_alert: 10.1%}').values.coordination_overhead_alert).toBe(0.101);
    expect(refused('alerts: {coordination_overhead_alert: 10%}')[0]).toContain(
      'coordination_overhead_target (10%) must be below coordination_overhead_alert (10%)',
    );
    expect(refused('targets: {coordination_overhead_target: 16%}')).toHaveLength(1);
  });

  it('scores that do not ascend', () => {
    const scores = (low: number, middle: number, high: number): string =>
      `venture_assessment: {min_viable_score: ${low}, high_priority_score: ${middle}, excellent_score: ${high}}`;
    expect(parse(scores(3.9, 4, 4.1)).values).toMatchObject({ min_viable_score: 3.9, excellent_score: 4.1 });
    expect(refused(scores(4, 4, 4.5))[0]).toContain('min_viable_score (4.0) must be below high_priority_score (4.0)');
    expect(refused(scores(2.5, 4.5, 4.5))[0]).toContain(
      'high_priority_score (4.5) must be below excellent_score (4.5)',
    );
    expect(refused(scores(5, 4.9, 4.8))).toHaveLength(2);
  });
});

describe('all problems at once', () => {
  it('in the order of the file, with line, column and path', () => {
    const text = `targets:
  user_growth_target: 15
  synergy_capture_rate_alert: 3%
  usergrowth_target: 3%
  conflict_resolution_time_target: 48
alerts:
  synergy_capture_rate_alert: 30%
  stalled_initiative_threshold: 1d
venture_assesment: {}
gates:
  min_active_ventures: 2
  min_active_ventures: 3
user_growth_target: 20%
`;
    expect(refused(text)).toEqual([
      'thresholds.yaml:2:23: targets.user_growth_target: 15 could mean 15% or 1,500%: write the percent sign, as in 15%',
      'thresholds.yaml:3:31: targets.synergy_capture_rate_alert: unknown key here; it belongs under alerts:',
      'thresholds.yaml:4:22: targets.usergrowth_target: unknown key; did you mean user_growth_target?',
      'thresholds.yaml:5:36: targets.conflict_resolution_time_target: 48 has no unit: write 48s, 48h or 48d',
      'thresholds.yaml:7:31: alerts.synergy_capture_rate_alert: synergy_capture_rate_alert (30%) must be below ' +
        'synergy_capture_rate_target (30%): an alert at or above its target would fire while the target is met',
      'thresholds.yaml:8:33: alerts.stalled_initiative_threshold: 1d is out of range: 7d - 60d',
      'thresholds.yaml:9:1: venture_assesment: unknown key; did you mean venture_assessment?',
      'thresholds.yaml:12:3: duplicate key "min_active_ventures", first given on line 11',
      'thresholds.yaml:13:21: user_growth_target: unknown key here; it belongs under targets:',
    ]);
  });

  it('names the right group for every threshold that stands in another', () => {
    for (const [name, category] of THRESHOLD_TABLE) {
      const wrong = category === 'gates' ? 'targets' : 'gates';
      expect(refused(`${wrong}:\n  ${name}: 1`)[0]).toContain(`it belongs under ${category}:`);
    }
  });
});
