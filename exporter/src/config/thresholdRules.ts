import type { ThresholdName, Thresholds } from './thresholdCatalogue.js';
import { formatThreshold } from './thresholdCatalogue.js';

/** A contradiction between thresholds that are each within their range. */
export interface Contradiction {
  /** The entries involved; an error points at the first that the file gives. */
  readonly names: readonly ThresholdName[];
  readonly message: string;
}

const WEIGHTS = [
  'strategic_fit_weight',
  'financial_health_weight',
  'growth_potential_weight',
  'resource_efficiency_weight',
] as const;

/**
 * Rules across entries: the four weights sum to 1, an alert limit lies on the wrong side of its target, the scores of the
 * scorecard ascend. A rule with an unreadable entry (left out of `values`) is not judged.
 */
export function findContradictions(values: Partial<Thresholds>): Contradiction[] {
  return [
    ...checkWeights(values),
    ...checkAscending(
      values,
      ['synergy_capture_rate_alert', 'synergy_capture_rate_target'],
      'an alert at or above its target would fire while the target is met',
    ),
    ...checkAscending(
      values,
      ['coordination_overhead_target', 'coordination_overhead_alert'],
      'an alert at or below its target would fire while the target is met',
    ),
    ...checkAscending(values, ['min_viable_score', 'high_priority_score'], 'the scores must ascend'),
    ...checkAscending(values, ['high_priority_score', 'excellent_score'], 'the scores must ascend'),
  ];
}

function checkWeights(values: Partial<Thresholds>): Contradiction[] {
  const weights = WEIGHTS.flatMap((name) => values[name] ?? []);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  // 0.3 + 0.3 + 0.25 + 0.15 is 0.9999999999999999 in some orders.
  if (weights.length < WEIGHTS.length || Math.abs(sum - 1) <= 1e-9) {
    return [];
  }
  const shown = Number(sum.toPrecision(12));
  return [
    {
      names: WEIGHTS,
      message: `${WEIGHTS.join(' + ')} = ${weights.join(' + ')} = ${shown}: the weights must sum to 1`,
    },
  ];
}

function checkAscending(
  values: Partial<Thresholds>,
  pair: readonly [ThresholdName, ThresholdName],
  why: string,
): Contradiction[] {
  const [lower, higher] = pair;
  const low = values[lower];
  const high = values[higher];
  if (low === undefined || high === undefined || low < high) {
    return [];
  }
  const message = `${lower} (${formatThreshold(lower, low)}) must be below ${higher} (${formatThreshold(higher, high)}): ${why}`;
  return [{ names: pair, message }];
}
