import type { VNode } from 'preact';
import { metricTitle } from './metricTitle.js';
import { TargetText, Value } from './metricValue.js';
import type { MetricStatus, SampleStatus } from './statusModel.js';
import { isTargetMet } from './statusModel.js';

const MAX_WITHOUT_TARGET = 4;

/**
 * A KPI's headline: every metric that has a target, or, where none has, its first few without labels, or a summary of each
 * labelled one.
 */
export function KpiFigures({ metrics }: { metrics: readonly MetricStatus[] }): VNode | null {
  const withTarget = metrics.filter((metric) => metric.target !== null);
  const plain = metrics.filter((metric) => metric.labels.length === 0);
  const shown = withTarget.length > 0 ? withTarget : (plain.length > 0 ? plain : metrics).slice(0, MAX_WITHOUT_TARGET);
  if (shown.length === 0) return null;
  return (
    <dl class="figures">
      {shown.map((metric) => (
        <div key={metric.name}>
          <dt title={metric.name}>{metricTitle(metric.name, metric.unit)}</dt>
          <dd>{metric.labels.length === 0 ? <Single metric={metric} /> : <Many metric={metric} />}</dd>
        </div>
      ))}
    </dl>
  );
}

function Single({ metric }: { metric: MetricStatus }): VNode {
  const value = metric.samples[0]?.value ?? null;
  const compared = metric.target?.value;
  return (
    <>
      {value === null ? (
        <span class="none">no sample</span>
      ) : (
        <span class="value">
          <Value value={value} unit={metric.unit} {...(compared === undefined ? {} : { comparedWith: compared })} />
        </span>
      )}
      <TargetText metric={metric} value={value} />
    </>
  );
}

/** Many series: how many reach the target; without one, how many counts are not 0, or the greatest of another unit. */
function Many({ metric }: { metric: MetricStatus }): VNode {
  const { target, samples } = metric;
  const first = samples[0];
  if (first === undefined) {
    return (
      <>
        <span class="none">no sample</span>
        <TargetText metric={metric} value={null} />
      </>
    );
  }
  if (target === null)
    return metric.unit === 'count' ? <NotZero metric={metric} /> : <Greatest metric={metric} first={first} />;
  const met = samples.filter((sample) => isTargetMet(sample.value, target)).length;
  return (
    <>
      <span class="value">
        {met.toLocaleString('en-US')} of {samples.length.toLocaleString('en-US')}
      </span>
      <span class="target">
        <TargetText metric={metric} value={null} inline /> <AllMet met={met} total={samples.length} />
      </span>
    </>
  );
}

function NotZero({ metric: { samples } }: { metric: MetricStatus }): VNode {
  const count = samples.filter((sample) => sample.value !== 0).length;
  return (
    <>
      <span class="value">
        {count.toLocaleString('en-US')} of {samples.length.toLocaleString('en-US')}
      </span>
      <span class="target">not 0</span>
    </>
  );
}

function Greatest({ metric, first }: { metric: MetricStatus; first: SampleStatus }): VNode {
  const { value } = metric.samples.reduce((most, sample) => (sample.value > most.value ? sample : most), first);
  return (
    <>
      <span class="value">
        <Value value={value} unit={metric.unit} />
      </span>
      <span class="target">greatest of {metric.samples.length.toLocaleString('en-US')}</span>
    </>
  );
}

function AllMet({ met, total }: { met: number; total: number }): VNode {
  return met === total ? (
    <span class="met">✓ all met</span>
  ) : (
    <span class="behind">✕ {(total - met).toLocaleString('en-US')} behind</span>
  );
}
