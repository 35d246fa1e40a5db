import { LATE_ALERTS } from './kpiReaders.js';
import type { KpiStatus } from './statusModel.js';

/** The alert that says that a KPI is late. */
export function lateAlert({ name }: KpiStatus): string {
  return LATE_ALERTS[name] ?? 'PortfolioKpiDataStale';
}
