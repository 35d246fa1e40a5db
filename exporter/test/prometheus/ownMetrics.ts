import { createSelfMetrics } from '../../src/metrics/selfMetrics.js';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { kpiUnit } from '../support/kpiUnit.js';
import { parseMetrics } from '../support/metricsText.js';

/** The names of the exporter's own samples, `_bucket`, `_sum` and `_count` of histograms too, after one value of each. */
export async function ownMetrics(): Promise<string[]> {
  const self = createSelfMetrics({ version: '1.2.3', nodeVersion: 'v20.19.0' });
  const kpi = 'sample';
  self.setUnits([kpiUnit({ name: kpi })]);
  self.setThresholds(DEFAULT_THRESHOLDS);
  self.setDatabaseUp(true);
  self.setReload(true, new Date('2026-03-31T12:00:00Z'));
  for (const gauge of [self.lastSuccess, self.lastAttempt, self.dataTimestamp, self.series]) gauge.set({ kpi }, 1);
  self.duration.observe({ kpi }, 0.02);
  self.historyWrites.inc({ kpi, result: 'success' });
  return [...new Set(parseMetrics(await self.registry.metrics()).map(({ metric }) => metric))];
}
