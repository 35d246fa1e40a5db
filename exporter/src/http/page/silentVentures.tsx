import type { VNode } from 'preact';
import type { MetricStatus } from './statusModel.js';

/** `1 of 8 ventures has not reported`: how much of the portfolio the numbers beside it are about. Nothing where all have. */
export function SilentVentures({ metrics }: { metrics: readonly MetricStatus[] }): VNode | null {
  const valueOf = (name: string) => metrics.find((metric) => metric.name === name)?.samples[0]?.value;
  const silent = valueOf('portfolio_ventures_missing_metrics') ?? 0;
  const active = valueOf('portfolio_active_ventures');
  if (silent === 0 || active === undefined) return null;
  return (
    <p class="wait">
      {silent.toLocaleString('en-US')} of {active.toLocaleString('en-US')} {active === 1 ? 'venture' : 'ventures'}{' '}
      {silent === 1 ? 'has' : 'have'} not reported: in no comparison over time, and not in the sums.
    </p>
  );
}
