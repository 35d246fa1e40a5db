import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import type { SelfMetrics } from '../../src/metrics/selfMetrics.js';
import { kpiUnit } from './kpiUnit.js';

/** One sample of everything that the exporter says about itself. */
export function fillSelfMetrics(self: SelfMetrics): void {
  const kpi = 'sample';
  self.setUnits([kpiUnit({ name: kpi })]);
  self.setThresholds(DEFAULT_THRESHOLDS);
  self.setDatabaseUp(true);
  self.setReload(true, new Date('2026-03-31T12:00:00Z'));
  for (const gauge of [self.lastSuccess, self.lastAttempt, self.dataTimestamp, self.series]) gauge.set({ kpi }, 1);
  self.duration.observe({ kpi }, 0.02);
  self.queueDuration.observe({ kpi }, 0.02);
  self.historyWrites.inc({ kpi, result: 'success' });
}
