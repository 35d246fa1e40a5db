import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import type { TextSample } from '../support/metricsText.js';

/** The figures in the sentence of each page, in the order in which they are written. */
type Figures = Readonly<Record<string, readonly string[]>>;

const percent = (ratio: number): string => String(Math.round(1000 * ratio) / 10);
const dollars = (value: number): string => Math.round(value).toLocaleString('en-US');

/** @param answers the labels `page` and `sentence` of each series */
export function figuresOf(answers: readonly Readonly<Record<string, string>>[]): Figures {
  return Object.fromEntries(
    answers.map(({ page = '', sentence = '' }) => [page, sentence.match(/\d[\d,.]*\d|\d|\bno(?=ne|\b)/g) ?? []]),
  );
}

/** The same of /metrics; a count of none is the word. */
export function figuresOfMetrics(
  metric: (name: string) => number,
  every: (name: string) => readonly TextSample[],
): Figures {
  const limits = DEFAULT_THRESHOLDS;
  const count = (name: string, isCounted: (value: number) => boolean): string =>
    String(every(name).filter(({ value }) => isCounted(value)).length).replace(/^0$/, 'no');
  const over = limits.conflict_over_allocation_threshold + limits.over_allocation_tolerance + 1e-6;
  const late = count('portfolio_milestone_overdue_seconds', (value) => value > limits.delayed_milestone_alert);
  const stalled = count('portfolio_initiative_idle_seconds', (value) => value >= limits.stalled_initiative_threshold);
  return {
    'portfolio-performance': [
      percent(metric('portfolio_revenue_improvement_ratio')),
      percent(limits.portfolio_revenue_improvement_target),
    ],
    'synergy-value': [
      dollars(metric('portfolio_synergy_value_per_venture_pair_dollars')),
      '365',
      dollars(limits.synergy_value_per_venture_pair_target),
    ],
    'resource-efficiency': [
      percent(metric('portfolio_resource_utilization_ratio')),
      percent(limits.resource_utilization_target),
      count('portfolio_resource_allocation_ratio', (value) => value > over),
    ],
    'initiative-tracking': [String(metric('portfolio_initiatives_active')), late, stalled],
  };
}
