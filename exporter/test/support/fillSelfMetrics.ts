import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import type { SelfMetrics } from '../../src/metrics/selfMetrics.js';
import { kpiUnit } from './kpiUnit.js';

/** One sample of everything that the exporter says about itself and about these KPIs. */
export function fillSelfMetrics(self: SelfMetrics, kpis: readonly string[] = ['sample']): void {
  self.setUnits(kpis.map((name) => kpiUnit({ name })));
  self.setThresholds(DEFAULT_THRESHOLDS);
  self.setDatabaseUp(true);
  self.setReload(true, new Date('2026-03-31T12:00:00Z'));
  self.setConfigRecorded(true);
  self.setDatabaseStandby(false);
  self.setReplayLag({ standby: true, seconds: 1 });
  for (const kpi of kpis) {
    const { lastSuccess, lastAttempt, dataTimestamp, series, historyPending, historyLastSuccess } = self;
    for (const gauge of [lastSuccess, lastAttempt, dataTimestamp, series, historyPending, historyLastSuccess]) {
      gauge.set({ kpi }, 1);
    }
    self.duration.observe({ kpi }, 0.02);
    self.queueDuration.observe({ kpi }, 0.02);
    for (const result of ['success', 'error']) self.historyWrites.inc({ kpi, result });
  }
}
