import type { KpiSettings } from '../kpi/unit/kpiInput.js';
import type { ActionsConfiguration } from './actionsConfiguration.js';

/** What KPIs are computed with. */
export function kpiSettings({ exporter, thresholds }: ActionsConfiguration): KpiSettings {
  return { timeZone: exporter.timeZone, carryForwardDays: exporter.carryForwardDays, thresholds };
}
