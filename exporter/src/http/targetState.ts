import type { MetricTargetStatus } from './statusModel.js';

/** Whether a value reaches its target; the limit itself does. */
export function isTargetMet(value: number, target: MetricTargetStatus): boolean {
  return target.direction === 'at_least' ? value >= target.value : value <= target.value;
}
