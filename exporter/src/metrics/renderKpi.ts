import { Gauge, Registry } from 'prom-client';
import type { KpiUnit, Sample } from '../kpi/unit/unit.js';

/**
 * A KPI's samples in Prometheus text format 0.0.4, metric families in the order of its YAML. A metric without a sample
 * does not appear at all: an untouched gauge would read as 0.
 */
export async function renderKpi(unit: KpiUnit, samples: readonly Sample[]): Promise<string> {
  // A registry of its own for each rendering: the new text is complete before it replaces the old one.
  const registry = new Registry();
  for (const { name, help } of unit.metrics) {
    const values = samples.filter((sample) => sample.metric === name).map(({ labels, value }) => ({ labels, value }));
    if (values.length === 0) continue;
    const gauge = new Gauge({ name, help, registers: [registry] });
    // Not through set(): the library tells series apart by a text in which commas and colons of label values collide.
    const read = gauge.get.bind(gauge);
    gauge.get = async () => ({ ...(await read()), values });
  }
  return registry.getMetricsAsArray().length === 0 ? '' : registry.metrics();
}
