import type { DatabaseState } from '../database/databaseMonitor.js';
import type { KpiUnit } from '../kpi/unit.js';
import type { KpiState } from '../metrics/collector.js';

/**
 * Ready: the database answers and every KPI has been tried once since the start with an answer of the database. A KPI
 * whose query is wrong does not keep the others from being served; it shows on `/` and in the counters.
 */
export function readiness(
  database: DatabaseState,
  units: readonly KpiUnit[],
  state: (kpi: string) => KpiState,
): { ready: boolean; reasons: string[] } {
  const reasons: string[] = [];
  if (database.up === null) reasons.push('database: not asked yet');
  else if (!database.up) reasons.push(`database: ${database.reason ?? 'down'}`);
  const outstanding = units.map((unit) => unit.name).filter((kpi) => !wasCollected(state(kpi)));
  if (outstanding.length > 0) reasons.push(`first collection outstanding: ${outstanding.join(', ')}`);
  return { ready: reasons.length === 0, reasons };
}

function wasCollected(state: KpiState): boolean {
  if (state.lastSuccess !== null) return true;
  return state.lastAttempt !== null && state.lastError?.result !== 'database_unavailable';
}
