import type { ChangeListener } from '../database/changeListener.js';
import type { DatabaseState } from '../database/databaseMonitor.js';
import type { Readiness } from '../server/commonRoutes.js';
import type { KpiUnit } from '../kpi/unit/unit.js';
import type { KpiState } from '../metrics/collector.js';

export const CHANGES_NOT_HEARD = 'changes of tables are not heard, KPIs run on schedule only';

/**
 * Ready: the database answers, its schema is this version's, every KPI has been tried once since the start with an answer of
 * the database, and at least one succeeded. A KPI that fails is told and changes nothing: whoever takes an exporter out of
 * service for it takes the others' numbers away as well. Neither do changes that are not heard.
 */
export function readiness(
  database: DatabaseState,
  units: readonly KpiUnit[],
  state: (kpi: string) => KpiState,
  notHeard: ReturnType<ChangeListener['trouble']>,
): Readiness {
  const reasons: string[] = [];
  if (database.up === null) reasons.push('database: not asked yet');
  else if (!database.up) reasons.push(`database: ${database.reason ?? 'down'}`);
  else if (database.schemaProblem !== null) reasons.push(`schema: ${database.schemaProblem}`);
  const kpis = units.map((unit) => ({ kpi: unit.name, state: state(unit.name) }));
  const outstanding = kpis.filter((one) => !one.state.answered).map(({ kpi }) => kpi);
  if (outstanding.length > 0) reasons.push(`first collection outstanding: ${outstanding.join(', ')}`);
  const failing = kpis.flatMap(({ kpi, state: { lastError, failing } }) =>
    failing && lastError !== null ? [{ kpi, result: lastError.result, reason: lastError.message }] : [],
  );
  if (outstanding.length === 0 && kpis.length > 0 && kpis.every((one) => one.state.lastSuccess === null)) {
    reasons.push('no KPI has succeeded yet');
  }
  // While the database is down there is nothing to hear.
  const notes = notHeard !== null && database.up === true ? [`${CHANGES_NOT_HEARD}: ${notHeard.reason}`] : [];
  return { ready: reasons.length === 0, reasons, failing, notes };
}
