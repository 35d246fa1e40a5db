import type { VNode } from 'preact';
import { metricTitle } from './metricTitle.js';
import { MetricCell } from './metricValue.js';
import type { KpiStatus } from './statusModel.js';
import { visibleText } from './visibleText.js';

/** All metrics without labels, with their help. */
export function ValueList({ kpi }: { kpi: KpiStatus }): VNode | null {
  const plain = kpi.metrics.filter((metric) => metric.labels.length === 0);
  if (plain.length === 0) return null;
  return (
    <details>
      <summary>{plain.length === 1 ? 'The value explained' : `All ${plain.length} values explained`}</summary>
      <dl class="values">
        {plain.map((metric) => (
          <div key={metric.name}>
            <dt>{metricTitle(metric.name, metric.unit)}</dt>
            <dd class="num">
              <MetricCell metric={metric} value={metric.samples[0]?.value ?? null} />
            </dd>
            <dd class="help">
              {visibleText(metric.help, 400)} <code>{metric.name}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
