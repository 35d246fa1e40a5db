import type { VNode } from 'preact';
import { formatMetric } from '../../format/formatMetric.js';
import { targetSign } from './headline.js';
import type { MetricStatus } from './statusModel.js';
import { isTargetMet } from './statusModel.js';

/** A value as people read it; the exact number in base units is in the element and its tooltip. */
function Value({ value, metric }: { value: number; metric: MetricStatus }): VNode {
  return (
    <data class="nobr" value={String(value)} title={`${String(value)} ${metric.unit}`}>
      {formatMetric(value, metric, metric.target?.value)}
    </data>
  );
}

/** `target ≥ 20%` and, for a value, whether it is met: in words and a symbol, the colour only repeats it. */
export function TargetText({ metric, value }: { metric: MetricStatus; value: number | null }): VNode | null {
  const { target } = metric;
  if (target === null) return null;
  const state = value === null ? null : isTargetMet(value, target);
  const title = `${target.thresholdName}, ${target.direction === 'at_least' ? 'higher' : 'lower'} is better`;
  return (
    <span class="target" title={title}>
      target {targetSign(metric)} {formatMetric(target.value, metric)}{' '}
      {state === true && <span class="met">✓ met</span>}
      {state === false && <span class="behind">✕ behind</span>}
    </span>
  );
}

/** A table's cell: the value and, where the metric has a target, whether it is met; `brief` leaves the target to the column's head. */
export function MetricCell({
  metric,
  value,
  brief,
}: {
  metric: MetricStatus;
  value: number | null;
  brief?: boolean;
}): VNode {
  if (value === null) return <span class="soft">no sample</span>;
  if (metric.target === null) return <Value value={value} metric={metric} />;
  const met = isTargetMet(value, metric.target);
  return (
    <>
      <Value value={value} metric={metric} />{' '}
      {brief === true ? (
        <div class={met ? 'met' : 'behind'}>{met ? '✓ met' : '✕ behind'}</div>
      ) : (
        <TargetText metric={metric} value={value} />
      )}
    </>
  );
}
