import { Gauge, Registry } from 'prom-client';
import type { KpiUnit, Sample } from '../kpi/unit.js';

/**
 * A KPI's samples in Prometheus text format 0.0.4, metric families in the order of its YAML. A metric without a sample
 * does not appear at all: an untouched gauge would read as 0.
 */
export async function renderKpi(unit: KpiUnit, samples: readonly Sample[]): Promise<string> {
  // A registry of its own for each rendering: the new text is complete before it replaces the old one.
  const registry = new Registry();
  const gauges = new Map<string, Gauge>();
  for (const metric of unit.metrics) {
    if (!samples.some((sample) => sample.metric === metric.name)) continue;
    gauges.set(
      metric.name,
      new Gauge({ name: metric.name, help: metric.help, labelNames: [...metric.labels], registers: [registry] }),
    );
  }
  for (const sample of samples) gauges.get(sample.metric)?.set(sample.labels, sample.value);
  return gauges.size === 0 ? '' : registry.metrics();
}
