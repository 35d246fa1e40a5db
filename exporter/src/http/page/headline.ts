import { formatMetricBrief } from '../../format/formatMetric.js';
import { visibleText } from '../../format/visibleText.js';
import { isTargetMet } from './statusModel.js';
import type { KpiStatus, MetricStatus, SampleStatus } from './statusModel.js';

/** What one line says of a metric: its value, or of many series a summary. */
export interface Headline {
  readonly text: string;
  /** What the text leaves out, or null. */
  readonly detail: string | null;
  /** The value, or the worst one; null: no sample. */
  readonly value: number | null;
  /** Whether the target is reached by every series; null: no target, or no sample. */
  readonly met: boolean | null;
}

/** The metric that stands for a KPI: the first that has a target now, else the first. */
export function headlineMetric({ metrics }: KpiStatus): MetricStatus | null {
  return metrics.find(({ target }) => target !== null) ?? metrics[0] ?? null;
}

export function headline(metric: MetricStatus): Headline {
  const worst = worstSample(metric);
  if (worst === null)
    return { text: metric.labels.length === 0 ? 'no sample' : 'none', detail: null, value: null, met: null };
  const { value } = worst;
  const { target, samples } = metric;
  const total = samples.length.toLocaleString('en-US');
  const brief = formatMetricBrief(value, metric, target?.value);
  if (metric.labels.length === 0)
    return { text: brief, detail: null, value, met: target === null ? null : isTargetMet(value, target) };
  if (target !== null) {
    const behind = behindTarget(metric).length;
    const text = behind === 0 ? `${total} of ${total} met` : `${behind.toLocaleString('en-US')} of ${total} behind`;
    return { text, detail: `worst ${brief}`, value, met: behind === 0 };
  }
  if (metric.unit === 'count') {
    const count = samples.filter((sample) => sample.value !== 0).length;
    const text = `${count.toLocaleString('en-US')} of ${total} ${metric.shownAs === 'yes_no' ? 'yes' : 'not 0'}`;
    const detail = metric.shownAs === 'yes_no' || count === 0 ? null : `greatest ${brief}`;
    return { text, detail, value, met: null };
  }
  return { text: brief, detail: `greatest of ${total}`, value, met: null };
}

/** Each target that is not reached, in a sentence: `User growth 11.1%, target ≥ 15%`. */
export function behindSentence(metric: MetricStatus, title: string): string | null {
  const { target } = metric;
  const worst = worstSample(metric);
  if (target === null || worst === null) return null;
  const behind = behindTarget(metric).length;
  if (behind === 0) return null;
  const limit = `target ${targetSign(metric)} ${formatMetricBrief(target.value, metric)}`;
  const value = formatMetricBrief(worst.value, metric, target.value);
  if (metric.labels.length === 0) return `${title} ${value}, ${limit}`;
  const of = `${behind.toLocaleString('en-US')} of ${metric.samples.length.toLocaleString('en-US')} behind`;
  return `${title}: ${of}, ${limit}, worst ${value} (${nameOf(worst, metric)})`;
}

export function targetSign({ target }: MetricStatus): string {
  return target?.direction === 'at_least' ? '≥' : '≤';
}

/** The sample that a person should see first: the lowest where higher is better, else the greatest. */
export function worstSample({ samples, target }: MetricStatus): SampleStatus | null {
  const isWorse = (one: number, other: number): boolean =>
    target?.direction === 'at_least' ? one < other : one > other;
  return samples.reduce<SampleStatus | null>(
    (worst, sample) => (worst === null || isWorse(sample.value, worst.value) ? sample : worst),
    null,
  );
}

function behindTarget({ samples, target }: MetricStatus): readonly SampleStatus[] {
  return target === null ? [] : samples.filter(({ value }) => !isTargetMet(value, target));
}

/** A series by the first of its labels that is no id. */
function nameOf({ labels }: SampleStatus, metric: MetricStatus): string {
  const label = metric.labels.find((one) => !one.endsWith('_id')) ?? metric.labels[0] ?? '';
  return visibleText(labels[label] ?? '', 60);
}
