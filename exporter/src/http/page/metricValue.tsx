import type { VNode } from 'preact';
import type { MetricUnit } from '../../kpi/unit/unit.js';
import { formatValue } from './formatValue.js';
import type { MetricStatus } from './statusModel.js';
import { isTargetMet } from './statusModel.js';

/** A value as people read it; the exact number in base units is in the element and its tooltip. */
export function Value({
  value,
  unit,
  comparedWith,
}: {
  value: number;
  unit: MetricUnit;
  comparedWith?: number;
}): VNode {
  return (
    <data value={String(value)} title={`${String(value)} ${unit}`}>
      {formatValue(value, unit, comparedWith)}
    </data>
  );
}

/** `target ≥ 20%` and, for a value, whether it is met: in words and a symbol, the colour only repeats it. */
export function TargetText(props: { metric: MetricStatus; value: number | null; inline?: boolean }): VNode | null {
  const { metric, value } = props;
  if (metric.target === null) return null;
  const sign = metric.target.direction === 'at_least' ? '≥' : '≤';
  const text = `target ${sign} ${formatValue(metric.target.value, metric.unit)}`;
  const title = `${metric.target.thresholdName}, ${metric.target.direction === 'at_least' ? 'higher' : 'lower'} is better`;
  const state = value === null ? null : isTargetMet(value, metric.target);
  return (
    <span class={props.inline === true ? '' : 'target'} title={title}>
      {text} {state === true && <span class="met">✓ met</span>}
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
  if (metric.target === null) return <Value value={value} unit={metric.unit} />;
  const met = isTargetMet(value, metric.target);
  return (
    <>
      <Value value={value} unit={metric.unit} comparedWith={metric.target.value} />{' '}
      {brief === true ? (
        <div class={met ? 'met' : 'behind'}>{met ? '✓ met' : '✕ behind'}</div>
      ) : (
        <TargetText metric={metric} value={value} />
      )}
    </>
  );
}
